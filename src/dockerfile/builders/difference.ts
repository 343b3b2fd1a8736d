import type { Builder, BuilderCall } from './builder.ts';

type Unless = (call: BuilderCall) => boolean;

/** What one or more builders make of a construct that means something else to BuildKit. */
export interface Difference {
  builders: readonly Builder[];
  /**
   * The image is not what its Dockerfile says, or is not built; or, of a `note`, what differs is rarely what matters.
   */
  effect: 'wrong' | 'note';
  /** What happens, as in `Kaniko …`. */
  happens: string;
  /** What to do about it, as in `…; write it otherwise`. */
  remedy: string;
  /** Whether the job calls the builder so that it does not happen. */
  unless?: Unless;
}

export const KANIKO = ['kaniko', 'kaniko-chainguard', 'kaniko-google'] as const;
export const OLDER_KANIKO = ['kaniko-chainguard', 'kaniko-google'] as const;

export function withFlag(flag: string): Unless {
  return ({ text }) => text.includes(flag);
}

/** @param byDefault what Kaniko 1.28 takes where the job does not set it (pkg/config/featureflags.go). */
export function featureFlag(name: string, byDefault: boolean): Unless {
  // As Go's strconv.ParseBool: what is no boolean leaves the default.
  return ({ variables }) => {
    const value = variables.get(name) ?? '';
    if (/^(?:1|t|true)$/i.test(value)) return true;
    return byDefault && !/^(?:0|f|false)$/i.test(value);
  };
}
