import { widen, type FoundBase } from './base-decision.ts';
import { findMergeBases } from './history.ts';
import type { Origin } from './origin.ts';
import type { Repository } from './repository.ts';

/** The decision to compare head with its merge base with a target commit, wherever that comes from. */
export async function mergeBaseDecision(options: {
  repository: Repository;
  head: string;
  target: string;
  targetName: string;
  origin: Origin | undefined;
  why: string;
}): Promise<FoundBase> {
  const { targetName, why } = options;
  const { commits, certain, failure } = await findMergeBases(options);
  if (certain && commits.length > 0) return { commits, why };
  if (certain) return widen('no-merge-base', `This commit and ${targetName} share no history.`, why);
  const help = failure ?? 'run git fetch --unshallow';
  return widen(
    'shallow-history',
    `This clone's history is too short for the merge base with ${targetName}: ${help}.`,
    why,
  );
}
