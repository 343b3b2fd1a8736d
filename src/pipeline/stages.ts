import { AffectedError } from '../errors.ts';
import { type CiMap, type CiValue, isCiMap } from './ci-yaml.ts';
import { needName } from './image-jobs.ts';
import { buildJobName } from './job-names.ts';
import { inheritedValue } from './merge.ts';
import type { Templates } from './templates.ts';

/** GitLab runs these first and last, whatever `stages` says, and they need not be listed. */
export const EDGE_STAGES = ['.pre', '.post'];

/** A job with its place. */
interface StagedJob {
  name: string;
  definition: CiMap;
  stage: string;
  /** The image whose job it is. */
  image: string;
  /** Waits for the image's jobs of earlier stages, because it has no `needs` of its own. */
  ordered: boolean;
}

/** GitLab's default is `test`. */
export function stageOf(job: CiMap, templates: Templates): string {
  const stage = inheritedValue(job, 'stage', templates);
  return typeof stage === 'string' ? stage : 'test';
}

/** `build`, `test`, then what the images' jobs name in the order they name it. */
export function orderStages(used: readonly string[]): readonly string[] {
  const ordered = new Set(['.pre', 'build', 'test', ...used.filter((stage) => stage !== '.post'), '.post']);
  return [...ordered].filter((stage) => used.includes(stage));
}

/** @throws AffectedError `stage-order` for a need of a job in a later stage. */
export function checkStageOrder(
  jobs: readonly { name: string; definition: CiMap; stage: string }[],
  stages: readonly string[],
): void {
  const position = new Map(jobs.map(({ name, stage }) => [name, stages.indexOf(stage)]));
  for (const { name, definition } of jobs) {
    for (const need of Array.isArray(definition['needs']) ? (definition['needs'] as CiValue[]) : []) {
      const needed = String(isCiMap(need) ? need['job'] : need);
      if ((position.get(needed) ?? 0) <= (position.get(name) ?? 0)) continue;
      throw new AffectedError(
        'stage-order',
        `The job "${name}" needs "${needed}", which stands in a later stage; put both in one stage`,
      );
    }
  }
}

/**
 * As GitLab's stages would have it: after the image's jobs of earlier stages, but for those a person starts.
 *
 * @param jobs the jobs of the same image.
 */
export function inStageOrder<Job extends StagedJob>(
  job: Job,
  jobs: readonly Job[],
  stages: readonly string[],
): Job {
  if (!job.ordered) return job;
  const position = stages.indexOf(job.stage);
  const earlier = jobs.filter(
    ({ image, name, stage, definition }) =>
      name !== buildJobName(image) &&
      stages.indexOf(stage) < position &&
      !JSON.stringify(definition['rules'] ?? []).includes('"manual"'),
  );
  const needs = Array.isArray(job.definition['needs']) ? (job.definition['needs'] as readonly CiValue[]) : [];
  const known = new Set(needs.map(needName));
  const added = earlier
    .filter(({ name }) => !known.has(name))
    .map(({ name, definition }) => (isUnconditional(definition) ? name : { job: name, optional: true }));
  return added.length === 0
    ? job
    : { ...job, definition: { ...job.definition, needs: [...needs, ...added] } };
}

function isUnconditional(definition: CiMap): boolean {
  return JSON.stringify(definition['rules']) === JSON.stringify([{ when: 'on_success' }]);
}
