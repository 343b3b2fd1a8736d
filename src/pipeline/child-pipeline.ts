import { AffectedError } from '../errors.ts';
import { type BuildJob, jobPaths } from './build-job.ts';
import { type CiMap, type CiValue, isCiMap } from './ci-yaml.ts';
import type { ImageJobs } from './image-jobs.ts';
import { inheritedValue, mergeJobs } from './merge.ts';
import { isText } from './names.ts';
import { NO_OP_TEMPLATE, type PipelinePlan } from './plan.ts';
import { reachedTemplates, type Templates } from './templates.ts';

/** A whole child pipeline, ready to be written: every job it needs, and nothing outside it. */
export interface ChildPipeline {
  workflow: CiMap;
  default: CiMap;
  stages: readonly string[];
  /** Hidden jobs first, with the file each comes from. */
  hidden: readonly { name: string; definition: CiMap; file: string }[];
  jobs: readonly { name: string; definition: CiMap }[];
}

/** GitLab runs these first and last, whatever `stages` says, and they need not be listed. */
const EDGE_STAGES = ['.pre', '.post'];

/**
 * Turns a plan into the jobs of one self-contained pipeline. It is never empty: GitLab fails an empty child.
 *
 * @throws AffectedError `stage-order` when an image's job needs one that stands in a later stage.
 */
export function childPipeline(plan: PipelinePlan): ChildPipeline {
  const jobs =
    plan.builds.length === 0
      ? [{ name: 'no-image-affected', definition: { extends: NO_OP_TEMPLATE } }]
      : plan.builds.flatMap((build) => jobsOf(build, plan));
  const own = [...plan.imageJobs.values()];
  const localHidden = new Map(
    own.flatMap(({ hidden, file }) => hidden.map((job) => [job.name, { ...job, file }])),
  );
  const all: Templates = new Map([...plan.templates, ...localHidden]);
  const hidden = jobs.flatMap(({ definition }) => reachedTemplates(all, definition));
  const used = new Map(hidden.map((template) => [template.name, template]));
  const ruled = jobs.map(({ name, definition }) => ({ name, definition: withRules(definition, all) }));
  const staged = ruled.map(({ name, definition }) => ({ name, definition, stage: stageOf(definition, all) }));
  const stages = orderStages(staged.map(({ stage }) => stage));
  checkStageOrder(staged, stages);
  return {
    workflow: { rules: [{ when: 'always' }] },
    default: { interruptible: plan.interruptible },
    stages: stages.filter((stage) => !EDGE_STAGES.includes(stage)),
    hidden: [...used.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    jobs: ruled,
  };
}

function jobsOf(build: BuildJob, plan: PipelinePlan): { name: string; definition: CiMap }[] {
  const own: ImageJobs | undefined = plan.imageJobs.get(build.image.name);
  const generated = buildDefinition(build);
  const merged = own?.build ? mergeBuild(generated, own.build, own.file) : generated;
  return [{ name: build.name, definition: merged }, ...(own?.jobs ?? [])];
}

function buildDefinition(build: BuildJob): CiMap {
  const { context, dockerfile } = jobPaths(build.image);
  const target = build.image.target;
  return {
    extends: build.template,
    stage: 'build',
    needs: [...build.needs],
    variables: {
      AFFECTED_IMAGE: build.image.name,
      AFFECTED_CONTEXT: data(context),
      AFFECTED_DOCKERFILE: data(dockerfile),
      ...(target === undefined ? {} : { AFFECTED_TARGET: data(target) }),
      ...numbered(
        'AFFECTED_BUILD_ARG',
        build.buildArgs.map(({ name, value, expand }) =>
          expand ? `${name}=${value}` : data(`${name}=${value}`),
        ),
      ),
      ...numbered(
        'AFFECTED_BASE',
        build.handovers.map(({ line, column, variable, word }) =>
          data(`${line}:${column}:${variable}:${word}`),
        ),
      ),
      ...numbered('AFFECTED_DESTINATION', build.destinations),
      AFFECTED_REPOSITORY: build.repository,
      AFFECTED_HANDOVER: build.variable,
    },
  };
}

/** A value GitLab must hand to the shell as it is: with `expand` it would replace what looks like a variable. */
function data(value: string): CiValue {
  if (!isText(value)) {
    throw new AffectedError(
      'not-text',
      `${JSON.stringify(value)}: GitLab's variables hold UTF-8 text without NUL; change it`,
    );
  }
  return value.includes('$') ? { value, expand: false } : value;
}

function numbered(name: string, values: readonly CiValue[]): CiMap {
  return Object.fromEntries(values.map((value, index) => [`${name}_${index + 1}`, value]));
}

/** The user's `build` job over the generated one; the needs on base images stay whatever it says. */
function mergeBuild(generated: CiMap, own: CiMap, file: string): CiMap {
  if (own['stage'] !== undefined && own['stage'] !== 'build') {
    throw new AffectedError(
      'image-ci',
      `${file}: the job "build" must stay in the stage "build", which other images' builds wait for`,
    );
  }
  const needs = [generated['needs'], own['needs']].flatMap((list) =>
    Array.isArray(list) ? (list as CiValue[]) : [],
  );
  return { ...mergeJobs(generated, own), needs };
}

/** In a child of a merge request's pipeline GitLab does not create jobs without rules. */
function withRules(job: CiMap, templates: Templates): CiMap {
  if (['rules', 'only', 'except'].some((key) => inheritedValue(job, key, templates) !== undefined))
    return job;
  const { when = 'on_success', start_in: startIn, ...rest } = job;
  const rule: Record<string, CiValue> = { when };
  if (startIn !== undefined) rule['start_in'] = startIn;
  // Manual by a rule, a job holds the pipeline up; manual by itself, it does not.
  if (when === 'manual' && inheritedValue(job, 'allow_failure', templates) === undefined)
    rule['allow_failure'] = true;
  return { ...rest, rules: [rule] };
}

function stageOf(job: CiMap, templates: Templates): string {
  const stage = inheritedValue(job, 'stage', templates);
  return typeof stage === 'string' ? stage : 'test';
}

/** `build`, `test`, then what the images' jobs name in the order they name it. */
function orderStages(used: readonly string[]): readonly string[] {
  const ordered = new Set(['.pre', 'build', 'test', ...used.filter((stage) => stage !== '.post'), '.post']);
  return [...ordered].filter((stage) => used.includes(stage));
}

function checkStageOrder(
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
