import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type Fault, serve } from '../support/git-daemon.ts';
import { createHost, type GitHost } from '../support/git-host.ts';
import type { TestRepository } from '../support/repository.ts';
import { branchPush, mergeRequest, resolveIn, runnerCheckout } from '../support/runner-checkout.ts';
import { watchClone } from '../support/watch-clone.ts';
import { parted, partedRefs } from './situation.ts';

/** A base with a file too large for one packet: what a broken connection has brought of it is a commit, and no file. */
async function hostWithLargeBase(): Promise<GitHost> {
  const large = randomBytes(200_000).toString('base64');
  const history = { ...parted, fork: { files: { 'a/file': large } } };
  return createHost({ history, refs: partedRefs });
}

async function checkoutOf({ server, ids }: GitHost, url: string): Promise<TestRepository> {
  const checkout = await runnerCheckout({
    server,
    commit: ids['topic'] as string,
    branch: 'topic',
    depth: 1,
  });
  await checkout.git('remote', 'set-url', 'origin', url);
  return checkout;
}

const recordedBase = ({ ids }: GitHost) => ({
  ...mergeRequest,
  CI_MERGE_REQUEST_DIFF_BASE_SHA: ids['fork'] as string,
});

const FAULTS: readonly { fault: Fault; said: RegExp; budgetMs: number }[] = [
  { fault: { kind: 'mute' }, said: /origin did not answer within 0.8 s/i, budgetMs: 800 },
  { fault: { kind: 'cut', bytes: 0 }, said: /fatal: /, budgetMs: 60_000 },
  { fault: { kind: 'cut', bytes: 100 }, said: /fatal: /, budgetMs: 60_000 },
  { fault: { kind: 'cut', bytes: 150_000 }, said: /fatal: /, budgetMs: 60_000 },
  { fault: { kind: 'stall', bytes: 40 }, said: /origin did not answer within 1.5 s/i, budgetMs: 1500 },
  { fault: { kind: 'stall', bytes: 150_000 }, said: /origin did not answer within 1.5 s/i, budgetMs: 1500 },
];

describe.each(FAULTS)('a server that fails: $fault', ({ fault, said, budgetMs }) => {
  test('the base alone', async () => {
    const host = await hostWithLargeBase();
    const checkout = await checkoutOf(host, await serve(host.server, { fault }));
    const isSound = await watchClone(checkout);
    const env = recordedBase(host);
    const decision = await resolveIn(checkout, { env, budgetMs });
    expect(decision).toMatchObject({ commits: [], widened: { code: 'base-unavailable' } });
    expect(decision.widened?.detail).toMatch(said);
    await isSound();
    await expectHealed({ host, checkout, env });
  });
});

// The history of a merge base is small: its pack is broken near its beginning.
describe.each(FAULTS.filter(({ fault }) => fault.kind === 'mute' || fault.bytes <= 100))(
  'a server that fails: $fault',
  ({ fault, said, budgetMs }) => {
    test('the history for a merge base', async () => {
      const host = await hostWithLargeBase();
      const checkout = await checkoutOf(host, await serve(host.server, { fault }));
      const isSound = await watchClone(checkout);
      const decision = await resolveIn(checkout, { env: branchPush, budgetMs });
      expect(decision.commits).toEqual([]);
      expect(decision.widened?.detail).toMatch(said);
      await isSound();
      await expectHealed({ host, checkout, env: branchPush });
    });
  },
);

test('a server that refuses', async () => {
  const host = await hostWithLargeBase();
  const closed = createServer();
  await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening));
  const { port } = closed.address() as AddressInfo;
  await new Promise((done) => closed.close(done));
  const checkout = await checkoutOf(host, `git://127.0.0.1:${port}/x`);
  const isSound = await watchClone(checkout);
  for (const env of [branchPush, recordedBase(host)]) {
    const { commits, widened } = await resolveIn(checkout, { env });
    expect({ commits, code: widened?.code }).toEqual({ commits: [], code: 'base-unavailable' });
    expect(widened?.detail).toMatch(/Connection refused/);
  }
  await isSound();
});

test('a server that serves no such repository', async () => {
  const host = await hostWithLargeBase();
  const checkout = await checkoutOf(host, `${await serve(host.server)}-other`);
  const { widened } = await resolveIn(checkout, { env: branchPush });
  expect(widened).toMatchObject({
    code: 'base-unavailable',
    detail: expect.stringMatching(/access denied/) as string,
  });
});

test('a lock that a killed job left behind', async () => {
  const host = await hostWithLargeBase();
  const checkout = await checkoutOf(host, await serve(host.server));
  await writeFile(join(checkout.dir, '.git/shallow.lock'), '');
  const { widened } = await resolveIn(checkout, { env: recordedBase(host) });
  expect(widened).toMatchObject({
    code: 'base-unavailable',
    detail: expect.stringMatching(/shallow\.lock': File exists/) as string,
  });
});

test('no room for a temporary repository', async () => {
  const host = await hostWithLargeBase();
  const checkout = await checkoutOf(host, await serve(host.server));
  vi.stubEnv('TMPDIR', '/nonexistent');
  const { commits, widened } = await resolveIn(checkout, { env: branchPush });
  vi.unstubAllEnvs();
  expect({ commits, code: widened?.code }).toEqual({ commits: [], code: 'shallow-history' });
  expect(widened?.detail).toMatch(/there is no room for more of it: ENOENT/);
});

/** What broke off left nothing that the next job, with a server that works, would take for the base. */
async function expectHealed(options: {
  host: GitHost;
  checkout: TestRepository;
  env: Record<string, string>;
}): Promise<void> {
  const { host, checkout, env } = options;
  await checkout.git('remote', 'set-url', 'origin', await serve(host.server));
  const { commits } = await resolveIn(checkout, { env });
  expect(commits).toEqual([host.ids['fork']]);
  const changed = await checkout.git('diff-tree', '-r', '-p', host.ids['fork'] as string, 'HEAD');
  expect(changed).toContain('diff --git a/a/file b/a/file');
}
