import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPipeline } from './check.ts';
import { readConfiguration } from './configuration.ts';
import { isRefusal } from './finding.ts';
import type { Variable } from './job.ts';
import type { JobRun, PipelineOptions, PipelineRun } from './pipeline-run.ts';
import { plan } from './plan.ts';
import { runJob } from './run-job.ts';
import type { Runner } from './run-job.ts';
import { nextStep, pipelineStatus } from './schedule.ts';
import type { JobStatus, Progress } from './schedule.ts';

/**
 * Runs a pipeline's jobs one after another on this machine, in an order GitLab could have chosen. Throws where GitLab
 * would create no pipeline, and where the file uses what isn't modelled here (`include`, `only`,
 * `parallel`, `rules: changes`, triggers).
 */
export async function runPipeline(options: PipelineOptions): Promise<PipelineRun> {
  const { configuration } = readConfiguration(options.yaml);
  const refusals = checkPipeline(options.yaml).filter(isRefusal);
  if (configuration === undefined || refusals.length > 0) {
    throw new Error(`GitLab refuses the pipeline:\n${refusals.map(({ message }) => message).join('\n')}`);
  }
  const planned = plan({
    configuration,
    predefined: asVariables(options.predefined),
    given: asVariables(options.variables),
  });
  const root = await mkdtemp(join(tmpdir(), 'pipeline-'));
  try {
    const progress = new Map(planned.progress);
    const runner: Runner = { root, options, configuration, planned, progress, stored: new Map() };
    return await runAll(runner, new Set(options.played));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function asVariables(record: Readonly<Record<string, string | Variable>> = {}): Map<string, Variable> {
  const entries = Object.entries(record).map(([name, value]): [string, Variable] => [
    name,
    typeof value === 'string' ? { value, expand: true } : value,
  ]);
  return new Map(entries);
}

async function runAll(runner: Runner, played: ReadonlySet<string>): Promise<PipelineRun> {
  const runs = new Map<string, JobRun>();
  for (;;) {
    const next = nextOf(runner);
    if (next === undefined) break;
    const { name } = next.progress.job;
    if (next.step === 'skip') settle(runner, name, 'skipped');
    else if (next.progress.when === 'manual' && !played.has(name)) settle(runner, name, 'manual');
    else {
      const run = await runJob(runner, next.progress, runs.size);
      runs.set(name, run);
      settle(runner, name, run.status, run.exitCode);
    }
  }
  const others = [...runner.configuration.jobs.keys()]
    .filter((name) => !runs.has(name))
    .map((name) => idle(runner, name));
  return { status: pipelineStatus([...runner.progress.values()]), jobs: [...runs.values(), ...others] };
}

interface Next {
  readonly progress: Progress;
  readonly step: 'run' | 'skip';
}

function nextOf({ progress, configuration }: Runner): Next | undefined {
  const all = [...progress.values()];
  for (const each of all.filter(({ status }) => status === 'created')) {
    const step = nextStep(each, all, configuration.stages);
    if (step !== 'wait') return { progress: each, step };
  }
  return undefined;
}

function settle(runner: Runner, name: string, status: JobStatus, exitCode?: number): void {
  const progress = runner.progress.get(name);
  if (progress !== undefined) runner.progress.set(name, { ...progress, status, exitCode });
}

function idle(runner: Runner, name: string): JobRun {
  const status = runner.progress.get(name)?.status ?? 'not-created';
  return { ...neverRun, name, status };
}

const neverRun: Omit<JobRun, 'name' | 'status'> = {
  exitCode: undefined,
  log: '',
  executions: [],
  variables: {},
  artifacts: {},
  dotenv: {},
  attempts: 0,
  order: undefined,
};
