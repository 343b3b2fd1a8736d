import type { NoAnswer } from '../http/answer.ts';

/** A commit all of whose images are built and published. */
export interface BuiltCommit {
  commit: string;
  /** Its pipeline's id; `undefined` where only a file of it is known. */
  pipeline: number | undefined;
  /** How that is known. */
  why: string;
  /** What later pipelines published from other commits, where there is any. */
  published?: readonly PublishedImage[];
}

/** An image that a pipeline may have published; where GitLab does not tell which pipeline and images, any. */
export interface PublishedImage {
  image?: string;
  pipeline?: number;
  commit: string;
}

/** `value: undefined`: GitLab knows none, and `why` says so. */
export type BuiltAnswer =
  { ok: true; value: BuiltCommit } | { ok: true; value: undefined; why: string } | NoAnswer;

/** What this clone knows of the past. */
export interface Past {
  /** Ids of commits of head's history, head among them, newest first: no commit stands before its descendants. */
  history: readonly string[];
  /** Of a commit that is not among these; `undefined` where it can't be known. */
  isAncestor: (commit: string) => Promise<boolean | undefined>;
}
