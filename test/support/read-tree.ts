import { readTreeAhead } from '../../src/git/read-tree.ts';
import type { Tree } from '../../src/tree.ts';

/** A commit's tree, nothing of it read ahead. */
export async function readTree(repository: { root: string }, commit: string): Promise<Tree> {
  return (await readTreeAhead(repository, commit, [])).tree;
}
