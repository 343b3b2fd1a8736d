import { type Barrier, publishBarriers } from './barriers.ts';
import type { ImageJobs } from './image-jobs.ts';
import { builtByJob, publishedByJob } from './job-names.ts';
import type { PipelinePlan } from './plan.ts';
import type { StepJob } from './step-jobs.ts';

/** What a job waits for, in GitLab's words; without `needs` for all of the stages before it. */
export type Waits = { needs: readonly string[] } | { dependencies: readonly string[] };

/**
 * What a generated job waits for. The images of a release wait for all there is to verify before any tag is moved: they
 * take from it what their own build handed on.
 *
 * @param options.own the image's own jobs, which are waited for too.
 */
export function publishNeeds(
  job: StepJob,
  { plan, own }: { plan: PipelinePlan; own: ImageJobs | undefined },
): { job: StepJob; waits: Waits; barriers: readonly Barrier[] } {
  if (job.step !== 'publish') return { job, waits: { needs: job.needs }, barriers: [] };
  const isBase = (need: string) => publishedByJob(need) !== undefined;
  const ownNeeds = job.needs.filter((need) => !isBase(need));
  if (plan.together) {
    const dependencies = ownNeeds.filter((need) => builtByJob(need) !== undefined);
    return { job, waits: { dependencies }, barriers: [] };
  }
  const { needs, barriers } = publishBarriers({
    image: job.image.name,
    needs: job.needs.filter(isBase),
    own: ownNeeds.length + (own?.jobs.length ?? 0),
    limits: plan.limits,
    taken: new Set(own?.jobs.map(({ name }) => name)),
  });
  return { job, waits: { needs: [...ownNeeds, ...needs] }, barriers };
}
