import type { Tree } from '../tree.ts';
import { explainFailure } from './git-error.ts';
import { openBatch } from './read-blobs.ts';
import { runGitUnchecked } from './run.ts';
import { createTreeReader } from './tree-listing.ts';

/** A tree, and what is read of it before anybody asks. */
export interface TreeAhead {
  tree: Tree;
  /** Decoded contents by object id; what git could not read is not there. */
  texts: Promise<ReadonlyMap<string, string>>;
}

/**
 * Every file, link and submodule of a commit. While git lists the paths, another git already reads the symbolic links
 * and the files whose paths end with one of `suffixes`.
 */
export async function readTreeAhead(
  repository: { root: string },
  commit: string,
  suffixes: readonly string[],
): Promise<TreeAhead> {
  const cwd = repository.root;
  const reader = createTreeReader(suffixes);
  const asked = new Set<string>();
  const onOutput = (chunk: Buffer) => {
    const more: string[] = [];
    for (const { oid } of reader.take(chunk)) {
      if (asked.has(oid)) continue;
      asked.add(oid);
      more.push(oid);
    }
    batch.ask(more);
  };
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit];
  const listing = runGitUnchecked({ cwd, args, onOutput });
  const batch = openBatch(repository);
  // Whatever becomes of the listing, the other git must not wait for more.
  const reading = listing.then(batch.end, batch.end);
  const { exitCode, stderr } = await listing;
  if (exitCode !== 0) throw explainFailure({ cwd, command: 'ls-tree', exitCode, stderr });
  return { tree: reader.tree(), texts: reading.then(({ texts }) => texts) };
}
