import { type Barrier, BARRIER_TEMPLATE } from './barriers.ts';
import { barrierDefinition, buildDefinition, mergeBuild } from './build-definition.ts';
import type { BuildJob } from './build-job.ts';
import { checkJobs, type FinishedJob } from './check-jobs.ts';
import { type CiMap, type CiValue, isCiMap } from './ci-yaml.ts';
import type { ImageJobs } from './image-jobs.ts';
import { NO_OP_JOB, type Step } from './job-names.ts';
import { withRules } from './job-rules.ts';
import { reachedByExtends } from './merge.ts';
import { publishNeeds } from './publish-needs.ts';
import { mergeStep, stepDefinition } from './step-definition.ts';
import type { StepJob } from './step-jobs.ts';
import { NO_OP_TEMPLATE, type PipelinePlan } from './plan.ts';
import {
  afterVerification,
  checkStageOrder,
  EDGE_STAGES,
  inStageOrder,
  orderStages,
  publicationStages,
  stageOf,
} from './stages.ts';
import { type Templates, templatesBehind, usedNames } from './templates.ts';

/** A whole child pipeline, ready to be written: every job it needs, and nothing outside it. */
export interface ChildPipeline {
  workflow: CiMap;
  default: CiMap;
  stages: readonly string[];
  /** Hidden jobs first, with the file each comes from. */
  hidden: readonly { name: string; definition: CiMap; file: string }[];
  /** With the image whose job it is, if it is one's. */
  jobs: readonly { name: string; definition: CiMap; image?: string }[];
}

/**
 * Turns a plan into the jobs of one self-contained pipeline. It is never empty: GitLab fails an empty child.
 *
 * @throws AffectedError `stage-order`, `image-ci` or `invalid-job` for what GitLab would refuse.
 */
export function childPipeline(plan: PipelinePlan): ChildPipeline {
  const builds = new Map(plan.builds.map((build) => [build.image.name, build]));
  const planned = [...plan.steps.keys()].flatMap((image) =>
    jobsOf(image, { build: builds.get(image), plan }),
  );
  const jobs = planned.length === 0 ? [noOp(plan)] : planned;
  const own = [...plan.imageJobs.values()];
  const localHidden = new Map(
    own.flatMap(({ hidden, file }) => hidden.map((job) => [job.name, { ...job, file }])),
  );
  const all: Templates = new Map([...plan.templates, ...localHidden]);
  const staged = publicationStages(
    jobs.map((job) => ({
      ...job,
      definition: withRules(withVariables(job, all), all),
      stage: stageOf(job.definition, all),
    })),
    all,
  );
  const stages = orderStages(staged);
  const byImage = new Map<string, (typeof staged)[number][]>();
  for (const job of staged) {
    const others = byImage.get(job.image);
    if (others) others.push(job);
    else byImage.set(job.image, [job]);
  }
  const ordered = staged.map((job) => {
    const others = byImage.get(job.image) ?? [];
    return afterVerification(inStageOrder(job, others, stages), others, stages);
  });
  checkStageOrder(ordered, stages);
  const used = new Set(ordered.flatMap(({ definition }) => usedNames(definition)));
  checkJobs(ordered, { templates: all, limits: plan.limits });
  return {
    workflow: { rules: [{ when: 'always' }] },
    default: { interruptible: plan.interruptible },
    stages: stages.filter((stage) => !EDGE_STAGES.includes(stage)),
    hidden: templatesBehind(all, used),
    jobs: ordered.map(({ name, definition, image }) => ({ name, definition, image })),
  };
}

interface PlannedJob extends FinishedJob {
  /** The image whose job it is, one of those that its file orders; else empty. */
  image: string;
  step?: Step;
  /** Waits for the image's jobs of earlier stages, because it has no `needs` of its own. */
  ordered: boolean;
  /** Variables of the image's whole file, which count less than any a job has or inherits. */
  variables: CiMap;
}

function jobsOf(
  image: string,
  { build, plan }: { build: BuildJob | undefined; plan: PipelinePlan },
): PlannedJob[] {
  const steps = plan.steps.get(image) ?? [];
  const own = plan.imageJobs.get(image);
  const variables = own?.variables ?? {};
  const fileOf = (template: string) => own?.file ?? plan.templates.get(template)?.file ?? template;
  const generated = (
    job: Pick<StepJob, 'name' | 'template'> & { step: Step },
    definition: CiMap,
  ): PlannedJob => ({
    name: job.name,
    step: job.step,
    definition,
    file: fileOf(job.template),
    image,
    ordered: false,
    variables,
  });
  const published = steps.map((job) => publishNeeds(job, { plan, own }));
  return [
    ...[...(build?.barriers ?? []), ...published.flatMap(({ barriers }) => barriers)].map((barrier) =>
      barrierJob(barrier, plan),
    ),
    ...(build
      ? [generated({ ...build, step: 'build' }, buildOf(build, { plan, own, file: fileOf(build.template) }))]
      : []),
    ...published.map(({ job, waits }) => {
      const definition = { ...stepDefinition(job, waits), ...rulesBehind(own?.steps.get('build')) };
      const over = own?.steps.get(job.step);
      const file = fileOf(job.template);
      return generated(job, over ? mergeStep({ definition, own: over, step: job.step, file }) : definition);
    }),
    ...(own?.jobs ?? []).map((job) => ({ ...job, file: own?.file ?? '', image, variables })),
  ];
}

/** What follows a build that rules may leave out is left out with it; one that a person starts is waited for. */
function rulesBehind(build: CiMap | undefined): CiMap {
  const rules = build?.['rules'];
  if (!Array.isArray(rules)) return {};
  return {
    rules: (rules as readonly CiValue[]).map((rule) => {
      if (!isCiMap(rule) || rule['when'] === 'never') return rule;
      const { start_in: _, allow_failure: __, ...condition } = rule;
      return { ...condition, when: 'on_success' };
    }),
  };
}

function buildOf(
  build: BuildJob,
  { plan, own, file }: { plan: PipelinePlan; own: ImageJobs | undefined; file: string },
): CiMap {
  const over = own?.steps.get('build');
  return over ? mergeBuild({ build, own: over, file, builds: plan.builds }) : buildDefinition(build);
}

function barrierJob(barrier: Barrier, { templates }: PipelinePlan): PlannedJob {
  const file = templates.get(BARRIER_TEMPLATE)?.file ?? BARRIER_TEMPLATE;
  const definition = barrierDefinition(barrier);
  return { name: barrier.name, definition, file, image: '', ordered: false, variables: {} };
}

/** The variables of the image's file under those the job has itself or from the hidden jobs it extends. */
function withVariables({ definition, variables }: PlannedJob, templates: Templates): CiMap {
  if (Object.keys(variables).length === 0) return definition;
  const inherited = new Set(
    reachedByExtends(definition, templates).flatMap((job) => keysOf(job['variables'])),
  );
  const missing = Object.entries(variables).filter(([name]) => !inherited.has(name));
  if (missing.length === 0) return definition;
  const own = definition['variables'];
  return { ...definition, variables: { ...Object.fromEntries(missing), ...(isCiMap(own) ? own : {}) } };
}

function keysOf(value: CiValue | undefined): readonly string[] {
  return isCiMap(value) ? Object.keys(value) : [];
}

function noOp(plan: PipelinePlan): PlannedJob {
  const file = plan.templates.get(NO_OP_TEMPLATE)?.file ?? NO_OP_TEMPLATE;
  const definition = { extends: NO_OP_TEMPLATE };
  return { name: NO_OP_JOB, definition, file, image: '', ordered: false, variables: {} };
}
