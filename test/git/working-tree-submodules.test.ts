import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readWorkingTree } from '../../src/git/working-tree.ts';
import type { TreeEntry } from '../../src/tree.ts';
import {
  createRepository,
  gitEnvironment,
  type FileSpec,
  type TestRepository,
} from '../support/repository.ts';

const UNKNOWN = '0'.repeat(40);

describe('a submodule', () => {
  async function withSubmodule(): Promise<{
    repository: TestRepository;
    inner: TestRepository;
    head: string;
  }> {
    const inner = await createRepository();
    await inner.commit({ a: '1' });
    const repository = await createRepository();
    await repository.git('submodule', '--quiet', 'add', inner.dir, 'sub');
    return { repository, inner, head: await repository.commit({}) };
  }

  test('at another commit', async () => {
    const { repository, head } = await withSubmodule();
    const commit = await moveSubmodule(repository);
    expect(await dirtyOf(repository, head)).toStrictEqual({ sub: { mode: '160000', oid: commit } });
    await repository.git('add', 'sub');
    expect(await dirtyOf(repository, head)).toStrictEqual({ sub: { mode: '160000', oid: commit } });
  });

  test.each<[string, Record<string, FileSpec>]>([
    ['edited', { 'sub/a': '2' }],
    ['untracked', { 'sub/new': '2' }],
  ])('with %s files inside is at no commit', async (_, files) => {
    const { repository, head } = await withSubmodule();
    await moveSubmodule(repository);
    await repository.write(files);
    expect(await dirtyOf(repository, head)).toStrictEqual({ sub: { mode: '160000', oid: UNKNOWN } });
  });

  test('that was removed is gone', async () => {
    const { repository, head } = await withSubmodule();
    await repository.write({ sub: null });
    expect(await dirtyOf(repository, head)).toStrictEqual({ sub: undefined });
  });

  test('that was never checked out and moved in the index is where the index says', async () => {
    const repository = await createRepository();
    const head = await repository.commit({ sub: { submodule: 'a'.repeat(40) } });
    await repository.git('update-index', '--cacheinfo', `160000,${'b'.repeat(40)},sub`);
    expect(await dirtyOf(repository, head)).toStrictEqual({ sub: { mode: '160000', oid: 'b'.repeat(40) } });
  });

  test('whose own repository is broken is at no commit', async () => {
    const { repository, head } = await withSubmodule();
    await moveSubmodule(repository);
    await repository.git('-C', 'sub', 'symbolic-ref', 'HEAD', 'refs/heads/unborn');
    expect(await dirtyOf(repository, head)).toStrictEqual({ sub: { mode: '160000', oid: UNKNOWN } });
  });

  test('of a name no process can be started in is at no commit', async () => {
    const { repository, inner } = await withSubmodule();
    const inTheOddOne = (command: string) =>
      execFileSync('sh', ['-c', `odd="$(printf 's\\377')"; ${command}`], {
        cwd: repository.dir,
        env: gitEnvironment,
      });
    inTheOddOne(`git clone --quiet ${inner.dir} "$odd"; git add "$odd" 2>/dev/null`);
    const head = await repository.commit({});
    inTheOddOne(`git -C "$odd" commit --quiet --allow-empty --message x`);
    expect(await dirtyOf(repository, head)).toStrictEqual({ 's\udcff': { mode: '160000', oid: UNKNOWN } });
  });

  test('that nobody added counts as one path', async () => {
    const repository = await createRepository();
    const head = await repository.commit({});
    await repository.write({ 'nested/a': '1' });
    await repository.git('init', '--quiet', 'nested');
    expect(await dirtyOf(repository, head)).toStrictEqual({ nested: { mode: '160000', oid: UNKNOWN } });
  });
});

async function dirtyOf(
  repository: TestRepository,
  head: string,
): Promise<Record<string, TreeEntry | undefined>> {
  return Object.fromEntries((await readWorkingTree({ root: repository.dir }, head)).dirty);
}

/** Commits inside the submodule and returns the new commit. */
async function moveSubmodule(repository: TestRepository): Promise<string> {
  await repository.git('-C', 'sub', 'commit', '--quiet', '--allow-empty', '--message', 'inside');
  return repository.git('-C', 'sub', 'rev-parse', 'HEAD');
}
