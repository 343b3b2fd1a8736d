import type { ContextSource, ForeseenSources, ImageReference } from '../dockerfile/evaluate.ts';
import { type BrokenDockerfile, outcomeOf, type ReadDockerfile, type Reading } from './readings.ts';

/** What a Dockerfile says it needs, as far as that has to be known now. */
export interface NeededReading {
  references: readonly ImageReference[];
  /** One of them: what the target stage is built on. */
  base: ImageReference | undefined;
  unneeded: readonly number[];
  sources: () => readonly ContextSource[];
  /** What is known of the sources without asking for them; undefined where they are known. */
  foreseen: ForeseenSources | undefined;
  broken: BrokenDockerfile | undefined;
}

/** Runs a Dockerfile's stages now, unless it is known that they can't fail and take files from its context alone. */
export function runWhereNeeded(reading: Reading, contextHoldsLinks: boolean): NeededReading {
  if (reading.kind !== 'read') {
    const broken = reading.kind === 'broken' ? reading : undefined;
    return { references: [], base: undefined, unneeded: [], sources: () => [], foreseen: 'none', broken };
  }
  const { references, base, unneeded, foreseen } = reading.says;
  if (foreseen !== undefined && !contextHoldsLinks) {
    return { references, base, unneeded, sources: () => sourcesOf(reading), foreseen, broken: undefined };
  }
  const outcome = outcomeOf(reading);
  const [sources, broken] = 'kind' in outcome ? [[], outcome] : [outcome.sources, undefined];
  return { references, base, unneeded, sources: () => sources, foreseen: undefined, broken };
}

/** Of the one thing that is not foreseen, a variable of more than 128 KiB, no builder makes an image. */
function sourcesOf(reading: ReadDockerfile): readonly ContextSource[] {
  const outcome = outcomeOf(reading);
  return 'kind' in outcome ? [WHOLE_CONTEXT] : outcome.sources;
}

const WHOLE_CONTEXT: ContextSource = {
  instruction: 'COPY',
  source: '.',
  outside: undefined,
  parents: false,
  exclude: [],
  literal: true,
  unset: [],
  line: 1,
  viaTrigger: false,
};
