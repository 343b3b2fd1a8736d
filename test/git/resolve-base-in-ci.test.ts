import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  branchPush,
  createProject,
  mainPush,
  mergeRequest,
  pipeline,
  resolveIn,
  runnerCheckout,
  type Project,
} from '../support/runner-checkout.ts';

const DEPTHS = [1, 3, 0];

// One server for the tests that only fetch from it.
let project: Project;
beforeAll(async () => {
  project = await createProject({ shared: true });
  return () => project.server.remove();
});

describe.each(DEPTHS)('a runner’s checkout of depth %i', (depth) => {
  test('detached merge request: the recorded merge base', async () => {
    const { server, fork, topic } = project;
    const checkout = await runnerCheckout({ server, commit: topic, depth });
    const env = {
      ...mergeRequest,
      CI_MERGE_REQUEST_EVENT_TYPE: 'detached',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: fork,
    };
    const { commits, said, widened } = await resolveIn(checkout, { env });
    expect({ commits, widened }).toMatchObject({ commits: [fork], widened: undefined });
    expect(said.join('')).toBe(
      depth === 1
        ? `git fetch --quiet --no-tags --no-write-fetch-head --no-recurse-submodules --no-auto-gc --depth=1 origin ${fork}\n`
        : '',
    );
  });

  test('merged results: the target commit, so that its own work does not count', async () => {
    const { server, fork, main, merged } = project;
    const checkout = await runnerCheckout({ server, commit: merged, depth });
    const env = {
      ...mergeRequest,
      CI_MERGE_REQUEST_EVENT_TYPE: 'merged_result',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: fork,
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: main,
    };
    const { commits } = await resolveIn(checkout, { env });
    expect(commits).toEqual([main]);
    expect(await checkout.git('diff-tree', '-r', '--name-only', main, merged)).toBe('b');
    // Where GitLab does not tell the target commit, its merge base with the target branch is the same.
    const { commits: found } = await resolveIn(checkout, {
      env: { ...mergeRequest, CI_MERGE_REQUEST_EVENT_TYPE: 'merged_result' },
    });
    expect(found).toEqual([main]);
  });

  test('push to a branch: the merge base with the default branch, as it is now', async () => {
    const { server, fork, topic } = project;
    const checkout = await runnerCheckout({ server, commit: topic, branch: 'topic', depth });
    await checkout.git('update-ref', 'refs/remotes/origin/main', topic);
    const { commits, said } = await resolveIn(checkout, { env: branchPush });
    expect(commits).toEqual([fork]);
    expect(said[0]).toBe('git ls-remote origin refs/heads/main\n');
    expect(said[1]?.includes('--depth')).toBe(depth !== 0);
  });

  test('push to the default branch: the commit before the push', async () => {
    const { server, fork, main } = project;
    const checkout = await runnerCheckout({ server, commit: main, branch: 'main', depth });
    const { commits, widened } = await resolveIn(checkout, {
      env: { ...mainPush, CI_COMMIT_BEFORE_SHA: fork },
    });
    expect({ commits, widened }).toMatchObject({ commits: [fork], widened: undefined });
  });

  test('forced push to the default branch: everything', async () => {
    const { server, main, topic } = project;
    const checkout = await runnerCheckout({ server, commit: main, branch: 'main', depth });
    expect(await resolveIn(checkout, { env: { ...mainPush, CI_COMMIT_BEFORE_SHA: topic } })).toMatchObject({
      commits: [],
      widened: {
        code: 'not-an-ancestor',
        detail: `The commit before, ${topic}, is not in this commit's history: the branch was rewritten.`,
      },
    });
  });

  test('a commit that origin no longer has: everything', async () => {
    const { server, main } = project;
    const checkout = await runnerCheckout({ server, commit: main, branch: 'main', depth });
    const gone = '1'.repeat(40);
    for (const env of [
      { ...mainPush, CI_COMMIT_BEFORE_SHA: gone },
      { ...mergeRequest, CI_MERGE_REQUEST_DIFF_BASE_SHA: gone },
    ]) {
      expect(await resolveIn(checkout, { env })).toMatchObject({
        commits: [],
        widened: {
          code: 'base-unavailable',
          detail: expect.stringMatching(
            new RegExp(`^The base ${gone} can't be had: .*not our ref`),
          ) as string,
        },
      });
    }
  });

  test('an orphan branch: everything', async () => {
    const { server, alone } = project;
    const checkout = await runnerCheckout({ server, commit: alone, branch: 'alone', depth });
    expect(await resolveIn(checkout, { env: branchPush })).toMatchObject({
      commits: [],
      widened: { code: 'no-merge-base', detail: 'This commit and main share no history.' },
    });
  });

  test('--since and --base may name what is only at origin', async () => {
    const { server, fork, main, topic } = project;
    const checkout = await runnerCheckout({ server, commit: topic, depth });
    expect(await resolveIn(checkout, { env: pipeline, base: 'main' })).toMatchObject({ commits: [main] });
    expect(await resolveIn(checkout, { env: pipeline, since: 'main' })).toMatchObject({ commits: [fork] });
  });
});

test.each(['-rf', '$(touch${IFS}canary)', "a'b", 'a#b', 'ünï/code'])(
  'the target branch %j',
  async (branch) => {
    const { server, fork, main, topic } = project;
    await server.git('update-ref', `refs/heads/${branch}`, main);
    const checkout = await runnerCheckout({ server, commit: topic, depth: 1 });
    const env = { ...mergeRequest, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: branch };
    expect(await resolveIn(checkout, { env })).toMatchObject({ commits: [fork] });
  },
);

test('a branch whose name merely ends so is another', async () => {
  const { server, topic } = await createProject({ shared: false });
  await server.git('branch', '--move', 'main', 'other');
  await server.git('branch', 'x/refs/heads/main', 'other');
  const checkout = await runnerCheckout({ server, commit: topic, depth: 1 });
  expect(await resolveIn(checkout, { env: branchPush })).toMatchObject({
    commits: [],
    widened: { code: 'base-unavailable', detail: 'Origin has no branch main.' },
  });
});

test('a long history is deepened step by step', async () => {
  const { server, fork, topic } = await createProject({ shared: false });
  const commits = Array.from(
    { length: 130 },
    () => 'commit refs/heads/main\ncommitter A <a@b> 1 +0000\ndata 0\n',
  );
  const input = commits
    .map((commit, index) => (index === 0 ? `${commit}from refs/heads/main^0\n` : commit))
    .join('\n');
  execFileSync('git', ['fast-import', '--quiet'], { cwd: server.dir, input });
  const checkout = await runnerCheckout({ server, commit: topic, depth: 1 });
  const { commits: bases, said } = await resolveIn(checkout, { env: branchPush });
  expect(bases).toEqual([fork]);
  expect(said.join('').match(/--depth=\d+/g)).toEqual(['--depth=128', '--depth=256', '--depth=1']);
});

describe('AFFECTED_BASE=<id of an object that is not here>', () => {
  test('of an annotated tag: its commit', async () => {
    const { server, fork, main } = await createProject({ shared: false });
    await server.git('tag', '-a', '-m', 'v1', 'v1', fork);
    await server.git('tag', '-a', '-m', 'v2', 'v2', 'v1');
    const checkout = await runnerCheckout({ server, commit: main, depth: 1 });
    const revision = await server.git('rev-parse', 'v2');
    const { commits, widened } = await resolveIn(checkout, { env: { ...pipeline, AFFECTED_BASE: revision } });
    expect({ commits, widened }).toEqual({ commits: [fork], widened: undefined });
  });

  test('of a directory: there is no such base', async () => {
    const { server, main, fork } = await createProject({ shared: false });
    const checkout = await runnerCheckout({ server, commit: main, depth: 1 });
    const revision = await server.git('rev-parse', `${fork}^{tree}`);
    await server.git('tag', 'directory', revision);
    const { commits, widened } = await resolveIn(checkout, { env: { ...pipeline, AFFECTED_BASE: revision } });
    expect({ commits, code: widened?.code }).toEqual({ commits: [], code: 'base-unavailable' });
  });
});

test.each(['v1', 'tags/v1', 'refs/tags/v1', 'old', 'heads/old', 'refs/heads/old'])(
  'what people name is asked for as git names it: %s',
  async (base) => {
    const { server, fork, topic } = await createProject({ shared: false });
    await server.git('tag', '-a', '-m', 'v1', 'v1', fork);
    await server.git('branch', 'old', fork);
    const checkout = await runnerCheckout({ server, commit: topic, depth: 1 });
    expect(await resolveIn(checkout, { env: pipeline, base })).toMatchObject({ commits: [fork] });
  },
);

test('what people name wrongly is an error, with what origin said', async () => {
  const { server, topic } = project;
  const checkout = await runnerCheckout({ server, commit: topic, depth: 1 });
  await expect(resolveIn(checkout, { env: pipeline, since: 'mian' })).rejects.toMatchObject({
    code: 'unknown-revision',
    message:
      '--since: "mian" names no commit here, and it could not be fetched: origin has no tag or branch mian.',
  });
});

test('another CI than GitLab: as outside, with fetches', async () => {
  const { server, fork, topic } = project;
  const checkout = await runnerCheckout({ server, commit: topic, branch: 'main', depth: 2 });
  expect(await resolveIn(checkout, { env: { CI: 'true' } })).toMatchObject({
    commits: [fork],
    why: 'merge base with origin/main',
  });
});
