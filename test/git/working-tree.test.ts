import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseStatus } from '../../src/git/parse-status.ts';
import { readTree } from '../../src/git/read-tree.ts';
import { readWorkingTree, readWorkingTreeFile } from '../../src/git/working-tree.ts';
import { overlayTree, type TreeEntry } from '../../src/tree.ts';
import { createRepository, type Files, type FileSpec, type TestRepository } from '../support/repository.ts';
import { runs } from '../support/runs.ts';
import { entriesOf } from '../support/tree-entries.ts';

const UNKNOWN = '0'.repeat(40);
const X = 'c1b0730e0133447badcfd47fd144e254807b06e1';

afterEach(() => vi.unstubAllEnvs());

describe('readWorkingTree', () => {
  test('tells staged, unstaged and untracked apart, and not what is ignored', async () => {
    const repository = await createRepository();
    const files = { both: '1', staged: '1', unstaged: '1', gone: '1', kept: '1', '.gitignore': 'ignored\n' };
    const head = await repository.commit(files);
    await repository.write({ staged: '2', both: '2' });
    await repository.git('add', '--all');
    await repository.write({ both: '3', unstaged: '2', gone: null, 'dir/new': '1', ignored: '1' });
    const { dirty, ...counts } = await readWorkingTree({ root: repository.dir }, head);
    expect(counts).toEqual({ staged: 2, unstaged: 3, untracked: 1 });
    expect([...dirty.keys()].toSorted()).toEqual(['both', 'dir/new', 'gone', 'staged', 'unstaged']);
    expect(dirty.get('gone')).toBeUndefined();
    expect(dirty.get('both')).toEqual({ mode: '100644', oid: await repository.git('hash-object', 'both') });
  });

  test('a clean tree has nothing', async () => {
    const repository = await createRepository();
    const head = await repository.commit({ a: '1' });
    const clean = { staged: 0, unstaged: 0, untracked: 0, dirty: new Map() };
    expect(await readWorkingTree({ root: repository.dir }, head)).toEqual(clean);
  });

  test('an untracked file is there even where the configuration hides such', async () => {
    const repository = await createRepository();
    const head = await repository.commit({ a: '1' });
    await repository.git('config', 'status.showUntrackedFiles', 'no');
    await repository.write({ new: 'x' });
    expect(await dirtyOf(repository, head)).toStrictEqual({ new: { mode: '100644', oid: X } });
  });

  test.each<[string, Files, Files, Record<string, TreeEntry | undefined>]>([
    [
      'an executable bit',
      { a: 'x' },
      { a: { content: 'x', mode: '100755' } },
      { a: { mode: '100755', oid: X } },
    ],
    ['an untracked program', {}, { a: { content: 'x', mode: '100755' } }, { a: { mode: '100755', oid: X } }],
    ['a file that became a link', { a: 'x' }, { a: { symlink: 'x' } }, { a: { mode: '120000', oid: X } }],
    ['an untracked link', {}, { a: { symlink: 'x' } }, { a: { mode: '120000', oid: X } }],
    ['a link that became a file', { a: { symlink: 'y' } }, { a: 'x' }, { a: { mode: '100644', oid: X } }],
    [
      'a file that became a directory',
      { a: 'y' },
      [
        ['a', null],
        ['a/b', 'x'],
      ],
      { a: undefined, 'a/b': { mode: '100644', oid: X } },
    ],
    [
      'a directory that became a file',
      { 'a/b': 'y' },
      { a: 'x' },
      { 'a/b': undefined, a: { mode: '100644', oid: X } },
    ],
    [
      'a directory that became a link',
      { 'a/b': 'y' },
      { a: { symlink: 'x' } },
      { 'a/b': undefined, a: { mode: '120000', oid: X } },
    ],
  ])('%s', async (_, before, after, expected) => {
    const repository = await createRepository();
    const head = await repository.commit(before);
    await repository.write(after);
    expect(await dirtyOf(repository, head)).toStrictEqual(expected);
  });

  test.each<[string, string | Buffer]>([
    ['a\nb', 'a\nb'],
    ['"quoted"', '"quoted"'],
    ['back\\slash', 'back\\slash'],
    ['-rf', '-rf'],
    ['two  spaces ', 'two  spaces '],
    ['carriage return\r', 'carriage return\r'],
    ['bad\udcff', Buffer.from([0x62, 0x61, 0x64, 0xff])],
    ['ünï/日本', 'ünï/日本'],
  ])('the name %j, committed and new', async (path, name) => {
    const repository = await createRepository();
    const head = await repository.commit([[name, 'y']]);
    const again = Buffer.concat([Buffer.from(name), Buffer.from('2')]);
    await repository.write([
      [name, 'x'],
      [again, 'x'],
    ]);
    const entry = { mode: '100644', oid: X };
    expect(await dirtyOf(repository, head)).toStrictEqual({ [path]: entry, [`${path}2`]: entry });
    expect((await readWorkingTreeFile({ root: repository.dir }, path)).toString()).toBe('x');
  });

  test('a file that was only announced (git add --intent-to-add)', async () => {
    const repository = await createRepository();
    const head = await repository.commit({});
    await repository.write({ a: 'x' });
    await repository.git('add', '--intent-to-add', 'a');
    expect(await dirtyOf(repository, head)).toStrictEqual({ a: { mode: '100644', oid: X } });
  });

  test('a file that was taken from the index only', async () => {
    const repository = await createRepository();
    const head = await repository.commit({ a: 'x' });
    await repository.git('rm', '--quiet', '--cached', 'a');
    const { staged, untracked, dirty } = await readWorkingTree({ root: repository.dir }, head);
    expect({ staged, untracked, dirty: Object.fromEntries(dirty) }).toEqual({
      staged: 1,
      untracked: 1,
      dirty: { a: { mode: '100644', oid: X } },
    });
  });

  test('a staged addition that is gone again', async () => {
    const repository = await createRepository();
    const head = await repository.commit({});
    await repository.write({ a: 'x' });
    await repository.git('add', 'a');
    await repository.write({ a: null });
    expect(await dirtyOf(repository, head)).toStrictEqual({ a: undefined });
  });

  test('paths in conflict, as they are on disk', async () => {
    const repository = await createRepository();
    const base = await repository.commit({ edited: '1', gone: '1' });
    await repository.commit({ edited: '2', gone: '2' });
    await repository.git('checkout', '--quiet', '-b', 'topic', base);
    const head = await repository.commit({ edited: '3', gone: null });
    await expect(repository.git('merge', 'main')).rejects.toThrow('git merge main');
    await repository.write({ edited: 'x', gone: null });
    const { dirty, ...counts } = await readWorkingTree({ root: repository.dir }, head);
    expect(counts).toEqual({ staged: 0, unstaged: 2, untracked: 0 });
    expect(Object.fromEntries(dirty)).toStrictEqual({ edited: { mode: '100644', oid: X }, gone: undefined });
  });

  test('contents as git would store them: line ends', async () => {
    const repository = await createRepository();
    const head = await repository.commit({ '.gitattributes': '* text eol=lf\n', a: '1\n' });
    const committed = await repository.git('rev-parse', 'HEAD:a');
    await repository.write({ a: '1\r\n', 'b\n': '1\r\n' });
    const dirty = await dirtyOf(repository, head);
    expect(dirty['b\n']).toEqual({ mode: '100644', oid: committed });
    expect(dirty['a']).toMatchObject({ oid: committed });
  });

  test('modes as the configuration has git see them', async () => {
    const repository = await createRepository();
    const head = await repository.commit({ a: 'y', link: { symlink: 'y' } });
    await repository.git('config', 'core.fileMode', 'false');
    await repository.git('config', 'core.symlinks', 'false');
    await repository.write({ a: { content: 'x', mode: '100755' }, link: 'x' });
    expect(await dirtyOf(repository, head)).toStrictEqual({
      a: { mode: '100644', oid: X },
      link: { mode: '120000', oid: X },
    });
  });

  test('a pipe in the place of a file, which nobody may wait for', async () => {
    const repository = await createRepository();
    const head = await repository.commit({ a: 'y' });
    await repository.write({ a: null });
    execFileSync('mkfifo', [join(repository.dir, 'a')]);
    expect(await dirtyOf(repository, head)).toStrictEqual({ a: { mode: '100644', oid: UNKNOWN } });
  });

  test.skipIf(process.getuid?.() === 0)('a file nobody may read', async () => {
    const repository = await createRepository();
    const head = await repository.commit({});
    await repository.write({ secret: 'x' });
    await chmod(join(repository.dir, 'secret'), 0);
    expect(await dirtyOf(repository, head)).toStrictEqual({ secret: { mode: '100644', oid: UNKNOWN } });
  });

  test('a file that vanishes while git is looking', async () => {
    const repository = await createRepository();
    const head = await repository.commit({});
    await repository.write({ git: { content: "#!/bin/sh\nprintf '? vanished\\0'\n", mode: '100755' } });
    vi.stubEnv('PATH', `${repository.dir}:${process.env['PATH']}`);
    expect(await dirtyOf(repository, head)).toStrictEqual({ vanished: undefined });
  });

  test('links and files of a SHA-256 repository', async () => {
    const repository = await createRepository({ init: ['--object-format=sha256'] });
    const head = await repository.commit({});
    await repository.write({ file: 'x', link: { symlink: 'x' } });
    const { file, link } = await dirtyOf(repository, head);
    expect(file?.oid).toHaveLength(64);
    expect(link?.oid).toBe(file?.oid);
  });
});

describe('readWorkingTreeFile', () => {
  test('reads files as they are and links as text', async () => {
    const repository = await createRepository();
    const bytes = Buffer.from([0, 255, 10]);
    await repository.write({ file: bytes, link: { symlink: Buffer.from([0x78, 0xff]) } });
    expect(await readWorkingTreeFile({ root: repository.dir }, 'file')).toEqual(bytes);
    expect(await readWorkingTreeFile({ root: repository.dir }, 'link')).toEqual(Buffer.from([0x78, 0xff]));
  });
});

test('what is on disk over head is what git would commit', async () => {
  const repository = await createRepository();
  const path = fc.constantFrom('a', 'b', 'd/a', 'd/b', 'e');
  const file = fc.constantFrom<FileSpec>('1', '2', null, { symlink: 'a' }, { content: '1', mode: '100755' });
  const files = fc.dictionary(path, file, { maxKeys: 5 });
  await fc.assert(
    fc.asyncProperty(files, files, files, async (committed, staged, onDisk) => {
      const root = repository.dir;
      const head = await repository.commit(committed);
      await repository.write(staged);
      await repository.git('add', '--all');
      await repository.write(onDisk);
      const { dirty } = await readWorkingTree({ root }, head);
      const seen = overlayTree(await readTree({ root }, head), dirty);
      const next = await repository.commit({});
      expect(entriesOf(seen)).toEqual(entriesOf(await readTree({ root }, next)));
    }),
    { numRuns: runs(12) },
  );
});

test('parseStatus reads paths with spaces behind the fields', () => {
  const id = '1'.repeat(40);
  const text = `1 .M N... 100644 100644 100755 ${id} ${id} a b  c\0u UU N... 100644 100644 100644 100644 ${id} ${id} ${id} d e\0? f g\0`;
  expect(parseStatus(text).map(({ path, kind, mode }) => [path, kind, mode])).toEqual([
    ['a b  c', 'tracked', '100755'],
    ['d e', 'unmerged', '100644'],
    ['f g', 'untracked', ''],
  ]);
});

async function dirtyOf(
  repository: TestRepository,
  head: string,
): Promise<Record<string, TreeEntry | undefined>> {
  return Object.fromEntries((await readWorkingTree({ root: repository.dir }, head)).dirty);
}
