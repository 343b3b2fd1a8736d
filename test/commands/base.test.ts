import { mkdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { createRepository } from '../support/repository.ts';
import { PLATFORM, platform } from './platform.ts';

describe('which commits are compared', () => {
  test('a fresh clone needs no option: the merge base with origin’s default branch', async () => {
    const { repository: server, base } = await platform();
    const clone = await server.clone();
    await clone.git('switch', '--quiet', '-c', 'topic');
    const head = await clone.commit({ 'alone/run': 'x' });
    const comparison = await cliJson(clone.dir, []);
    expect(comparison).toMatchObject({ base, head, baseWhy: 'merge base with origin/main', changedPaths: 1 });
    expect(namesOf(comparison)).toEqual(['alone']);
  });

  test('--since takes the merge base, --base the commit itself', async () => {
    const { repository, base } = await platform();
    await repository.git('switch', '--quiet', '-c', 'topic');
    await repository.commit({ 'alone/run': 'x' });
    await repository.git('switch', '--quiet', 'main');
    const main = await repository.commit({ 'trino/config': 'x' });
    await repository.git('switch', '--quiet', 'topic');
    const since = await cliJson(repository.dir, ['--since', 'main']);
    expect([since.base, namesOf(since)]).toEqual([base, ['alone']]);
    expect(since.baseWhy).toBe('merge base with main (--since)');
    const exactly = await cliJson(repository.dir, ['--base', 'main']);
    expect([exactly.base, namesOf(exactly)]).toEqual([main, ['alone', 'trino']]);
  });

  test('--head names any commit, also one that is not checked out', async () => {
    const { repository, base } = await platform();
    const head = await repository.commit({ 'alone/run': 'x' });
    await repository.commit({ 'trino/config': 'x' });
    const comparison = await cliJson(repository.dir, ['--base', base, '--head', head]);
    expect([comparison.head, namesOf(comparison)]).toEqual([head, ['alone']]);
  });

  test('a merge commit brings what its branch changed', async () => {
    const { repository, base } = await platform();
    await repository.git('switch', '--quiet', '-c', 'topic');
    await repository.commit({ 'alone/run': 'x' });
    await repository.git('switch', '--quiet', 'main');
    const main = await repository.commit({ 'trino/config': 'x' });
    await repository.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'topic');
    expect(namesOf(await cliJson(repository.dir, ['--base', 'HEAD^1']))).toEqual(['alone']);
    expect(namesOf(await cliJson(repository.dir, ['--base', 'HEAD^2']))).toEqual(['trino']);
    expect(namesOf(await cliJson(repository.dir, ['--since', main]))).toEqual(['alone']);
    expect(namesOf(await cliJson(repository.dir, ['--base', base]))).toEqual(['alone', 'trino']);
  });

  test('branches merged into each other have two merge bases: what differs from either counts', async () => {
    const { repository } = await platform();
    await repository.git('switch', '--quiet', '-c', 'topic');
    const one = await repository.commit({ 'alone/run': 'x' });
    await repository.git('switch', '--quiet', 'main');
    const other = await repository.commit({ 'trino/config': 'x' });
    await repository.git('merge', '--quiet', '--no-ff', '-m', 'merge', one);
    await repository.git('switch', '--quiet', 'topic');
    await repository.git('merge', '--quiet', '--no-ff', '-m', 'merge', other);
    expect(namesOf(await cliJson(repository.dir, ['--since', 'main']))).toEqual(['alone', 'trino']);
  });

  test('branches that share no history: everything is built, and said to be', async () => {
    const { repository } = await platform();
    await repository.git('switch', '--quiet', '--orphan', 'orphan');
    await repository.commit(PLATFORM);
    const comparison = await cliJson(repository.dir, ['--since', 'main']);
    expect(comparison).toMatchObject({
      base: null,
      changedPaths: null,
      widened: [{ scope: 'all', code: 'no-merge-base' }],
    });
    expect(namesOf(comparison)).toEqual(['alone', 'base', 'java', 'trino']);
    expect((await cli(repository.dir, ['--since', 'main', '--strict'])).code).toBe(2);
  });

  test('a shallow clone that can’t know the merge base builds everything', async () => {
    const { repository: server } = await platform();
    await server.commit({ 'alone/run': 'x' });
    await server.git('branch', 'topic');
    await server.commit({ 'alone/run': 'y' });
    const clone = await server.clone('--depth=1', '--no-single-branch', '--branch=topic');
    const comparison = await cliJson(clone.dir, []);
    expect(comparison.widened).toMatchObject([{ scope: 'all', code: 'shallow-history' }]);
    expect(namesOf(comparison)).toHaveLength(4);
  });

  test('a shallow clone compares two commits it has', async () => {
    const { repository: server } = await platform();
    const base = await server.commit({ 'alone/run': 'x' });
    await server.commit({ 'trino/config': 'x' });
    const clone = await server.clone('--depth=2');
    expect(namesOf(await cliJson(clone.dir, ['--base', base]))).toEqual(['trino']);
  });

  test('in CI the variables decide, and what asks origin is said on stderr, a line each', async () => {
    const { repository: server, base } = await platform();
    await server.git('switch', '--quiet', '-c', 'topic');
    await server.commit({ 'alone/run': 'x' });
    const clone = await server.clone('--branch=topic');
    const env = {
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: 'push',
      CI_COMMIT_BRANCH: 'topic',
      CI_DEFAULT_BRANCH: 'main',
    };
    const { code, stdout, stderr } = await cli(clone.dir, ['--json'], { env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ base, affected: [{ name: 'alone' }] });
    expect(stderr).toBe('git ls-remote origin refs/heads/main\n');
  });

  test('a pipeline without a change of its own builds everything, and that is no widening', async () => {
    const { repository } = await platform();
    const env = { GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'schedule' };
    const comparison = await cliJson(repository.dir, [], { env });
    expect(comparison).toMatchObject({ base: null, widened: [] });
    expect(namesOf(comparison)).toHaveLength(4);
  });
});

describe('which repository', () => {
  test('a bare clone serves like any other', async () => {
    const { repository: server, base } = await platform();
    const head = await server.commit({ 'alone/run': 'x', 'trino/link': { symlink: 'README.md' } });
    const bare = await server.clone('--bare');
    const comparison = await cliJson(bare.dir, ['--base', base]);
    expect(comparison).toMatchObject({ base, head, workingTree: null });
    expect(namesOf(comparison)).toEqual(['alone', 'trino']);
    expect((await cli(bare.dir, ['explain', 'alone/run', '--base', base])).stdout).toContain(
      'alone: COPY run, line 2',
    );
  });

  test.each([
    ['another directory', '.', 'DIR'],
    ['a directory below the one we stand in', '..', 'relative'],
    ['a subdirectory of the repository', '.', 'DIR/trino'],
  ])('--cwd: %s', async (_, from, to) => {
    const { repository, base } = await platform();
    await repository.commit({ 'alone/run': 'x' });
    const elsewhere = await createRepository();
    const cwd = from === '.' ? elsewhere.dir : `${repository.dir}/..`;
    const target =
      to === 'relative' ? (repository.dir.split('/').at(-1) as string) : to.replace('DIR', repository.dir);
    expect(namesOf(await cliJson(cwd, ['--cwd', target, '--base', base]))).toEqual(['alone']);
  });

  test('from a subdirectory, or through a link to it, the whole repository counts', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'alone/run': 'x', 'trino/config': 'x' });
    expect(namesOf(await cliJson(`${repository.dir}/trino`, ['--base', base]))).toEqual(['alone', 'trino']);
    const elsewhere = await createRepository();
    await symlink(`${repository.dir}/trino`, `${elsewhere.dir}/link`);
    const there = ['--cwd', 'link', '--what-if', 'config'];
    expect(namesOf(await cliJson(elsewhere.dir, there))).toEqual(['trino']);
  });
});

describe('names of commits', () => {
  test.each(['-rf', '$(touch canary)', 'a\'b"c', 'x;touch canary', 'ünïcode', 'refs/heads/none', 'a\nb', ''])(
    'an unknown one, %j, is named in one sentence',
    async (name) => {
      const { repository } = await platform();
      for (const option of ['since', 'base', 'head']) {
        const { code, stdout, stderr } = await cli(repository.dir, [`--${option}=${name}`]);
        expect([code, stdout]).toEqual([2, '']);
        expect(stderr).toContain(`affected: --${option}: ${JSON.stringify(name)} names no commit here`);
        expect(stderr).toMatch(/\[unknown-revision\]\n$/);
      }
      expect(await repository.git('status', '--porcelain')).toBe('');
    },
  );

  test.each(['-rf', '$(touch${IFS}canary)', 'a\'b"c', 'x;touch', 'ünïcode'])(
    'a branch named %j is like any other',
    async (name) => {
      const { repository, base } = await platform();
      await repository.git('update-ref', `refs/heads/${name}`, base);
      await repository.commit({ 'alone/run': 'x' });
      expect(namesOf(await cliJson(repository.dir, [`--since=${name}`]))).toEqual(['alone']);
    },
  );

  test('a directory of a branch’s name is no obstacle', async () => {
    const { repository } = await platform();
    await mkdir(`${repository.dir}/main`);
    expect((await cli(repository.dir, ['--since', 'main'])).code).toBe(0);
  });
});
