import { isAscii } from 'node:buffer';
import type { Tree } from '../tree.ts';
import { decodePath } from './path-bytes.ts';
import { runGit } from './run.ts';
import { parseTree } from './tree-listing.ts';

/** Every file, link and submodule of a commit. */
export async function readTree(repository: { root: string }, commit: string): Promise<Tree> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit];
  const { stdout } = await runGit({ cwd: repository.root, args, bulk: true });
  const sorted = isAscii(stdout);
  return parseTree(sorted ? stdout.toString('latin1') : decodePath(stdout), sorted);
}
