import type { Configuration } from './configuration.ts';
import type { Job } from './job.ts';
import { decideJob, decideWorkflow } from './rules.ts';
import type { Decision } from './rules.ts';
import type { Progress } from './schedule.ts';
import { findVariableCycle } from './variables.ts';
import type { Variables } from './variables.ts';

export interface PlannedPipeline {
  /** The jobs that are created, by stage and then as in the file. */
  readonly progress: ReadonlyMap<string, Progress>;
  /** Each created job's variables before a job hands more over, the weakest first overridden. */
  readonly variables: ReadonlyMap<string, LayeredVariables>;
}

/** What a file says and what stands above it; a dotenv report comes in between. */
export interface LayeredVariables {
  readonly written: Variables;
  readonly given: Variables;
}

interface PlanOptions {
  readonly configuration: Configuration;
  readonly predefined: Variables;
  readonly given: Variables;
}

/**
 * Creates the pipeline from its rules; throws where GitLab would not. Precedence, from weak to strong: predefined,
 * workflow and top level, job, the matching rule, dotenv, given. Source: lib/gitlab/ci/variables/builder.rb,
 * lib/gitlab/ci/pipeline/seed/build.rb.
 */
export function plan({ configuration, predefined, given }: PlanOptions): PlannedPipeline {
  const { jobs, stages, workflow } = configuration;
  if (configuration.merged.has('include')) throw new Error('include is not modelled.');
  const decision = decideWorkflow(workflow, layered(predefined, configuration.variables, given));
  if (!decision.created) throw new Error('The workflow rules create no pipeline.');
  const globals = layered(configuration.variables, decision.variables);
  const planned = [...jobs.values()].map((job) =>
    planJob(job, { globals, predefined, given, configuration }),
  );
  const created = planned.filter(({ outcome }) => outcome.created);
  refuseEmpty(created.map(({ job }) => job));
  for (const { job, written } of created)
    refuseJob({ job, written, given, created: new Set(created.map((each) => each.job.name)) });
  const ordered = created.toSorted((a, b) => stages.indexOf(a.job.stage) - stages.indexOf(b.job.stage));
  return {
    progress: new Map(ordered.map(({ job, outcome }) => [job.name, asProgress(job, outcome)])),
    variables: new Map(ordered.map(({ job, written }) => [job.name, { written, given }])),
  };
}

export function layered(...layers: readonly Variables[]): Variables {
  return new Map(layers.flatMap((layer) => [...layer]));
}

interface JobContext {
  readonly globals: Variables;
  readonly predefined: Variables;
  readonly given: Variables;
  readonly configuration: Configuration;
}

interface PlannedJob {
  readonly job: Job;
  readonly outcome: Decision;
  readonly written: Variables;
}

function planJob(job: Job, { globals, predefined, given, configuration }: JobContext): PlannedJob {
  const { inheritedVariables: inherited } = job;
  const reaching = [...globals].filter(([name]) =>
    Array.isArray(inherited) ? inherited.includes(name) : inherited === true,
  );
  const own = new Map([
    ['CI_JOB_NAME', { value: job.name, expand: true }],
    ['CI_JOB_STAGE', { value: job.stage, expand: true }],
  ]);
  const written = layered(predefined, own, new Map(reaching), job.variables);
  const hasWorkflowRules = configuration.workflow !== undefined;
  const outcome = decideJob({ job, variables: layered(written, given), hasWorkflowRules });
  return { job, outcome, written: layered(written, outcome.variables) };
}

function refuseEmpty(created: readonly Job[]): void {
  if (created.every((job) => job.stage === '.pre' || job.stage === '.post')) {
    throw new Error(
      'The resulting pipeline would have been empty. Review the rules configuration for the relevant jobs.',
    );
  }
}

interface CreatedJob {
  readonly job: Job;
  readonly written: Variables;
  readonly given: Variables;
  readonly created: ReadonlySet<string>;
}

function refuseJob({ job, written, given, created }: CreatedJob): void {
  const foreign = ['trigger', 'parallel', 'run'].find((key) => job.body.has(key));
  if (foreign !== undefined) throw new Error(`${job.name}: jobs with ${foreign} are not modelled.`);
  const missing = (job.needs ?? []).find((need) => !need.optional && !created.has(need.job));
  if (missing !== undefined) {
    throw new Error(
      `'${job.name}' job needs '${missing.job}' job, but '${missing.job}' is not in any previous stage`,
    );
  }
  const circle = findVariableCycle(layered(written, given));
  if (circle !== undefined)
    throw new Error(`${job.name}: circular variable reference detected: ${circle.join(', ')}`);
}

function asProgress(job: Job, { when, allowFailure }: Decision): Progress {
  return { job, when, allowFailure, status: 'created', exitCode: undefined };
}
