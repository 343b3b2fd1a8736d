import { expect, test } from 'vitest';
import { cli, cliJson } from '../support/cli.ts';
import {
  branchPush,
  createProject,
  mainPush,
  mergeRequest,
  pipeline,
  runnerCheckout,
} from '../support/runner-checkout.ts';
import { createRepository } from '../support/repository.ts';

interface BaseJson {
  base: string | null;
  commits: string[];
  source: string;
  strategy: string;
  why: string;
  widened?: { code: string };
  fetched: string[];
}

const ask = (dir: string, env: Record<string, string>, args: readonly string[] = []) =>
  cliJson<BaseJson>(dir, ['base', ...args], { env });

test('says what is compared with, how that was found, and what was fetched', async () => {
  const { server, fork, topic } = await createProject({ shared: false });
  const checkout = await runnerCheckout({ server, commit: topic, branch: 'topic', depth: 1 });
  const { code, stdout, stderr } = await cli(checkout.dir, ['base'], { env: branchPush });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split('\n').slice(0, 6)).toEqual([
    `base      ${fork}`,
    `head      ${topic}`,
    'source    push',
    'strategy  merge-base',
    'why       merge base with main, the default branch',
    'asked     git ls-remote origin refs/heads/main',
  ]);
  expect(stdout.split('\n').slice(6)).toEqual([
    expect.stringMatching(/^asked     git fetch .* --filter=tree:0 .* origin [0-9a-f]{40} [0-9a-f]{40}$/),
    expect.stringMatching(`^asked     git fetch .* origin ${fork}$`),
    '',
  ]);
  expect(await cliJson(checkout.dir, ['base'], { env: branchPush })).toMatchObject({
    base: fork,
    head: topic,
  });
});

test('outside GitLab', async () => {
  const { server, fork } = await createProject({ shared: false });
  await server.git('checkout', '--quiet', 'topic');
  expect(await ask(server.dir, {})).toMatchObject({
    base: fork,
    source: 'local',
    strategy: 'merge-base',
    fetched: [],
  });
  expect(await ask(server.dir, {}, ['--since', 'main'])).toMatchObject({ base: fork, strategy: 'named' });
  expect((await cli(server.dir, ['base'])).stdout).toContain('\nasked     nothing but this clone\n');
});

test('nothing to compare with is said in words and as null, and fails with --strict only where it was not meant', async () => {
  const { server, main } = await createProject({ shared: false });
  const checkout = await runnerCheckout({ server, commit: main, branch: 'main', depth: 1 });
  const first = { ...mainPush, CI_COMMIT_BEFORE_SHA: '0'.repeat(40) };
  expect(await ask(checkout.dir, first)).toMatchObject({
    base: null,
    commits: [],
    widened: { code: 'no-base' },
  });
  expect((await cli(checkout.dir, ['base', '--strict'], { env: first })).code).toBe(2);
  const schedule = { ...mainPush, CI_PIPELINE_SOURCE: 'schedule' };
  const { code, stdout } = await cli(checkout.dir, ['base', '--strict'], { env: schedule });
  expect([code, stdout.split('\n')[0]]).toEqual([0, 'base      none: every image is affected']);
});

test('a config that can’t be read is an error, also where the decision did not need it', async () => {
  const repository = await createRepository();
  await repository.commit({ 'affected.yml': 'versoin: 1\n' });
  expect((await cli(repository.dir, ['base', '--base', 'HEAD'])).code).toBe(2);
});

test.each([1, 20, 0])(
  'merged results without the target commit: the first parent (depth %i)',
  async (depth) => {
    const { server, main, merged, topic, fork } = await createProject({ shared: false });
    const env = { ...mergeRequest, CI_MERGE_REQUEST_EVENT_TYPE: 'merge_train' };
    const checkout = await runnerCheckout({ server, commit: merged, depth });
    expect(await ask(checkout.dir, env)).toMatchObject({ base: main, strategy: 'first-parent' });
    // A train that is fast-forwarded makes no merge.
    const other = await runnerCheckout({ server, commit: topic, depth });
    expect(await ask(other.dir, env)).toMatchObject({ base: fork, strategy: 'merge-base' });
  },
);

test.each([1, 20, 0])('a tag by policy: the newest tag in its history (depth %i)', async (depth) => {
  const { server, fork, main, topic } = await createProject({ shared: false });
  await server.git('tag', 'v1', `${fork}~1`);
  await server.git('tag', '--annotate', '--message', 'v2', 'v2', fork);
  await server.git('tag', 'elsewhere', topic);
  await server.git('checkout', '--quiet', 'main');
  const head = await server.commit({ 'affected.yml': 'base: { tags: previous-tag }\n' });
  await server.git('tag', 'v3', head);
  const env = { ...pipeline, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_TAG: 'v3' };
  const checkout = await runnerCheckout({ server, commit: head, depth });
  expect(await ask(checkout.dir, env)).toMatchObject({ base: fork, strategy: 'previous-tag' });
  expect((await ask(checkout.dir, env)).why).toContain('v2');
  const first = await runnerCheckout({ server, commit: main, depth });
  expect(await ask(first.dir, env)).toMatchObject({ base: null, why: 'a tag has no base' });
});

test('a tag by policy, without origin or without an older tag', async () => {
  const repository = await createRepository();
  await repository.commit({ a: '1' });
  const tagged = await repository.commit({ 'affected.yml': 'base: { tags: previous-tag }\n' });
  await repository.git('tag', 'v1');
  const env = { ...pipeline, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_TAG: 'v2' };
  expect(await ask(repository.dir, env)).toMatchObject({
    base: null,
    why: "no tag is in this commit's history",
  });
  await repository.commit({ a: '2' });
  expect(await ask(repository.dir, env)).toMatchObject({ base: tagged, fetched: [] });
  const clone = await repository.clone('--depth=1');
  await repository.remove();
  const { base, widened } = await ask(clone.dir, env);
  expect([base, widened?.code]).toEqual([null, 'base-unavailable']);
});
