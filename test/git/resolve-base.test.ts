import { describe, expect, test } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { resolveBase, type BaseDecision } from '../../src/git/resolve-base.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';

/** Outside CI: no environment, and nothing may ask origin. */
async function resolve(
  repository: TestRepository,
  options: { since?: string; base?: string; targetBranch?: string; env?: Record<string, string> } = {},
): Promise<BaseDecision> {
  const { targetBranch, ...named } = options;
  return resolveBase({
    env: {},
    ...named,
    settings: async () => ({ targetBranch, base: { schedules: 'all', tags: 'all' } }),
    repository: await openRepository(repository.dir),
    head: await repository.git('rev-parse', 'HEAD'),
    say: (line) => expect.unreachable(line),
  });
}

/** main: first, second; topic: from first. */
async function twoBranches(): Promise<{ repository: TestRepository; first: string; second: string }> {
  const repository = await createRepository();
  const first = await repository.commit({ a: '1' });
  const second = await repository.commit({ a: '2' });
  await repository.git('checkout', '--quiet', '-b', 'topic', first);
  await repository.commit({ b: '1' });
  return { repository, first, second };
}

describe('what a person names', () => {
  test('--base is exactly that commit, --since the merge base with it', async () => {
    const { repository, first, second } = await twoBranches();
    expect(await resolve(repository, { base: 'main' })).toMatchObject({
      commits: [second],
      why: '--base main',
    });
    expect(await resolve(repository, { since: 'main' })).toMatchObject({
      commits: [first],
      why: 'merge base with main (--since)',
    });
    expect(await resolve(repository, { since: 'main', base: 'main' })).toMatchObject({ commits: [second] });
  });

  test('--since main finds origin/main', async () => {
    const { repository, first } = await twoBranches();
    const clone = await repository.clone('--branch=topic');
    expect(await resolve(clone, { since: 'main' })).toMatchObject({ commits: [first] });
  });

  test.each(['base', 'since'])('--%s that names nothing is an error', async (option) => {
    const { repository } = await twoBranches();
    await expect(resolve(repository, { [option]: 'mian' })).rejects.toMatchObject({
      code: 'unknown-revision',
      message: `--${option}: "mian" names no commit here: check the spelling, or fetch it with git fetch origin.`,
    });
  });

  test('unrelated histories widen', async () => {
    const { repository } = await twoBranches();
    await repository.git('checkout', '--quiet', '--orphan', 'alone');
    await repository.commit({ c: '1' });
    expect(await resolve(repository, { since: 'main' })).toMatchObject({
      commits: [],
      why: 'merge base with main (--since)',
      widened: { code: 'no-merge-base', detail: 'This commit and main share no history.' },
    });
  });

  test('a history that is cut before the merge base widens', async () => {
    const { repository } = await twoBranches();
    const clone = await repository.clone('--branch=topic', '--depth=1', '--no-single-branch');
    expect(await resolve(clone, { since: 'main' })).toMatchObject({
      commits: [],
      widened: {
        code: 'shallow-history',
        detail: "This clone's history is too short for the merge base with main: run git fetch --unshallow.",
      },
    });
  });

  test('after merges in both directions there are several', async () => {
    const { repository, first } = await twoBranches();
    const onTopic = await repository.git('rev-parse', 'topic');
    const onMain = await repository.git('rev-parse', 'main');
    await repository.git('merge', '--quiet', '--no-ff', 'main');
    await repository.git('checkout', '--quiet', 'main');
    await repository.git('merge', '--quiet', '--no-ff', onTopic);
    await repository.git('checkout', '--quiet', 'topic');
    const { commits } = await resolve(repository, { since: 'main' });
    expect(commits.toSorted()).toEqual([onMain, onTopic].toSorted());
    expect(commits).not.toContain(first);
  });
});

describe('with nothing named', () => {
  test("origin's default branch counts first", async () => {
    const { repository, first } = await twoBranches();
    await repository.git('checkout', '--quiet', 'main');
    const clone = await repository.clone();
    await clone.git('checkout', '--quiet', 'topic');
    await clone.git('branch', 'other', 'HEAD');
    expect(await resolve(clone, { targetBranch: 'other' })).toMatchObject({
      commits: [first],
      why: 'merge base with origin/main',
    });
  });

  test('then the configured branch, at origin before here', async () => {
    const { repository, first, second } = await twoBranches();
    await repository.git('branch', 'release/1', first);
    expect(await resolve(repository, { targetBranch: 'release/1' })).toMatchObject({
      commits: [first],
      why: 'merge base with release/1',
    });
    await repository.git('update-ref', 'refs/remotes/origin/release/1', second);
    await repository.git('checkout', '--quiet', 'main');
    expect(await resolve(repository, { targetBranch: 'release/1' })).toMatchObject({
      commits: [second],
      why: 'merge base with origin/release/1',
    });
  });

  test.each(['main', 'master'])('then %s', async (branch) => {
    const { repository, first } = await twoBranches();
    if (branch !== 'main') await repository.git('branch', '--move', 'main', branch);
    expect(await resolve(repository)).toMatchObject({ commits: [first], why: `merge base with ${branch}` });
  });

  test('not a branch whose name merely starts so, nor a dangling origin/HEAD', async () => {
    const { repository, first } = await twoBranches();
    await repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/gone');
    await repository.git('branch', '--move', 'main', 'main/x');
    await repository.git('branch', 'master', first);
    expect(await resolve(repository)).toMatchObject({ why: 'merge base with master' });
  });

  test('nothing tells: an error that says what to do', async () => {
    const { repository } = await twoBranches();
    await repository.git('branch', '--move', 'main', 'trunk');
    await expect(resolve(repository)).rejects.toMatchObject({
      code: 'no-target',
      message: expect.stringMatching(/--since BRANCH.*targetBranch/) as string,
    });
    await expect(resolve(repository, { targetBranch: 'x*' })).rejects.toMatchObject({
      code: 'unknown-target',
      message: 'targetBranch: there is no branch "x*" here or at origin: fetch it, or pass --since.',
    });
  });

  test('AFFECTED_BASE and AFFECTED_ALL count outside CI too', async () => {
    const { repository, second } = await twoBranches();
    expect(await resolve(repository, { env: { AFFECTED_BASE: 'main' } })).toMatchObject({
      commits: [second],
      why: 'AFFECTED_BASE names it',
    });
    expect(await resolve(repository, { env: { AFFECTED_ALL: '1' } })).toMatchObject({
      commits: [],
      why: 'AFFECTED_ALL is set',
    });
    expect(await resolve(repository, { env: { AFFECTED_BASE: 'gone' } })).toMatchObject({
      commits: [],
      widened: { code: 'base-unavailable', detail: "The base gone can't be had: it is not in this clone." },
    });
  });
});
