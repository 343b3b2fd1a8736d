import { afterEach, describe, expect, test, vi } from 'vitest';
import { cliJson, type ComparisonJson, namesOf } from '../support/cli.ts';
import { serve } from '../support/git-daemon.ts';
import { createHost, type GitHost } from '../support/git-host.ts';
import type { TestRepository } from '../support/repository.ts';
import { branchPush, mergeRequest, runnerCheckout } from '../support/runner-checkout.ts';
import { mainline, parted, partedRefs } from './situation.ts';

afterEach(() => vi.unstubAllEnvs());

test('a submodule that moved, and no network for it', async () => {
  const history = {
    ...parted,
    fork: {
      files: {
        '.gitmodules': '[submodule "lib"]\n\tpath = a/lib\n\turl = git://127.0.0.1:1/lib\n',
      },
    },
  };
  const at = await createHost({ history, refs: partedRefs });
  const checkout = await checkoutOf(at);
  const entry = (id: string) => ['update-index', '--add', '--cacheinfo', `160000,${id.repeat(40)},a/lib`];
  await checkout.git(...entry('1'));
  await checkout.git('commit', '--quiet', '--message', 'lib');
  const base = await checkout.git('rev-parse', 'HEAD');
  await checkout.git(...entry('2'));
  await checkout.git('commit', '--quiet', '--message', 'lib moves');
  const head = await checkout.git('rev-parse', 'HEAD');
  await checkout.git('push', '--quiet', 'origin', `${base}:refs/heads/lib`, `${head}:refs/heads/moved`);
  const job = await runnerCheckout({ server: at.server, commit: head, branch: 'moved', depth: 1 });
  await job.git('config', 'submodule.recurse', 'true');
  await job.git('config', 'fetch.recurseSubmodules', 'true');
  const env = { ...mergeRequest, CI_MERGE_REQUEST_DIFF_BASE_SHA: base };
  const found = await cliJson(job.dir, [], { env });
  expect({ changedPaths: found.changedPaths, names: namesOf(found) }).toEqual({
    changedPaths: 1,
    names: ['a'],
  });
});

describe('LFS, where git-lfs is not to be had', () => {
  const pointer = (id: string) =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${id.repeat(64)}\nsize 5\n`;
  const history = {
    ...mainline,
    fork: {
      files: { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'a/x.bin': pointer('1') },
    },
    topic: { files: { 'a/x.bin': pointer('2') } },
  };

  test.each(['pointers', 'contents'])('%s on disk', async (onDisk) => {
    const at = await createHost({ history, refs: { main: 'fork', topic: 'topic' } });
    const checkout = await checkoutOf(at);
    await checkout.git('config', 'filter.lfs.required', 'true');
    await checkout.git('config', 'filter.lfs.process', 'no-such-git-lfs filter-process');
    if (onDisk === 'contents') await checkout.write({ 'a/x.bin': 'large' });
    // What is compared are commits, as in a job that generates a pipeline.
    const found = await cliJson(checkout.dir, ['--head', 'HEAD'], { env: branchPush });
    expect(found).toMatchObject({ base: at.ids['fork'], changedPaths: 1, widened: [] });
    expect(namesOf(found)).toEqual(['a']);
  });
});

describe.each([
  // Without its files, what the base's Dockerfile said does not matter where the head's says something else.
  { filter: 'blob:none', codes: [] },
  { filter: 'tree:0', codes: ['base-unreadable'] },
])('a partial clone with the filter $filter', ({ filter, codes }) => {
  const history = {
    ...parted,
    'topic 1': { files: { 'a/Dockerfile': 'FROM scratch\nCOPY file /\n' } },
  };

  /** As with `--filter` in GIT_CLONE_EXTRA_FLAGS or GIT_FETCH_EXTRA_FLAGS. */
  async function partialCheckout(at: GitHost): Promise<TestRepository> {
    const checkout = await checkoutOf(at);
    await checkout.git('config', 'remote.origin.promisor', 'true');
    await checkout.git('config', 'remote.origin.partialCloneFilter', filter);
    return checkout;
  }

  test('what is missing is fetched', async () => {
    const at = await createHost({ history, refs: partedRefs });
    const checkout = await partialCheckout(at);
    const found = { base: at.ids['fork'], changedPaths: 2, widened: [] };
    expect(await cliJson(checkout.dir, [], { env: branchPush })).toMatchObject(found);
    expect(await decide(checkout, at)).toMatchObject(found);
    await checkout.git('fsck', '--connectivity-only');
  });

  test('what is missing and can’t be had is no reason to build less', async () => {
    const at = await createHost({ history, refs: partedRefs });
    const checkout = await partialCheckout(at);
    const fetch = [
      'fetch',
      '--quiet',
      '--depth=1',
      '--no-write-fetch-head',
      'origin',
      at.ids['fork'] as string,
    ];
    await checkout.git(...fetch);
    await checkout.git('remote', 'set-url', 'origin', 'git://127.0.0.1:1/x');
    const { affected, widened } = await decide(checkout, at);
    expect(affected.map(({ name }) => name)).toContain('a');
    expect(widened.map(({ code }) => code)).toEqual(codes);
  });

  test('a server that never answers is given up', async () => {
    const at = await createHost({ history, refs: partedRefs });
    const checkout = await partialCheckout(at);
    await checkout.git(
      'fetch',
      '--quiet',
      '--depth=1',
      '--no-write-fetch-head',
      'origin',
      at.ids['fork'] as string,
    );
    const mute = await serve(at.server, { fault: { kind: 'mute' } });
    await checkout.git('remote', 'set-url', 'origin', mute.replace('git:', 'http:'));
    vi.stubEnv('GIT_ALLOW_PROTOCOL', 'file:git:http');
    vi.stubEnv('GIT_HTTP_LOW_SPEED_TIME', '1');
    const { affected, widened } = await decide(checkout, at);
    expect(affected.map(({ name }) => name)).toContain('a');
    expect(widened.map(({ code }) => code)).toEqual(codes);
  });
});

const checkoutOf = ({ server, ids }: GitHost) =>
  runnerCheckout({ server, commit: ids['topic'] as string, branch: 'topic', depth: 1 });

function decide(checkout: TestRepository, { ids }: GitHost): Promise<ComparisonJson> {
  const env = { ...mergeRequest, CI_MERGE_REQUEST_DIFF_BASE_SHA: ids['fork'] as string };
  return cliJson(checkout.dir, [], { env });
}
