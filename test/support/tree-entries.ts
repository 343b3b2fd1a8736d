import type { Tree, TreeEntry } from '../../src/tree.ts';

/** Everything a tree holds, in its order. */
export function entriesOf(tree: Tree): [string, TreeEntry][] {
  return tree.paths.map((path) => [path, tree.get(path) as TreeEntry]);
}
