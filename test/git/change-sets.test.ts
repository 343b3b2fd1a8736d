import { describe, expect, test } from 'vitest';
import { overlayChanges, uniteChanges } from '../../src/git/change-sets.ts';
import type { RawChange } from '../../src/git/diff-trees.ts';
import type { TreeEntry } from '../../src/tree.ts';

const NONE = '0'.repeat(40);
const one: TreeEntry = { mode: '100644', oid: '1'.repeat(40) };
const two: TreeEntry = { mode: '100644', oid: '2'.repeat(40) };
const executable: TreeEntry = { mode: '100755', oid: '1'.repeat(40) };
const link: TreeEntry = { mode: '120000', oid: '1'.repeat(40) };

function change(path: string, before: TreeEntry, after: TreeEntry): RawChange {
  const [oldMode, newMode, oldOid, newOid] = [before.mode, after.mode, before.oid, after.oid];
  return { path, status: 'modified', oldMode, newMode, oldOid, newOid };
}

describe('uniteChanges', () => {
  test('names each path once, as the first list has it, in order', () => {
    const first = [change('b', one, two)];
    const second = [change('a', one, two), change('b', link, two), change('c', one, two)];
    expect(uniteChanges(first, second)).toEqual([second[0], first[0], second[2]]);
  });
});

describe('overlayChanges', () => {
  test.each<[string, TreeEntry | undefined, TreeEntry | undefined, object | undefined]>([
    ['edited', one, two, { status: 'modified', oldOid: one.oid, newOid: two.oid }],
    ['made executable', one, executable, { status: 'modified', oldMode: '100644', newMode: '100755' }],
    ['made a link', one, link, { status: 'type-changed', newMode: '120000' }],
    ['added', undefined, two, { status: 'added', oldMode: '000000', oldOid: NONE, newOid: two.oid }],
    ['deleted', one, undefined, { status: 'deleted', newMode: '000000', newOid: NONE, oldOid: one.oid }],
    ['as in base', one, one, undefined],
    ['neither here nor there', undefined, undefined, undefined],
  ])('a path that is %s', (_, before, after, expected) => {
    const base = new Map(before === undefined ? [] : [['x', before]]);
    const changes = overlayChanges({ changes: [], base, dirty: new Map([['x', after]]) });
    expect(changes).toMatchObject(expected === undefined ? [] : [{ path: 'x', ...expected }]);
  });

  test('forgets a committed change that was reverted on disk, and keeps the others', () => {
    const changes = [change('a', one, two), change('b', one, two), change('c', one, two)];
    const base = new Map([
      ['a', one],
      ['b', one],
      ['c', one],
    ]);
    const dirty = new Map([
      ['b', one],
      ['c', link],
    ]);
    expect(overlayChanges({ changes, base, dirty })).toMatchObject([
      { path: 'a', newOid: two.oid },
      { path: 'c', newMode: '120000' },
    ]);
  });
});
