import type { Affected } from '../affected/affected.ts';
import type { UnownedPolicy } from '../affected/unowned.ts';

/** Everything a renderer may show of one comparison. */
export interface Comparison extends Affected {
  /** Commit ids; `base` is null when there is nothing to compare with. */
  base: string | null;
  head: string;
  /** How the base was found, in words. */
  baseWhy: string;
  /** How many paths differ; null when there is no base. */
  changedPaths: number | null;
  /** Files of the working tree that joined in; null when only commits were compared. */
  workingTree: { staged: number; unstaged: number; untracked: number } | null;
  /** Names of the head's images that are not affected, sorted. */
  unaffected: readonly string[];
  /** What follows from `unowned`. */
  unownedPolicy: UnownedPolicy;
}
