import type { Change } from '../change.ts';
import { overlayTree, type Tree, type TreeEntry } from '../tree.ts';
import type { RawChange } from './diff-trees.ts';

const NO_MODE = '000000';

/** The tree of base, from that of head and the changes between them: saves reading a second one. */
export function patchTree(head: Tree, changes: readonly RawChange[]): Tree {
  return overlayTree(head, new Map(entriesBefore(changes)));
}

/** What the changed paths were before; undefined where there was no such path. */
export function entriesBefore(changes: readonly RawChange[]): [string, TreeEntry | undefined][] {
  return changes.map(({ path, oldMode, oldOid }) => [
    path,
    oldMode === NO_MODE ? undefined : { mode: oldMode, oid: oldOid },
  ]);
}

/**
 * The changes against several merge bases as one list: each path once, as the first list that names it has it.
 * A path that differs from any of the bases counts.
 */
export function uniteChanges(...lists: readonly (readonly RawChange[])[]): RawChange[] {
  const byPath = new Map<string, RawChange>();
  for (const change of lists.flat()) {
    if (!byPath.has(change.path)) byPath.set(change.path, change);
  }
  return [...byPath.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

/**
 * The changes from base to the working tree: the committed ones, corrected at the paths that differ on disk. A path
 * whose committed change was reverted on disk is no change.
 */
export function overlayChanges(options: {
  changes: readonly RawChange[];
  base: Pick<Tree, 'get'>;
  dirty: ReadonlyMap<string, TreeEntry | undefined>;
}): RawChange[] {
  const { changes, base, dirty } = options;
  const onDisk = [...dirty].map(([path, entry]) => compare(path, base.get(path), entry));
  return uniteChanges(
    changes.filter((change) => !dirty.has(change.path)),
    onDisk.filter((change) => change !== undefined),
  );
}

function compare(
  path: string,
  before: TreeEntry | undefined,
  after: TreeEntry | undefined,
): RawChange | undefined {
  if (before?.mode === after?.mode && before?.oid === after?.oid) return undefined;
  const { oid } = (before ?? after) as TreeEntry;
  const noOid = '0'.repeat(oid.length);
  return {
    path,
    status: statusOf(before, after),
    oldMode: before?.mode ?? NO_MODE,
    newMode: after?.mode ?? NO_MODE,
    oldOid: before?.oid ?? noOid,
    newOid: after?.oid ?? noOid,
  };
}

function statusOf(before: TreeEntry | undefined, after: TreeEntry | undefined): Change['status'] {
  if (before === undefined) return 'added';
  if (after === undefined) return 'deleted';
  // As git has it: the first three digits are the type (regular file, link, submodule), the others permissions.
  return before.mode.slice(0, 3) === after.mode.slice(0, 3) ? 'modified' : 'type-changed';
}
