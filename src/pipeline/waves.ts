import { AffectedError } from '../errors.ts';
import { type ChildPipeline, childPipeline } from './child-pipeline.ts';
import type { Wave } from './handovers.ts';
import { DOWNSTREAM_PIPELINES } from './limits.ts';
import { commonOf, type PipelinePlan, type PlanOptions, planPipeline } from './plan.ts';
import { jobBytes, overLimit, sizeOf } from './size.ts';
import { startingPipeline, type WaveSource } from './starting-pipeline.ts';

/** One pipeline where GitLab takes it whole; else one that starts the others, the waves, one after the other. */
export interface ChildPipelines {
  pipeline: ChildPipeline;
  waves: readonly ChildPipeline[];
}

/**
 * Turns the affected images into as few child pipelines as GitLab's limits allow. A dependent is in no earlier wave than
 * what it is built from. What an earlier wave built comes to it by the registry, under a tag that nothing else pushes: no
 * variable goes from one child pipeline to another, and the published tag may be somebody else's by then.
 *
 * @param options.source where the waves' files come from; `undefined` where no pipeline can start them.
 * @throws AffectedError `pipeline-size` with the numbers for what GitLab takes in no number of pipelines.
 */
export function childPipelines(options: PlanOptions & { source: WaveSource | undefined }): ChildPipelines {
  const { limits, source } = options;
  const common = commonOf(options);
  const plan = planPipeline({ ...options, ...common });
  const whole = childPipeline(plan);
  const over = overLimit(sizeOf(whole), limits);
  if (over === undefined) return { pipeline: whole, waves: [] };
  if (source === undefined) {
    throw new AffectedError(
      'pipeline-size',
      `The child pipeline of ${plan.steps.size} images ${over}, and several would be nested deeper than GitLab allows, as this is a child pipeline itself; run affected generate in the pipeline above it`,
    );
  }
  const waves = cut({ options: { ...options, ...common }, plan, whole, pipeline: source.pipeline });
  const pipeline = startingPipeline({ plan, source, waves: waves.length });
  const starting = overLimit(sizeOf(pipeline), limits);
  if (starting !== undefined || waves.length + 1 > DOWNSTREAM_PIPELINES) {
    throw new AffectedError(
      'pipeline-size',
      `The child pipeline of ${plan.steps.size} images ${over}; as ${waves.length} pipelines they are too many, of ${DOWNSTREAM_PIPELINES} that one may start${starting === undefined ? '' : `: the one that starts them ${starting}`}`,
    );
  }
  return { pipeline, waves };
}

/** Fills one wave after the other, in build order. */
function cut(context: {
  options: Parameters<typeof planPipeline>[0];
  plan: PipelinePlan;
  whole: ChildPipeline;
  pipeline: string;
}): readonly ChildPipeline[] {
  const { options, plan } = context;
  const { limits } = options;
  const costs = costsOf(plan, context.whole);
  const lastUses = lastUsesOf(options);
  const names = [...plan.steps.keys()];
  const waves: ChildPipeline[] = [];
  // In waves jobs weigh more than in one pipeline: how much more shows in the waves before.
  let weight = 1;
  for (let start = 0; start < names.length;) {
    let end = estimatedEnd(costs, { start, jobs: limits.jobs, yamlBytes: limits.yamlBytes / weight });
    for (;;) {
      const wave: Wave = {
        earlier: new Set(names.slice(0, start)),
        handedOn: new Set(names.slice(start, end).filter((name) => (lastUses.get(name) ?? 0) >= end)),
        pipeline: context.pipeline,
      };
      const affected = options.affected.slice(start, end);
      const pipeline = childPipeline(planPipeline({ ...options, affected, wave }));
      const size = sizeOf(pipeline);
      weight = size.yamlBytes / costs.slice(start, end).reduce((sum, cost) => sum + cost.yamlBytes, 0);
      const over = overLimit(size, limits);
      if (over === undefined) {
        waves.push(pipeline);
        start = end;
        break;
      }
      if (end === start + 1) {
        throw new AffectedError(
          'pipeline-size',
          `A child pipeline of the image "${names[start]}" alone ${over}`,
        );
      }
      const lighter = estimatedEnd(costs, { start, jobs: limits.jobs, yamlBytes: limits.yamlBytes / weight });
      end = Math.min(end - 1, lighter);
    }
  }
  return waves;
}

interface Cost {
  jobs: number;
  yamlBytes: number;
}

/** What each image's jobs come to in one pipeline of all. */
function costsOf(plan: PipelinePlan, { jobs }: ChildPipeline): readonly Cost[] {
  const costs = new Map<string, Cost>(
    [...plan.steps.keys()].map((name) => [name, { jobs: 0, yamlBytes: 0 }]),
  );
  for (const job of jobs) {
    const cost = costs.get(job.image ?? '');
    if (cost === undefined) continue;
    cost.jobs += 1;
    cost.yamlBytes += jobBytes(job);
  }
  return [...costs.values()];
}

/** Behind the last image that fits in, if nothing but these jobs were there; one at least. */
function estimatedEnd(costs: readonly Cost[], { start, jobs, yamlBytes }: Cost & { start: number }): number {
  const total: Cost = { jobs: 0, yamlBytes: 0 };
  const beyond = costs.findIndex((cost, index) => {
    if (index < start) return false;
    total.jobs += cost.jobs;
    total.yamlBytes += cost.yamlBytes;
    return index > start && (total.jobs > jobs || total.yamlBytes > yamlBytes);
  });
  return beyond === -1 ? costs.length : beyond;
}

/** The position of the last affected image that is built from one, by the name of that one. */
function lastUsesOf({ affected, images }: PlanOptions): ReadonlyMap<string, number> {
  const uses = affected.flatMap(({ image }, position) =>
    (images.get(image.name)?.dependencies ?? []).map((dependency) => [dependency.image, position] as const),
  );
  return new Map(uses);
}
