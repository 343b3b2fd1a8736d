import { type Barrier, BARRIER_TEMPLATE } from './barriers.ts';
import { barrierDefinition, buildDefinition, mergeBuild } from './build-definition.ts';
import type { BuildJob } from './build-job.ts';
import { checkJobs, type FinishedJob } from './check-jobs.ts';
import { type CiMap, type CiValue, isCiMap } from './ci-yaml.ts';
import type { ImageJobs } from './image-jobs.ts';
import { NO_OP_JOB } from './job-names.ts';
import { withRules } from './job-rules.ts';
import { reachedByExtends } from './merge.ts';
import { NO_OP_TEMPLATE, type PipelinePlan } from './plan.ts';
import { checkStageOrder, EDGE_STAGES, inStageOrder, orderStages, stageOf } from './stages.ts';
import { type Templates, templatesBehind, usedNames } from './templates.ts';

/** A whole child pipeline, ready to be written: every job it needs, and nothing outside it. */
export interface ChildPipeline {
  workflow: CiMap;
  default: CiMap;
  stages: readonly string[];
  /** Hidden jobs first, with the file each comes from. */
  hidden: readonly { name: string; definition: CiMap; file: string }[];
  jobs: readonly { name: string; definition: CiMap }[];
}

/**
 * Turns a plan into the jobs of one self-contained pipeline. It is never empty: GitLab fails an empty child.
 *
 * @throws AffectedError `stage-order`, `image-ci` or `invalid-job` for what GitLab would refuse.
 */
export function childPipeline(plan: PipelinePlan): ChildPipeline {
  const jobs = plan.builds.length === 0 ? [noOp(plan)] : plan.builds.flatMap((build) => jobsOf(build, plan));
  const own = [...plan.imageJobs.values()];
  const localHidden = new Map(
    own.flatMap(({ hidden, file }) => hidden.map((job) => [job.name, { ...job, file }])),
  );
  const all: Templates = new Map([...plan.templates, ...localHidden]);
  const staged = jobs.map((job) => ({
    ...job,
    definition: withRules(withVariables(job, all), all),
    stage: stageOf(job.definition, all),
  }));
  const stages = orderStages(staged.map(({ stage }) => stage));
  const byImage = new Map<string, typeof staged>();
  for (const job of staged) {
    const others = byImage.get(job.image);
    if (others) others.push(job);
    else byImage.set(job.image, [job]);
  }
  const ordered = staged.map((job) => inStageOrder(job, byImage.get(job.image) ?? [], stages));
  checkStageOrder(ordered, stages);
  const used = new Set(ordered.flatMap(({ definition }) => usedNames(definition)));
  checkJobs(ordered, { templates: all, limits: plan.limits });
  return {
    workflow: { rules: [{ when: 'always' }] },
    default: { interruptible: plan.interruptible },
    stages: stages.filter((stage) => !EDGE_STAGES.includes(stage)),
    hidden: templatesBehind(all, used),
    jobs: ordered.map(({ name, definition }) => ({ name, definition })),
  };
}

interface PlannedJob extends FinishedJob {
  /** The image whose job it is, one of those that its file orders; else empty. */
  image: string;
  /** Waits for the image's jobs of earlier stages, because it has no `needs` of its own. */
  ordered: boolean;
  /** Variables of the image's whole file, which count less than any a job has or inherits. */
  variables: CiMap;
}

function jobsOf(build: BuildJob, plan: PipelinePlan): PlannedJob[] {
  const { name: image } = build.image;
  const own: ImageJobs | undefined = plan.imageJobs.get(image);
  const file = own?.file ?? plan.templates.get(build.template)?.file ?? build.template;
  const variables = own?.variables ?? {};
  const definition = own?.build
    ? mergeBuild({ build, own: own.build, file, builds: plan.builds })
    : buildDefinition(build);
  return [
    ...build.barriers.map((barrier) => barrierJob(barrier, plan)),
    { name: build.name, definition, file, image, ordered: false, variables },
    ...(own?.jobs ?? []).map((job) => ({ ...job, file, image, variables })),
  ];
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
