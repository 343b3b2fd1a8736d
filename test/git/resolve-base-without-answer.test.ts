import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findMergeBases } from '../../src/git/history.ts';
import {
  branchPush,
  createProject,
  mainPush,
  resolveIn,
  runnerCheckout,
  type Project,
} from '../support/runner-checkout.ts';

afterEach(() => vi.unstubAllEnvs());

// One server for the tests that only fetch from it.
let project: Project;
beforeAll(async () => {
  project = await createProject({ shared: true });
  return () => project.server.remove();
});

describe('a clone without a remote', () => {
  test('knows the branches it has', async () => {
    const { server, fork } = await createProject({ shared: false });
    await server.git('checkout', '--quiet', 'topic');
    expect(await resolveIn(server, { env: branchPush })).toMatchObject({ commits: [fork], said: [] });
    const env = { ...branchPush, CI_DEFAULT_BRANCH: 'trunk' };
    expect(await resolveIn(server, { env })).toMatchObject({
      commits: [],
      widened: { code: 'base-unavailable', detail: 'There is no branch trunk and no remote origin.' },
    });
  });

  test('does without a commit it has not', async () => {
    const { server } = project;
    const env = { ...mainPush, CI_COMMIT_BEFORE_SHA: '1'.repeat(40) };
    expect(await resolveIn(server, { env })).toMatchObject({
      commits: [],
      widened: {
        code: 'base-unavailable',
        detail: `The base ${'1'.repeat(40)} can't be had: it is not in this clone.`,
      },
    });
  });
});

describe('an origin that does not answer', () => {
  test('is given up after the budget', async () => {
    const { server, topic } = project;
    const checkout = await runnerCheckout({ server, commit: topic, depth: 1 });
    const mute = createServer(() => {});
    await new Promise<void>((listening) => mute.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void mute.close());
    const { port } = mute.address() as AddressInfo;
    await checkout.git('remote', 'set-url', 'origin', `git://127.0.0.1:${port}/x`);
    expect(await resolveIn(checkout, { env: branchPush, budgetMs: 300 })).toMatchObject({
      commits: [],
      widened: { code: 'base-unavailable', detail: 'Origin did not answer within 0.3 s.' },
    });
  });

  test('never has its credentials printed', async () => {
    const { server, topic } = project;
    const checkout = await runnerCheckout({ server, commit: topic, depth: 1 });
    await checkout.git('remote', 'set-url', 'origin', 'git://gitlab-ci-token:s3cret@127.0.0.1:1/x.git');
    const decision = await resolveIn(checkout, { env: branchPush });
    expect(decision.widened?.detail).toContain('***@127.0.0.1');
    expect(JSON.stringify(decision)).not.toContain('s3cret');
  });

  test('in the middle of deepening: the history that is here is not enough', async () => {
    const { server, fork, topic } = project;
    const checkout = await runnerCheckout({ server, commit: topic, branch: 'main', depth: 1 });
    await checkout.git('remote', 'set-url', 'origin', '/nonexistent');
    expect(await resolveIn(checkout, { env: { CI: 'true' } })).toMatchObject({
      commits: [],
      widened: {
        code: 'shallow-history',
        detail: expect.stringMatching(
          /^This clone's history is too short for the merge base with origin\/main: fatal/,
        ) as string,
      },
    });
    expect(await resolveIn(checkout, { env: { ...mainPush, CI_COMMIT_BEFORE_SHA: fork } })).toMatchObject({
      widened: { code: 'base-unavailable' },
    });
  });
});

test('the environment’s own ways to reach origin are used', async () => {
  const { server, fork, topic } = project;
  const checkout = await runnerCheckout({ server, commit: topic, depth: 1 });
  await checkout.git('remote', 'set-url', 'origin', 'https://gitlab.example.com/x.git');
  vi.stubEnv('GIT_CONFIG_COUNT', '2');
  vi.stubEnv('GIT_CONFIG_KEY_0', `url.file://${server.dir}.insteadOf`);
  vi.stubEnv('GIT_CONFIG_VALUE_0', 'https://gitlab.example.com/x.git');
  vi.stubEnv('GIT_CONFIG_KEY_1', 'credential.helper');
  vi.stubEnv('GIT_CONFIG_VALUE_1', '!false');
  vi.stubEnv('GIT_SSH_COMMAND', 'ssh -o BatchMode=yes');
  vi.stubEnv('GIT_ASKPASS', '/bin/false');
  vi.stubEnv('EDITOR', 'vi');
  vi.stubEnv('GIT_DIR', '/elsewhere');
  vi.stubEnv('CI', 'true');
  expect(await resolveIn(checkout, { env: branchPush })).toMatchObject({ commits: [fork] });
});

test('a first push to the default branch has no base, and says so', async () => {
  const { server, main } = project;
  const checkout = await runnerCheckout({ server, commit: main, branch: 'main', depth: 1 });
  const env = { ...mainPush, CI_COMMIT_BEFORE_SHA: '0'.repeat(40) };
  expect(await resolveIn(checkout, { env })).toMatchObject({
    commits: [],
    why: 'no commit came before this one on the branch; which commit was built last is not known: CI_API_V4_URL and CI_PROJECT_ID are not set',
    widened: { code: 'no-base', detail: 'No commit came before this one on the branch.' },
    said: [],
  });
});

test('a head that does not exist is no matter of the base', async () => {
  const repository = { root: project.server.dir, shallow: false, workTree: true };
  const options = { repository, head: '1'.repeat(40), target: project.main, origin: undefined };
  await expect(findMergeBases(options)).rejects.toThrow('git merge-base failed with exit code 128');
});
