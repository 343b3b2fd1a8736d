import type { AffectedImage } from '../affected/affected.ts';
import type { Reason } from '../affected/reasons.ts';
import type { Difference } from '../fingerprint/differences.ts';
import type { Disagreement } from '../render/verification.ts';

export interface Verdict {
  /** How many images have to be built. */
  changed: number;
  /** For each affected image that did not change and has a reason that explains it, what kind that is. */
  surplus: readonly string[];
  disagreements: readonly Pick<Disagreement, 'image' | 'kind' | 'difference' | 'reasons'>[];
}

/**
 * Holds an answer against what the fingerprints say.
 *
 * @param options.affected in build order.
 * @param options.differences of every image of the head.
 */
export function judge(options: {
  affected: readonly Pick<AffectedImage, 'image' | 'reasons'>[];
  differences: ReadonlyMap<string, Difference>;
}): Verdict {
  const { affected, differences } = options;
  const answer = new Map(affected.map(({ image, reasons }) => [image.name, reasons]));
  const mustBuild = [...differences].filter(([, difference]) => isChange(difference));
  const missed = mustBuild
    .filter(([image]) => !answer.has(image))
    .map(([image, difference]) => ({ image, kind: 'missed' as const, difference, reasons: [] }));
  const surplus = new Map<string, string>();
  const needless: Verdict['disagreements'][number][] = [];
  for (const [image, reasons] of answer) {
    const difference = differences.get(image) as Difference;
    if (isChange(difference)) continue;
    const explains = (reason: Reason): string | undefined => {
      if (reason.kind !== 'dependency') return explanation(reason);
      const isExplained = reason.removed || surplus.has(reason.image);
      return isExplained ? 'dependency' : undefined;
    };
    const kind = difference.kind === 'told-otherwise' ? difference.kind : reasons.map(explains).find(Boolean);
    if (kind === undefined) needless.push({ image, kind: 'needless', difference, reasons });
    else surplus.set(image, kind);
  }
  return {
    changed: mustBuild.length,
    surplus: [...surplus.values()],
    disagreements: [...missed, ...needless],
  };
}

function isChange({ kind }: Difference): boolean {
  return kind === 'new' || kind === 'unknown' || kind === 'differs';
}

/** Settings that decide where and how an image is built and found, not what is in it. */
const NO_INPUTS: ReadonlySet<string> = new Set(['tags', 'registry', 'dockerfile', 'context', 'references']);

/** What an image may be built for though nothing it is made of changed. */
function explanation(reason: Reason): string | undefined {
  switch (reason.kind) {
    case 'everything':
    case 'requested':
    case 'not-published':
    case 'released':
    case 'unowned':
    case 'unknown':
    case 'template':
      return reason.kind;
    case 'config': {
      const setting = reason.settings.find((name) => NO_INPUTS.has(name));
      return setting && `config ${setting}`;
    }
    default:
      return undefined;
  }
}
