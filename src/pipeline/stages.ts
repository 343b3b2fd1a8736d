import { AffectedError } from '../errors.ts';
import { type CiMap, CiPlain, type CiValue, isCiMap } from './ci-yaml.ts';
import { needName } from './own-needs.ts';
import type { Step } from './job-names.ts';
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
  /** Which of the generated jobs it is; `undefined` for one of the image's own. */
  step?: Step;
  /** Waits for the image's jobs of earlier stages, because it has no `needs` of its own. */
  ordered: boolean;
}

/** GitLab's default is `test`. */
export function stageOf(job: CiMap, templates: Templates): string {
  const stage = inheritedValue(job, 'stage', templates);
  return typeof stage === 'string' ? stage : 'test';
}

/**
 * Building and verifying, `test`, then what the images' jobs name in the order they name it; then publishing, `deploy`, and
 * the stages of jobs that wait for a publication.
 */
export function orderStages(
  jobs: readonly Pick<StagedJob, 'name' | 'definition' | 'stage' | 'step'>[],
): readonly string[] {
  const used = new Set(jobs.map(({ stage }) => stage));
  const waiting = waitingForTags(jobs);
  const verifying = new Set(
    jobs.filter(({ name, step }) => step === undefined && !waiting.has(name)).map(({ stage }) => stage),
  );
  // A stage in which anything verifies an image stays before the tags, or that would come too late.
  const later = [...waiting].map((name) => jobs.find((job) => job.name === name)?.stage ?? '');
  const behind = later.filter((stage) => !verifying.has(stage));
  const last = ['sign', 'publish', 'deploy', ...behind, '.post'];
  const own = [...used].filter((stage) => !last.includes(stage));
  return [...new Set(['.pre', 'build', 'verify', 'test', ...own, ...last])].filter((stage) =>
    used.has(stage),
  );
}

/** A job that waits for a publication, and says of no stage that it is its own, comes in that of the publication. */
export function publicationStages<Job extends Pick<StagedJob, 'name' | 'definition' | 'stage' | 'step'>>(
  jobs: readonly Job[],
  templates: Templates,
): readonly Job[] {
  const waiting = waitingForTags(jobs);
  return jobs.map((job) =>
    waiting.has(job.name) && inheritedValue(job.definition, 'stage', templates) === undefined
      ? { ...job, stage: 'publish', definition: { ...job.definition, stage: 'publish' } }
      : job,
  );
}

/** Names of the images' own jobs that wait for a publication, be it through others. */
function waitingForTags(
  jobs: readonly Pick<StagedJob, 'name' | 'definition' | 'step'>[],
): ReadonlySet<string> {
  const found = new Set(jobs.filter(({ step }) => step === 'publish').map(({ name }) => name));
  const published = new Set(found);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { name, step, definition } of jobs) {
      if (step === undefined && neededBy(definition).some((need) => found.has(need))) found.add(name);
    }
  }
  return new Set([...found].filter((name) => !published.has(name)));
}

function neededBy(definition: CiMap): readonly string[] {
  const needs = Array.isArray(definition['needs']) ? (definition['needs'] as readonly CiValue[]) : [];
  return needs.map(needName).filter((need) => need !== undefined);
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
    (other) =>
      isOwnOrPublishes(other) && stages.indexOf(other.stage) < position && !isManual(other.definition),
  );
  const needs = Array.isArray(job.definition['needs']) ? (job.definition['needs'] as readonly CiValue[]) : [];
  const known = new Set(needs.map(needName));
  const added = earlier
    .filter(({ name }) => !known.has(name))
    .map((other) =>
      other.step !== undefined || isUnconditional(other.definition)
        ? other.name
        : { job: other.name, optional: true },
    );
  return added.length === 0
    ? job
    : { ...job, definition: { ...job.definition, needs: [...needs, ...added] } };
}

/** Of the generated jobs, one that publishes is all there is to wait for: it comes after the others. */
function isOwnOrPublishes({ step }: StagedJob): boolean {
  return step === undefined || step === 'publish';
}

/**
 * A job that signs or publishes, with needs on the jobs of the image's own file in the stages before it: they verify it
 * too. One that a person starts is not waited for.
 */
export function afterVerification<Job extends StagedJob>(
  job: Job,
  jobs: readonly Job[],
  stages: readonly string[],
): Job {
  const { step } = job;
  if ((step !== 'sign' && step !== 'publish') || job.definition['needs'] === undefined) return job;
  const position = stages.indexOf(job.stage);
  const known = new Set(neededBy(job.definition));
  const added = jobs
    .filter(
      ({ step: other, name, stage, definition }) =>
        other === undefined &&
        !known.has(name) &&
        stages.indexOf(stage) < position &&
        isWaitedFor(definition),
    )
    .map(({ name, definition }) => (isUnconditional(definition) ? name : { job: name, optional: true }));
  const needs = job.definition['needs'] as readonly CiValue[];
  return { ...job, definition: { ...job.definition, needs: [...needs, ...added] } };
}

function isManual(definition: CiMap): boolean {
  return rulesOf(definition).some((rule) => rule['when'] === 'manual');
}

/** Not a job that only a person starts without anything being held up, nor one that runs after failures alone. */
function isWaitedFor(definition: CiMap): boolean {
  const rules = rulesOf(definition).filter((rule) => rule['when'] !== 'never');
  if (rules.length === 0) return true;
  const mayFail = (rule: CiMap) => {
    const value = rule['allow_failure'] ?? definition['allow_failure'];
    return value === true || (value instanceof CiPlain && value.text === 'true');
  };
  return rules.some((rule) => rule['when'] !== 'on_failure' && !(rule['when'] === 'manual' && mayFail(rule)));
}

function rulesOf(definition: CiMap): readonly CiMap[] {
  const rules = definition['rules'];
  return Array.isArray(rules) ? (rules as readonly CiValue[]).filter((rule) => isCiMap(rule)) : [];
}

function isUnconditional(definition: CiMap): boolean {
  return JSON.stringify(definition['rules']) === JSON.stringify([{ when: 'on_success' }]);
}
