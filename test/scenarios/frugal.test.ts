import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { serve } from '../support/git-daemon.ts';
import type { CommitSpec, History } from '../support/git-history.ts';
import { createHost, type GitHost } from '../support/git-host.ts';
import type { TestRepository } from '../support/repository.ts';
import { branchPush, mergeRequest, resolveIn, runnerCheckout } from '../support/runner-checkout.ts';
import { watchClone } from '../support/watch-clone.ts';
import { mainline, parted, partedRefs } from './situation.ts';

/** Commits that each bring a file of 20 kB, all under another name. */
const heavy = (count: number, name: string): Record<string, CommitSpec> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${name} ${index}`,
      { files: { [`b/${name}-${index}`]: randomBytes(15_000).toString('base64') } },
    ]),
  );

const { fork: _fork, ...beginning } = mainline;

/** Two megabytes of files of which no comparison needs any. */
const history: History = {
  ...beginning,
  ...heavy(60, 'before'),
  fork: { files: { 'a/file': 'fork' } },
  topic: { files: { 'a/file': 'topic' } },
  'main on': { parents: ['fork'] },
  ...heavy(60, 'after'),
  main: {},
};

const refs = { main: 'main', topic: 'topic' };

/** What a decision fetches. */
async function weigh(host: GitHost, env: Record<string, string>, depth = 1) {
  const { server, ids } = host;
  const commit = ids['topic'] as string;
  const checkout = await runnerCheckout({ server, commit, branch: 'topic', depth });
  let sent = 0;
  await checkout.git(
    'remote',
    'set-url',
    'origin',
    await serve(server, { onSent: (bytes) => (sent += bytes) }),
  );
  const before = await objectsOf(checkout);
  const { commits } = await resolveIn(checkout, { env });
  expect(commits).toEqual([ids['fork']]);
  const after = await objectsOf(checkout);
  const fresh = after.filter((line) => !before.includes(line)).map((line) => line.split(' ')[1]);
  return { sent, fresh: fresh.toSorted() };
}

async function objectsOf(checkout: TestRepository): Promise<string[]> {
  return (await checkout.git('cat-file', '--batch-all-objects', '--batch-check')).split('\n');
}

/** The base, its tree, the tree of `a` and the file that differs. */
const BASE_ALONE = ['blob', 'commit', 'tree', 'tree'];

test('a base that is known: itself, and the files that differ', async () => {
  const host = await createHost({ history, refs });
  const env = { ...mergeRequest, CI_MERGE_REQUEST_DIFF_BASE_SHA: host.ids['fork'] as string };
  const { sent, fresh } = await weigh(host, env);
  expect(fresh).toEqual(BASE_ALONE);
  expect(sent).toBeLessThan(10_000);
});

test('a merge base 60 commits back: commits for the search, and the base', async () => {
  const { sent, fresh } = await weigh(await createHost({ history, refs }), branchPush);
  expect(fresh).toEqual(BASE_ALONE);
  expect(sent).toBeLessThan(60_000);
});

test('a clone with all its history: only the commits that the target has more', async () => {
  const { sent, fresh } = await weigh(await createHost({ history, refs }), branchPush, 0);
  expect(fresh).toEqual([]);
  expect(sent).toBeLessThan(15_000);
});

test('a server that leaves nothing out: more is sent, with the same end', async () => {
  const host = await createHost({ history, refs });
  await host.server.git('config', 'uploadpack.allowFilter', 'false');
  const { sent, fresh } = await weigh(host, branchPush);
  expect(fresh).toEqual(BASE_ALONE);
  expect(sent).toBeGreaterThan(500_000);
});

test('a merge base too far back: the search ends, and says how far it looked', async () => {
  const { server, ids } = await createHost({ history: parted, refs: partedRefs });
  const commit = (index: number) =>
    `commit refs/heads/main\ncommitter A <a@b> ${1_800_000_000 + index} +0000\ndata 0\n`;
  const commits = Array.from({ length: 33_000 }, (_, index) => commit(index));
  const input = commits.join(`\n`).replace('data 0\n', 'data 0\nfrom refs/heads/main^0\n');
  execFileSync('git', ['fast-import', '--quiet'], { cwd: server.dir, input });
  const checkout = await runnerCheckout({
    server,
    commit: ids['topic'] as string,
    branch: 'topic',
    depth: 1,
  });
  const isSound = await watchClone(checkout);
  const { commits: bases, widened, said } = await resolveIn(checkout, { env: branchPush });
  expect({ bases, widened }).toEqual({
    bases: [],
    widened: {
      code: 'shallow-history',
      detail:
        "This clone's history is too short for the merge base with main: the last 32768 commits of both were looked at.",
    },
  });
  const depths = said.flatMap((line) => /--depth=(\d+)/.exec(line)?.[1] ?? []);
  expect(depths.map(Number)).toEqual([128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768]);
  await isSound();
});
