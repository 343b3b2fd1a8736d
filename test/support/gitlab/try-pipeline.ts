import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { JobRun, PipelineOptions, PipelineRun } from './pipeline-run.ts';
import { runPipeline } from './run.ts';

/** Runs a pipeline in a small project of one Dockerfile, removed when the running test ends. */
export async function tryPipeline(
  yaml: string,
  options: Partial<PipelineOptions> = {},
): Promise<PipelineRun> {
  const projectDir = await mkdtemp(join(tmpdir(), 'project-'));
  onTestFinished(() => rm(projectDir, { recursive: true, force: true }));
  await mkdir(join(projectDir, 'docker'));
  await writeFile(join(projectDir, 'docker', 'Dockerfile'), 'FROM scratch\n');
  return await runPipeline({ yaml, projectDir, ...options });
}

/** The run of one job, by default of the one named `job`. */
export function jobOf({ jobs }: PipelineRun, name = 'job'): JobRun {
  const found = jobs.find((job) => job.name === name);
  if (found === undefined) throw new Error(`no job ${name}`);
  return found;
}

/** What a job printed, without the commands the runner echoes. */
export function output(pipeline: PipelineRun, name?: string): string[] {
  return jobOf(pipeline, name)
    .log.split('\n')
    .filter((line) => line !== '' && !line.startsWith('$ '));
}

/** Each job's name and status, in the order of the run. */
export function statuses({ jobs }: PipelineRun): string[] {
  return jobs.map(({ name, status }) => `${name} ${status}`);
}

/** All that a pipeline printed, in the order of the run. */
export function logs({ jobs }: PipelineRun): string {
  return jobs.map(({ log }) => log).join('');
}
