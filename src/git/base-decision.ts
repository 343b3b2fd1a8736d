/** Why everything counts as changed although something narrower was wanted. */
export type BaseWidening =
  /** The base could not be had from origin. */
  | 'base-unavailable'
  /** Head and the target share no history. */
  | 'no-merge-base'
  /** This clone's history is cut, so that the merge base can't be known. */
  | 'shallow-history'
  /** The commit before the push is not in head's history: the branch was rewritten. */
  | 'not-an-ancestor'
  /** The pipeline's variables name no base. */
  | 'no-base';

/** What to compare head with, and why that. */
export interface BaseDecision {
  /**
   * The base's commit id. None: compare with nothing, so that everything is affected. Several after branches were
   * merged into each other, git's first choice first: then a path that differs from any of them counts as changed.
   */
  commits: readonly string[];
  why: string;
  widened?: { code: BaseWidening; detail: string };
}

export function widen(code: BaseWidening, detail: string, why: string): BaseDecision {
  return { commits: [], why, widened: { code, detail } };
}
