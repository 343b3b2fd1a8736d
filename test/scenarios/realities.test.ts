import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { serve } from '../support/git-daemon.ts';
import type { CommitSpec } from '../support/git-history.ts';
import { createHost, type GitHost } from '../support/git-host.ts';
import type { TestRepository } from '../support/repository.ts';
import { branchPush, mergeRequest, runnerCheckout } from '../support/runner-checkout.ts';
import { watchClone } from '../support/watch-clone.ts';
import { parted, partedRefs } from './situation.ts';

afterEach(() => vi.unstubAllEnvs());

const host = () => createHost({ history: parted, refs: partedRefs });

const checkoutOf = ({ server, ids }: GitHost, depth: number, name = 'topic') =>
  runnerCheckout({ server, commit: ids[name] as string, branch: 'topic', depth });

const recorded = ({ ids }: GitHost) => ({
  ...mergeRequest,
  CI_MERGE_REQUEST_DIFF_BASE_SHA: ids['fork'] as string,
});

/** What is affected by the branch, for a push and for a merge request. */
async function expectTopic(checkout: TestRepository, at: GitHost, cwd = checkout.dir): Promise<void> {
  for (const env of [recorded(at), branchPush]) {
    const found = await cliJson(cwd, [], { env });
    expect(found).toMatchObject({ base: at.ids['fork'], changedPaths: 1, widened: [] });
    expect(namesOf(found)).toEqual(['a']);
  }
}

test.each([1, 2, 20, 50, 0])('GIT_DEPTH %i', async (depth) => {
  const at = await host();
  const checkout = await checkoutOf(at, depth);
  const isSound = await watchClone(checkout);
  await expectTopic(checkout, at);
  await isSound();
});

test('a repository of long ids', async () => {
  const at = await createHost({ history: parted, refs: partedRefs, objectFormat: 'sha256' });
  await expectTopic(await checkoutOf(at, 1), at);
});

describe('GIT_STRATEGY: fetch', () => {
  test('an earlier job left more history than this one asks for', async () => {
    const long = Array.from({ length: 200 }, (_, index): [string, CommitSpec] => [`long ${index}`, {}]);
    const { first, ...rest } = parted;
    const history = { first: first as CommitSpec, ...Object.fromEntries(long), ...rest };
    const at = await createHost({ history, refs: partedRefs });
    const { server, ids } = at;
    const checkout = await runnerCheckout({
      server,
      commit: ids['main later'] as string,
      branch: 'main',
      depth: 210,
    });
    await checkout.git('update-ref', 'refs/remotes/origin/main', ids['main later'] as string);
    await checkout.git('fetch', '--quiet', '--depth=1', 'origin', `+${ids['topic']}:refs/pipelines/8`);
    await checkout.git('checkout', '--quiet', '--detach', ids['topic'] as string);
    const isSound = await watchClone(checkout);
    await expectTopic(checkout, at);
    await isSound();
  });

  test('the same directory, job after job', async () => {
    const at = await host();
    const checkout = await checkoutOf(at, 1);
    await expectTopic(checkout, at);
    await checkout.git('fetch', '--quiet', '--depth=1', 'origin', `+${at.ids['merged']}:refs/pipelines/8`);
    await checkout.git('checkout', '--quiet', '--detach', at.ids['merged'] as string);
    const env = { ...mergeRequest, CI_MERGE_REQUEST_TARGET_BRANCH_SHA: at.ids['main'] as string };
    const isSound = await watchClone(checkout);
    const found = await cliJson(checkout.dir, [], { env });
    expect(found).toMatchObject({ base: at.ids['main'], changedPaths: 1, widened: [] });
    await isSound();
    await checkout.git('fetch', '--quiet', '--unshallow', 'origin');
    await checkout.git('fsck', '--strict');
  });
});

test('GIT_STRATEGY: none leaves no repository', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'affected-test-'));
  onTestFinished(() => rmSync(empty, { recursive: true }));
  const { code, stdout, stderr } = await cli(empty, [], { env: branchPush });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/is not in a git repository: .*\[not-a-repository\]\n$/);
});

test('a checkout of another user', async () => {
  const at = await host();
  const checkout = await checkoutOf(at, 1);
  await checkout.git('remote', 'set-url', 'origin', await serve(at.server));
  vi.stubEnv('CI', 'true');
  // Only root may give files away; for others, git does as if it were so.
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', '65534:65534', checkout.dir]);
  else vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
  await expectTopic(checkout, at);
});

test('variables that a hook or an outer git leaves behind', async () => {
  const at = await host();
  const checkout = await checkoutOf(at, 1);
  for (const name of [
    'GIT_DIR',
    'GIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_OBJECT_DIRECTORY',
    'GIT_COMMON_DIR',
  ]) {
    vi.stubEnv(name, '/elsewhere');
  }
  vi.stubEnv('GIT_SHALLOW_FILE', '/elsewhere');
  vi.stubEnv('GIT_ALTERNATE_OBJECT_DIRECTORIES', '/elsewhere');
  vi.stubEnv('GIT_NAMESPACE', 'elsewhere');
  vi.stubEnv('GIT_PREFIX', 'a/');
  await expectTopic(checkout, at);
});

test('a linked worktree', async () => {
  const at = await host();
  const checkout = await checkoutOf(at, 1);
  const worktree = join(checkout.dir, '.git', 'affected-worktree');
  await checkout.git('worktree', 'add', '--quiet', '--detach', worktree);
  await expectTopic(checkout, at, worktree);
});
