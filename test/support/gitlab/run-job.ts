import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readStored, sourcesOf, storeArtifacts } from './artifacts.ts';
import type { Stored } from './artifacts.ts';
import type { Configuration } from './configuration.ts';
import { createMachine, readExecutions, translate } from './executables.ts';
import type { Machine } from './executables.ts';
import type { Variable } from './job.ts';
import type { Container, JobRun, PipelineOptions } from './pipeline-run.ts';
import { layered } from './plan.ts';
import type { PlannedPipeline } from './plan.ts';
import type { Progress } from './schedule.ts';
import { runShell } from './shell.ts';
import { expandVariables } from './variables.ts';
import type { Variables } from './variables.ts';
import { copyFiles, createWorkspace } from './workspace.ts';

/** A pipeline under way. */
export interface Runner {
  readonly root: string;
  readonly options: PipelineOptions;
  readonly configuration: Configuration;
  readonly planned: PlannedPipeline;
  readonly progress: Map<string, Progress>;
  readonly stored: Map<string, Stored>;
}

/** Runs one job, again after a failure where it asks for that, and keeps what it hands on. */
export async function runJob(runner: Runner, progress: Progress, order: number): Promise<JobRun> {
  const { job } = progress;
  for (let attempts = 1; ; attempts++) {
    const directory = join(runner.root, `${order}-${attempts}`);
    const attempt = await runOnce({ runner, progress, directory });
    if (attempt.exitCode === 0 || attempts > job.retries) {
      const status = attempt.exitCode === 0 ? 'success' : 'failed';
      return { name: job.name, status, ...attempt, attempts, order };
    }
  }
}

interface Attempt {
  readonly runner: Runner;
  readonly progress: Progress;
  readonly directory: string;
}

type Outcome = Pick<JobRun, 'exitCode' | 'log' | 'executions' | 'variables' | 'artifacts' | 'dotenv'>;

async function runOnce({ runner, progress, directory }: Attempt): Promise<Outcome> {
  const { job } = progress;
  const { executables = {}, pathMap = {}, shell = ['sh'], container: start } = runner.options;
  const machine = await createMachine({ root: directory, executables, pathMap });
  const project = join(directory, 'project');
  const container: Container = (await start?.({ image: job.image, directory, project })) ?? {
    shell,
    projectDir: project,
  };
  const sources = sourcesOf({
    job,
    progress: [...runner.progress.values()],
    stages: runner.configuration.stages,
    stored: runner.stored,
  });
  const variables = jobVariables({ runner, name: job.name, container, sources });
  const shown = expandVariables(variables);
  await createWorkspace({
    directory: project,
    projectDir: runner.options.projectDir,
    strategy: shown.get('GIT_STRATEGY') ?? 'fetch',
  });
  for (const source of sources) await copyFiles({ files: source.files, from: source.directory, to: project });
  const log = join(directory, 'log');
  const context: Context = { container, machine, log };
  const scriptCode = await runScript(context, [...job.beforeScript, ...job.script], shown);
  if (job.afterScript.length > 0) {
    const status = scriptCode === 0 ? 'success' : 'failed';
    await runScript(context, job.afterScript, new Map([...shown, ['CI_JOB_STATUS', status]]));
  }
  const { stored, problem } = await storeArtifacts({ job, project, variables, succeeded: scriptCode === 0 });
  runner.stored.set(job.name, stored);
  if (problem !== undefined) await appendFile(log, `ERROR: ${problem}\n`);
  return {
    exitCode: scriptCode === 0 && problem !== undefined ? 1 : scriptCode,
    log: translate(machine, await readFile(log, 'utf8'), 'toPaths'),
    executions: await readExecutions(machine),
    variables: Object.fromEntries(shown),
    artifacts: await readStored(stored),
    dotenv: Object.fromEntries(stored.dotenv),
  };
}

interface Context {
  readonly container: Container;
  readonly machine: Machine;
  readonly log: string;
}

async function runScript(
  { container, machine, log }: Context,
  commands: readonly string[],
  variables: ReadonlyMap<string, string>,
): Promise<number> {
  const mapped = [...variables].map(([name, value]): [string, string] => [
    name,
    translate(machine, value, 'toFolders'),
  ]);
  return await runShell({
    shell: container.shell,
    commands: commands.map((command) => translate(machine, command, 'toFolders')),
    variables: new Map(mapped),
    directory: container.projectDir,
    path: `${machine.bin}:${process.env['PATH'] ?? ''}`,
    home: machine.home,
    log,
  });
}

interface VariableSources {
  readonly runner: Runner;
  readonly name: string;
  readonly container: Container;
  readonly sources: readonly Stored[];
}

function jobVariables({ runner, name, container, sources }: VariableSources): Variables {
  const layers = runner.planned.variables.get(name);
  const dotenv = sources.map(
    (source) => new Map([...source.dotenv].map(([key, value]) => [key, expandable(value)])),
  );
  const fixed = new Map([['CI_PROJECT_DIR', expandable(container.projectDir)]]);
  return layered(layers?.written ?? new Map(), ...dotenv, layers?.given ?? new Map(), fixed);
}

function expandable(value: string): Variable {
  return { value, expand: true };
}
