import { limitsOf } from '../pipeline/limits.ts';
import type { PlanOptions } from '../pipeline/plan.ts';
import type { LoadedSide } from './load-side.ts';

/** What a plan of some of its images takes from a commit. */
export function planSettings(
  { config, images, tree }: Pick<LoadedSide, 'config' | 'images' | 'tree'>,
  names: readonly string[],
): Pick<PlanOptions, 'images' | 'registry' | 'patterns' | 'release' | 'structureTests' | 'limits'> {
  const hasTest = (name: string) => tree.has(images.get(name)?.inputs.structureTest ?? '');
  return {
    images,
    registry: config.registry,
    patterns: config.tags,
    release: { publish: config.publish, sign: config.sign },
    structureTests: new Set(names.filter(hasTest)),
    limits: limitsOf(config.limits),
  };
}
