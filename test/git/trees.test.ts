import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patchTree } from '../../src/git/change-sets.ts';
import { diffTrees, parseRawDiff, type RawChange } from '../../src/git/diff-trees.ts';
import { readTree } from '../../src/git/read-tree.ts';
import { createRepository, type FileSpec } from '../support/repository.ts';
import { runs } from '../support/runs.ts';
import { entriesOf } from '../support/tree-entries.ts';

const SUBMODULE_COMMIT = 'a'.repeat(40);

const awkwardNames: readonly (readonly [string, Buffer])[] = [
  ['-rf', Buffer.from('-rf')],
  [' lead and trail ', Buffer.from(' lead and trail ')],
  ['a\nb', Buffer.from('a\nb')],
  ['a\tb', Buffer.from('a\tb')],
  ['a"b\\', Buffer.from('a"b\\')],
  ['ünïcode/日本', Buffer.from('ünïcode/日本')],
  ['bad\udcff/\udce6\udc97', Buffer.from([0x62, 0x61, 0x64, 0xff, 0x2f, 0xe6, 0x97])],
  [':(top)*', Buffer.from(':(top)*')],
];

describe('readTree', () => {
  test('reads files, links and submodules with their modes', async () => {
    const repository = await createRepository();
    const head = await repository.commit({
      'bin/run': { content: 'x', mode: '100755' },
      'a/link': { symlink: '../bin/run' },
      'a/file': '',
      sub: { submodule: SUBMODULE_COMMIT },
    });
    expect(entriesOf(await readTree({ root: repository.dir }, head))).toEqual([
      ['a/file', { mode: '100644', oid: 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391' }],
      ['a/link', { mode: '120000', oid: await repository.git('rev-parse', 'HEAD:a/link') }],
      ['bin/run', { mode: '100755', oid: 'c1b0730e0133447badcfd47fd144e254807b06e1' }],
      ['sub', { mode: '160000', oid: SUBMODULE_COMMIT }],
    ]);
  });

  test('keeps names of any bytes', async () => {
    const repository = await createRepository();
    const head = await repository.commit(awkwardNames.map(([, name]) => [name, 'x']));
    const { paths } = await readTree({ root: repository.dir }, head);
    expect(paths).toEqual(awkwardNames.map(([path]) => path).toSorted());
  });

  test('reads the whole tree from a directory below the top, bare clones, and SHA-256 repositories', async () => {
    const repository = await createRepository({ init: ['--object-format=sha256'] });
    const head = await repository.commit({ 'a/x': '1', b: '2' });
    const bare = await repository.clone('--bare');
    for (const root of [`${repository.dir}/a`, bare.dir]) {
      const entries = await readTree({ root }, head);
      expect(entries.paths).toEqual(['a/x', 'b']);
      expect(entries.get('b')?.oid).toHaveLength(64);
    }
  });
});

describe('diffTrees', () => {
  test('tells every kind of change, both sides of a rename among them', async () => {
    const repository = await createRepository();
    const base = await repository.commit({
      edited: '1',
      gone: '1',
      'moved/from': 'the same long contents\n',
      mode: 'x',
      'file-to-link': 'x',
      'file-to-directory': 'x',
      sub: { submodule: SUBMODULE_COMMIT },
      kept: 'x',
    });
    const head = await repository.commit([
      ['edited', '2'],
      ['gone', null],
      ['moved/from', null],
      ['moved/to', 'the same long contents\n'],
      ['mode', { content: 'x', mode: '100755' }],
      ['file-to-link', { symlink: 'kept' }],
      ['file-to-directory', null],
      ['file-to-directory/x', 'x'],
      ['sub', { submodule: 'b'.repeat(40) }],
    ]);
    const changes = await diffTrees({ root: repository.dir }, base, head);
    expect(changes.map(({ path, status, oldMode, newMode }) => [path, status, oldMode, newMode])).toEqual([
      ['edited', 'modified', '100644', '100644'],
      ['file-to-directory', 'deleted', '100644', '000000'],
      ['file-to-directory/x', 'added', '000000', '100644'],
      ['file-to-link', 'type-changed', '100644', '120000'],
      ['gone', 'deleted', '100644', '000000'],
      ['mode', 'modified', '100644', '100755'],
      ['moved/from', 'deleted', '100644', '000000'],
      ['moved/to', 'added', '000000', '100644'],
      ['sub', 'modified', '160000', '160000'],
    ]);
  });

  test('counts a submodule that .gitmodules and the configuration want ignored', async () => {
    const repository = await createRepository();
    const modules = '[submodule "sub"]\n\tpath = sub\n\turl = ../sub\n\tignore = all\n';
    const base = await repository.commit({ '.gitmodules': modules, sub: { submodule: SUBMODULE_COMMIT } });
    const head = await repository.commit({ sub: { submodule: 'b'.repeat(40) } });
    await repository.git('config', 'diff.ignoreSubmodules', 'all');
    await repository.git('config', 'submodule.sub.ignore', 'all');
    expect(await diffTrees({ root: repository.dir }, base, head)).toMatchObject([
      { path: 'sub', oldOid: SUBMODULE_COMMIT, newOid: 'b'.repeat(40) },
    ]);
  });

  test('is not talked into finding renames by the configuration', async () => {
    const repository = await createRepository();
    const base = await repository.commit({ from: 'the same long contents\n' });
    const head = await repository.commit({ from: null, to: 'the same long contents\n' });
    await repository.git('config', 'diff.renames', 'copies');
    const changes = await diffTrees({ root: repository.dir }, base, head);
    expect(changes.map(({ path }) => path)).toEqual(['from', 'to']);
  });

  test('keeps names of any bytes', async () => {
    const repository = await createRepository();
    const base = await repository.commit({});
    const head = await repository.commit(awkwardNames.map(([, name]) => [name, 'x']));
    const paths = (await diffTrees({ root: repository.dir }, base, head)).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(awkwardNames.map(([path]) => path).toSorted());
  });

  test.each(['sha1', 'sha256'])('without a base every path is added (%s)', async (format) => {
    const repository = await createRepository({ init: [`--object-format=${format}`] });
    const head = await repository.commit({ a: '1', 'b/c': '2' });
    const changes = await diffTrees({ root: repository.dir }, undefined, head);
    expect(changes.map(({ path, status }) => [path, status])).toEqual([
      ['a', 'added'],
      ['b/c', 'added'],
    ]);
  });

  test('counts a status it does not know as a modification', () => {
    expect(parseRawDiff(':100644 100644 aa bb X\0path\0')).toEqual([
      { path: 'path', status: 'modified', oldMode: '100644', newMode: '100644', oldOid: 'aa', newOid: 'bb' },
    ] satisfies RawChange[]);
  });
});

test('the tree of base, rebuilt from that of head, is the tree of base', async () => {
  const repository = await createRepository();
  const path = fc.constantFrom('a', 'b', 'd/a', 'd/b', 'd/e/c');
  const file: fc.Arbitrary<FileSpec> = fc.oneof(
    fc.constantFrom<FileSpec>('1', '2', null, { symlink: 'a' }, { content: '1', mode: '100755' }),
    fc.constantFrom('a', 'b').map((letter) => ({ submodule: letter.repeat(40) })),
  );
  const files = fc.dictionary(path, file, { maxKeys: 5 });
  await fc.assert(
    fc.asyncProperty(files, files, async (first, second) => {
      const base = await repository.commit(first);
      const head = await repository.commit(second);
      const root = repository.dir;
      const changes = await diffTrees({ root }, base, head);
      expect(entriesOf(patchTree(await readTree({ root }, head), changes))).toEqual(
        entriesOf(await readTree({ root }, base)),
      );
    }),
    { numRuns: runs(15) },
  );
});
