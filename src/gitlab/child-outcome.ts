import { builtByJob, imageOfStep, NO_OP_JOB, publishedByJob, WAVE_FILES_JOB } from '../pipeline/job-names.ts';
import type { Job } from './schemas.ts';

/** What became of the images that a child pipeline had to build. */
export type ChildOutcome =
  | { kind: 'built'; images: number }
  /** `job` is how far the first job got that did not succeed. */
  | { kind: 'not-built'; job: Pick<Job, 'name' | 'status'> }
  /** Starts other pipelines of ours, which build. */
  | { kind: 'waves' }
  /** Not a pipeline that `affected generate` wrote. */
  | { kind: 'foreign' };

/**
 * Tells a child pipeline of ours by its jobs, and whether it built all it planned: each build succeeded in its last run,
 * and each job that moves tags. Neither failures that are allowed nor the images' other jobs count, unlike in the status of
 * the pipeline.
 *
 * Ours has one job that says there is nothing to do or brings files for others (GitLab lists jobs that start pipelines
 * apart), or each of its jobs belongs to an image that it builds or publishes.
 */
export function childOutcome(jobs: readonly Job[]): ChildOutcome {
  const lastRuns = new Map(jobs.toSorted((a, b) => a.id - b.id).map((job) => [job.name, job]));
  const names = [...lastRuns.keys()];
  if (names.length === 1 && names[0] === NO_OP_JOB) return { kind: 'built', images: 0 };
  if (names.length === 1 && names[0] === WAVE_FILES_JOB) return { kind: 'waves' };
  const images = new Set(names.flatMap((name) => imageOfStep(name) ?? []));
  const isOurs = names.every((name) => [...images].some((image) => name.startsWith(`${image}:`)));
  if (images.size === 0 || !isOurs) return { kind: 'foreign' };
  const counting = [...lastRuns.values()].filter(
    ({ name }) => (builtByJob(name) ?? publishedByJob(name)) !== undefined,
  );
  const job = counting.find(({ status }) => status !== 'success');
  return job ? { kind: 'not-built', job } : { kind: 'built', images: images.size };
}
