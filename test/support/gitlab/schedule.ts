import type { AllowFailure, Job } from './job.ts';

/** `created` is left over where a job waits behind a manual one that nobody plays. */
export type JobStatus = 'created' | 'success' | 'failed' | 'skipped' | 'manual' | 'not-created';

export interface Progress {
  readonly job: Job;
  readonly when: string;
  readonly allowFailure: AllowFailure;
  readonly status: JobStatus;
  readonly exitCode: number | undefined;
}

type Composite = 'success' | 'failed' | 'skipped' | 'waiting';

/**
 * What becomes of a job that is still `created`: it runs, is skipped, or must wait. With `needs` only the needed jobs
 * count, else all jobs of earlier stages. Source: app/services/ci/process_build_service.rb and
 * lib/gitlab/ci/status/composite.rb.
 */
export function nextStep(
  progress: Progress,
  all: readonly Progress[],
  stages: readonly string[],
): 'run' | 'skip' | 'wait' {
  const { job, when } = progress;
  const isDag = job.needs !== undefined;
  const status = composite(predecessors(job, all, stages), isDag);
  if (status === 'waiting') return 'wait';
  return accepted(when, isDag).includes(status) ? 'run' : 'skip';
}

/** A pipeline's status, once nothing can run any more. */
export function pipelineStatus(all: readonly Progress[]): 'success' | 'failed' | 'skipped' | 'manual' {
  const status = composite(all, false);
  return status === 'waiting' ? 'manual' : status;
}

/** The jobs a job waits for, as far as they are in the pipeline. */
export function predecessors(job: Job, all: readonly Progress[], stages: readonly string[]): Progress[] {
  const { needs } = job;
  if (needs !== undefined) return all.filter((other) => needs.some((need) => need.job === other.job.name));
  const position = stages.indexOf(job.stage);
  return all.filter((other) => stages.indexOf(other.job.stage) < position);
}

function accepted(when: string, isDag: boolean): readonly Composite[] {
  if (when === 'on_failure') return ['failed'];
  if (when === 'always') return ['success', 'failed', 'skipped'];
  return isDag ? ['success'] : ['success', 'skipped'];
}

type Kind = JobStatus | 'warning' | 'ignored';

function composite(all: readonly Progress[], isDag: boolean): Composite {
  const kinds = new Set(all.map(kind));
  const only = (...names: Kind[]): boolean => [...kinds].every((name) => names.includes(name));
  if (kinds.size === 0) return 'success';
  if (isDag && (kinds.has('skipped') || kinds.has('ignored'))) return 'skipped';
  if (only('skipped', 'ignored')) return 'skipped';
  if (only('success', 'skipped', 'warning', 'ignored')) return 'success';
  return kinds.has('manual') || kinds.has('created') ? 'waiting' : 'failed';
}

function kind({ status, allowFailure, exitCode }: Progress): Kind {
  if (status === 'manual') return allowFailure === true ? 'ignored' : 'manual';
  if (status !== 'failed') return status;
  const isAllowed = Array.isArray(allowFailure) ? allowFailure.includes(exitCode) : allowFailure === true;
  return isAllowed ? 'warning' : 'failed';
}
