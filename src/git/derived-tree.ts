import { createTree, overlayTree, type Tree, type TreeEntry } from '../tree.ts';
import { entriesBefore } from './change-sets.ts';
import type { RawChange } from './diff-trees.ts';

/** A tree as what sets it apart from another, so that the next one, which differs little, costs little. */
export interface DerivedTree {
  tree: Tree;
  below: Tree;
  own: ReadonlyMap<string, TreeEntry | undefined>;
}

/** With more than this to look through in front of it, a tree is made anew. */
const MOST_IN_FRONT = 256;

export function underived(tree: Tree): DerivedTree {
  return { tree, below: tree, own: new Map() };
}

/** The tree from which `changes` lead to `head`; trees of a whole history can be made one from the other. */
export function treeBefore(head: DerivedTree, changes: readonly RawChange[]): DerivedTree {
  const { below } = head;
  const own = new Map([...head.own, ...entriesBefore(changes)]);
  const tree = overlayTree(below, own);
  if (own.size <= MOST_IN_FRONT) return { tree, below, own };
  return underived(
    createTree(new Map(tree.paths.map((path): [string, TreeEntry] => [path, tree.get(path) as TreeEntry]))),
  );
}
