import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAscii } from 'node:buffer';
import { decodePath, encodePath } from '../src/git/path-bytes.ts';
import { parseTree } from '../src/git/tree-listing.ts';
import { createTree, isDirectory, overlayTree, pathsUnder, type Tree, type TreeEntry } from '../src/tree.ts';
import { entriesOf } from './support/tree-entries.ts';

const OID = '1'.repeat(40);

/** As `git ls-tree -r -z` lists them: in the order of their bytes. */
function listing(entries: ReadonlyMap<string, TreeEntry>): Tree {
  const records = [...entries].map(([path, { mode, oid }]) => ({
    bytes: encodePath(path),
    head: Buffer.from(`${mode} ${mode === '160000' ? 'commit' : 'blob'} ${oid}\t`),
  }));
  records.sort((one, other) => Buffer.compare(one.bytes, other.bytes));
  const bytes = Buffer.concat(records.flatMap((record) => [record.head, record.bytes, Buffer.from([0])]));
  return parseTree(decodePath(bytes), isAscii(bytes));
}

const segment = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'ab',
    'Dockerfile',
    'xDockerfile',
    '.dockerignore',
    'a\tb',
    ' ',
    'a\nb',
    '100644 blob',
  ),
  fc.constantFrom('é', '\uFFFD', '😀', '\uE000', '\uDC80'),
);
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
const entry = fc.record({
  mode: fc.constantFrom('100644', '100755', '120000', '160000'),
  // Of SHA-1 and of SHA-256, one with a mode in it.
  oid: fc.constantFrom(OID, `120000${'2'.repeat(58)}`),
});
const entries = fc
  .array(fc.tuple(path, entry), { maxLength: 12 })
  .map((pairs) => new Map<string, TreeEntry>(pairs));
const suffixes = ['Dockerfile', '.dockerignore', '', 'b', '/a', 'blob', '\tb', ' a\tDockerfile'];

function expectSame(tree: Tree, expected: Tree, asked: readonly string[]): void {
  expect(entriesOf(tree)).toEqual(entriesOf(expected));
  expect(tree.links).toEqual(expected.links);
  expect(tree.submodules).toEqual(expected.submodules);
  for (const suffix of suffixes) expect(tree.endingWith(suffix)).toEqual(expected.endingWith(suffix));
  for (const one of asked) {
    expect(tree.get(one)).toEqual(expected.get(one));
    expect(tree.has(one)).toBe(expected.has(one));
  }
}

describe("git's listing and a list of entries are the same tree", () => {
  test('where a name looks like the beginning of a link’s entry', () => {
    const paths = ['a 120000 blob b', 'c', '120000 blob d'];
    const tree = listing(new Map(paths.map((one) => [one, { mode: '100644', oid: OID }])));
    expect(tree.links).toEqual([]);
  });

  test('where a name is the beginning of many', () => {
    const names = Array.from({ length: 500 }, (_, index) => `directory/é${index}`);
    const tree = listing(new Map(names.map((one) => [one, { mode: '100644', oid: OID }])));
    const beginnings = Array.from({ length: 10 }, (_, length) => 'directory/'.slice(0, length + 1));
    expect(beginnings.filter((one) => tree.has(one))).toEqual([]);
    expect(names.filter((one) => !tree.has(one))).toEqual([]);
  });

  test('whatever the paths are', () => {
    fc.assert(
      fc.property(entries, fc.array(path), (all, asked) => {
        expectSame(listing(all), createTree(all), asked);
      }),
      { numRuns: 500 },
    );
  });

  test('of nothing', () => {
    expectSame(listing(new Map()), createTree(new Map()), ['', 'a']);
  });

  test('of many paths, some of which share a slot', () => {
    const many = new Map(
      Array.from({ length: 5000 }, (_, index) => [`d${index % 70}/f${index}`, { mode: '100644', oid: OID }]),
    );
    // `Aa` and `BB` have the same hash by the usual formula.
    for (const one of ['Aa', 'BB', 'AaAa', 'BBBB', 'AaBB', 'BBAa'])
      many.set(one, { mode: '100755', oid: OID });
    expectSame(listing(many), createTree(many), ['BBCc', 'd1', 'd1/f0', 'd0/f0']);
  });
});

describe('overlayTree', () => {
  const one = { mode: '100644', oid: OID };
  const two = { mode: '120000', oid: OID };

  test('puts entries over those of a tree, and takes some out', () => {
    const below = createTree(
      new Map([
        ['edited', one],
        ['gone', one],
        ['kept', one],
        ['link', two],
      ]),
    );
    const tree = overlayTree(
      below,
      new Map([
        ['edited', two],
        ['gone', undefined],
        ['link', one],
        ['new', one],
      ]),
    );
    expect(entriesOf(tree)).toEqual([
      ['edited', two],
      ['kept', one],
      ['link', one],
      ['new', one],
    ]);
    expect(tree.links).toEqual(['edited']);
    expect(tree.get('gone')).toBeUndefined();
  });

  test('is the tree of the united entries', () => {
    const over = fc
      .array(fc.tuple(path, fc.option(entry, { nil: undefined })), { maxLength: 6 })
      .map((pairs) => new Map<string, TreeEntry | undefined>(pairs));
    fc.assert(
      fc.property(entries, over, fc.array(path), (all, changed, asked) => {
        const united = new Map<string, TreeEntry>();
        for (const [name, value] of [...all, ...changed]) {
          if (value) united.set(name, value);
          else united.delete(name);
        }
        expectSame(overlayTree(listing(all), changed), createTree(united), [...asked, ...changed.keys()]);
      }),
      { numRuns: 300 },
    );
  });
});

test('pathsUnder and isDirectory ask for whole segments', () => {
  const tree = createTree(
    new Map(['a', 'b-c/x', 'b/x', 'b/y/z', 'b0'].map((name) => [name, { mode: '100644', oid: OID }])),
  );
  expect(pathsUnder(tree, 'b')).toEqual(['b/x', 'b/y/z']);
  expect(pathsUnder(tree, 'a')).toEqual([]);
  expect(pathsUnder(tree, '')).toEqual(tree.paths);
  expect(['', 'b', 'b/y', 'a', 'b-', 'b0', 'c'].map((name) => isDirectory(tree, name))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
