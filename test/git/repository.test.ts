import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openRepository, openRepositoryAt, repositoryName } from '../../src/git/repository.ts';
import { createRepository } from '../support/repository.ts';

afterEach(() => vi.unstubAllEnvs());

describe('openRepository', () => {
  test('finds the top from a directory below it', async () => {
    const repository = await createRepository();
    await repository.write({ 'a/b/c': '' });
    expect(await openRepository(join(repository.dir, 'a/b'))).toEqual({
      root: repository.dir,
      workTree: true,
      shallow: false,
    });
  });

  test('finds it through a link, and in a directory with a line end in its name', async () => {
    const repository = await createRepository();
    await repository.write({ 'new\nline/x': '' });
    const link = join(await temporaryDirectory(), 'link');
    await symlink(join(repository.dir, 'new\nline'), link);
    await repository.git('init', '--quiet', join(repository.dir, 'new\nline'));
    expect((await openRepository(link)).root).toBe(join(repository.dir, 'new\nline'));
  });

  test('knows a bare repository, from inside too', async () => {
    const repository = await createRepository({ init: ['--bare'] });
    const expected = { root: repository.dir, workTree: false };
    expect(await openRepository(repository.dir)).toMatchObject(expected);
    expect(await openRepository(join(repository.dir, 'objects'))).toMatchObject(expected);
  });

  test('takes a git directory for a repository without a working tree', async () => {
    const { dir } = await createRepository();
    expect(await openRepository(join(dir, '.git'))).toMatchObject({
      root: join(dir, '.git'),
      workTree: false,
    });
    expect(await repositoryName({ root: join(dir, '.git') })).toBe(basename(dir));
  });

  test('knows a shallow clone', async () => {
    const repository = await createRepository();
    await repository.commit({ a: '1' });
    await repository.commit({ a: '2' });
    const clone = await repository.clone('--depth=1');
    expect(await openRepository(clone.dir)).toMatchObject({ shallow: true });
  });

  test('finds the top of a linked worktree', async () => {
    const repository = await createRepository();
    await repository.commit({ 'a/x': '' });
    const worktree = join(await temporaryDirectory(), 'linked');
    await repository.git('worktree', 'add', '--quiet', '--detach', worktree);
    expect(await openRepository(join(worktree, 'a'))).toMatchObject({ root: worktree, workTree: true });
  });

  test('opens the repository around it, whatever GIT_DIR says', async () => {
    const [repository, other] = [await createRepository(), await createRepository()];
    vi.stubEnv('GIT_DIR', join(other.dir, '.git'));
    vi.stubEnv('GIT_WORK_TREE', other.dir);
    expect((await openRepository(repository.dir)).root).toBe(repository.dir);
  });

  test.each([
    ['https://gitlab.example.com/group/sub/data-images.git', 'data-images'],
    ['https://gitlab.example.com/group/data-images/', 'data-images'],
    ['git@gitlab.example.com:data-images.git', 'data-images'],
    ['ssh://git@host:2222/group/data.images', 'data.images'],
    ['/srv/git/data-images/.git', 'data-images'],
    ['../data-images', 'data-images'],
  ])('is named by its origin %s', async (url, name) => {
    const repository = await createRepository();
    await repository.git('remote', 'add', 'origin', url);
    expect(await repositoryName({ root: repository.dir })).toBe(name);
  });

  test('refuses a directory in no repository', async () => {
    const dir = await temporaryDirectory();
    await expect(openRepository(dir)).rejects.toMatchObject({
      code: 'not-a-repository',
      message: `${dir} is not in a git repository: run affected inside one, or name one with --cwd.`,
    });
  });
});

async function temporaryDirectory(): Promise<string> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'affected-test-')));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

describe('openRepositoryAt', () => {
  test('tells the commits too, in a working tree and in a bare clone', async () => {
    const repository = await createRepository();
    const first = await repository.commit({ 'a/b': '1' });
    const head = await repository.commit({ 'a/b': '2' });
    await repository.git('branch', 'feature/x.y', first);
    const bare = await repository.clone('--bare');
    const names = ['HEAD', 'feature/x.y', head, first.slice(0, 10)];
    const commits = new Map(names.map((name, index) => [name, [head, first, head, first][index]]));
    expect(await openRepositoryAt(join(repository.dir, 'a'), names)).toEqual({
      repository: { root: repository.dir, workTree: true, shallow: false },
      commits,
    });
    expect(await openRepositoryAt(bare.dir, [...names, ...names])).toEqual({
      repository: { root: bare.dir, workTree: false, shallow: false },
      commits,
    });
  });

  test.each([
    ['no commit', 'nothing', false],
    ['a file', 'file', false],
    ['an option', '--all', true],
    ['a range', 'HEAD..HEAD', true],
    ['another commit’s parent', 'HEAD~1', true],
    ['two lines', 'HEAD\nHEAD', true],
    ['nothing', '', true],
  ])('leaves a name of %s to others', async (_, name, isHeadTold) => {
    const repository = await createRepository();
    const head = await repository.commit({ file: '1', [`${name}^{commit}`.replace('\n', '')]: '2' });
    const expected = { root: repository.dir, workTree: true, shallow: false };
    expect(await openRepositoryAt(repository.dir, ['HEAD', name])).toEqual({
      repository: expected,
      commits: new Map(isHeadTold ? [['HEAD', head]] : []),
    });
    expect(await openRepositoryAt(repository.dir, [name])).toEqual({
      repository: expected,
      commits: new Map(),
    });
  });

  test('tells first what is wrong with the repository', async () => {
    const directory = await temporaryDirectory();
    await expect(openRepositoryAt(directory, ['HEAD'])).rejects.toMatchObject({ code: 'not-a-repository' });
  });
});
