import type { BaseStrategy } from '../gitlab/base-strategy.ts';
import type { BuiltCommit, Past, PublishedImage } from '../gitlab/built-commit.ts';

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
  /** Nothing is known to have been built on the branch. */
  | 'not-built'
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
  /** How it was found; `named` by a person on the command line. */
  strategy: BaseStrategy['kind'] | 'named';
  widened?: { code: BaseWidening; detail: string };
  /** What was published from other commits since the base was built. */
  published?: readonly PublishedImage[];
}

/** A decision to whom it is still to be said how it came about. */
export type FoundBase = Omit<BaseDecision, 'strategy'>;

export function widen(code: BaseWidening, detail: string, why: string): FoundBase {
  return { commits: [], why, widened: { code, detail } };
}

/** Asks for the newest commit of a branch that was built. */
export type AskLastBuilt = (question: Past & { branch: string }) => Promise<LastBuilt>;

export type LastBuilt =
  | ({ kind: 'built' } & BuiltCommit)
  /** None was, or who must know does not answer: no other commit can be trusted to have been built either. */
  | { kind: 'none'; detail: string }
  /** There is nobody to ask. */
  | { kind: 'unasked'; detail: string };
