import type { GitLab } from './api.ts';
import type { Answer } from '../http/answer.ts';
import { childOutcome } from './child-outcome.ts';
import type { TriggerJob } from './schemas.ts';

/** Whether a pipeline built what it planned: with how many images, or why it does not count. */
export type PipelineOutcome = { built: true; images: number } | { built: false; why: string };

/** Asks for the child pipelines of ours that a branch's pipeline started, or these did: all must have built what they planned. */
export async function pipelineOutcome(options: {
  api: GitLab;
  projectId: string | number;
  pipeline: number;
}): Promise<Answer<PipelineOutcome>> {
  const { api, projectId } = options;
  const triggers = await api.triggerJobs(options);
  if (!triggers.ok) return triggers.status === 404 ? notBuilt('it is gone') : triggers;
  // A tag may have the branch's name, and its pipeline publishes under other tags.
  if (triggers.value.some(({ tag }) => tag)) return notBuilt('it is of a tag');
  const idle = triggers.value.find((trigger) => isIdle(trigger));
  if (idle) return notBuilt(`its job ${idle.name} is ${idle.status}`);
  let images: number | undefined;
  for (const { downstream_pipeline: child } of triggers.value) {
    // A child pipeline that a file describes belongs to the project of its parent.
    if (!child || (child.project_id ?? projectId).toString() !== projectId.toString()) continue;
    const jobs = await api.jobs({ projectId, pipeline: child.id });
    if (!jobs.ok) return jobs.status === 404 ? notBuilt(`its child ${child.id} is gone`) : jobs;
    // GitLab could not read what was to be built; a success without jobs only starts other pipelines.
    if (jobs.value.length === 0 && child.status !== 'success')
      return notBuilt(`its child ${child.id} has no jobs`);
    const outcome = childOutcome(jobs.value);
    if (outcome.kind === 'not-built') return notBuilt(`${outcome.job.name} is ${outcome.job.status}`);
    if (outcome.kind === 'built') images = (images ?? 0) + outcome.images;
    if (outcome.kind === 'waves') {
      const waves = await pipelineOutcome({ api, projectId, pipeline: child.id });
      if (!waves.ok || !waves.value.built) return waves;
      images = (images ?? 0) + waves.value.images;
    }
  }
  return images === undefined
    ? notBuilt('it builds no images')
    : { ok: true, value: { built: true, images } };
}

/**
 * A job that should have started a pipeline and has not, perhaps one of ours. One that waits for a person was not
 * to start any by itself: what it would build is no part of the plan.
 */
function isIdle({ downstream_pipeline: child, status }: TriggerJob): boolean {
  return !child && status !== 'manual';
}

function notBuilt(why: string): Answer<PipelineOutcome> {
  return { ok: true, value: { built: false, why } };
}
