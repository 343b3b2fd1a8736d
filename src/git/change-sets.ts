import type { Change } from '../change.ts';
import type { TreeEntry } from '../tree.ts';
import type { RawChange } from './diff-trees.ts';

const NO_MODE = '000000';

/** The entries of base, from those of head and the changes between them: saves reading a second tree. */
export function patchTree(
  head: ReadonlyMap<string, TreeEntry>,
  changes: readonly RawChange[],
): Map<string, TreeEntry> {
  const base = new Map(head);
  for (const { path, oldMode, oldOid } of changes) {
    if (oldMode === NO_MODE) base.delete(path);
    else base.set(path, { mode: oldMode, oid: oldOid });
  }
  return base;
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

/** The entries of the working tree, from those of head and what differs on disk (`undefined`: it is gone). */
export function overlayTree(
  head: ReadonlyMap<string, TreeEntry>,
  dirty: ReadonlyMap<string, TreeEntry | undefined>,
): Map<string, TreeEntry> {
  const entries = new Map(head);
  for (const [path, entry] of dirty) {
    if (entry === undefined) entries.delete(path);
    else entries.set(path, entry);
  }
  return entries;
}

/**
 * The changes from base to the working tree: the committed ones, corrected at the paths that differ on disk. A path
 * whose committed change was reverted on disk is no change.
 */
export function overlayChanges(options: {
  changes: readonly RawChange[];
  base: ReadonlyMap<string, TreeEntry>;
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
