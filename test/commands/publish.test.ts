import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { imageOf, publishProject } from '../support/publish-project.ts';
import { digestOf, PASSWORD, type RegistryAccess } from '../support/registry-server.ts';
import { runnerCheckout } from '../support/runner-checkout.ts';

const ACCESS: RegistryAccess[] = ['anyone', 'basic', 'bearer'];

/** A digest as reports shorten it. */
const short = (commit: string) => `${digestOf(imageOf(commit)).slice(0, 19)}…`;

describe.each(ACCESS)('a registry that lets in by: %s', (access) => {
  test('the tags of an image are put on its digest, and the image is handed on', async () => {
    const { server, publish, tags, commits, repository } = await publishProject({ access });
    const [first, second] = commits as [string, string];
    await publish(first);
    const { dir } = await runnerCheckout({ server, commit: second, branch: 'main', depth: 1 });
    const { code, stdout, stderr } = await publish(second, { cwd: dir });
    expect(stdout.split('\n')).toEqual([
      `app: ${repository}@${digestOf(imageOf(second))}`,
      `app:commit-${second} -> ${short(second)} (is new)`,
      `app:${second.slice(0, 8)} -> ${short(second)} (is new)`,
      `app:latest -> ${short(second)} (was ${short(first)})`,
      `app:main -> ${short(second)} (was ${short(first)})`,
      '',
    ]);
    expect(code).toBe(0);
    expect(tags()).toEqual({
      [`commit-${first}`]: 0,
      [first.slice(0, 8)]: 0,
      [`commit-${second}`]: 1,
      [second.slice(0, 8)]: 1,
      latest: 1,
      main: 1,
    });
    expect(await readFile(join(dir, '.affected.env'), 'utf8')).toBe(
      `AFFECTED_IMAGE_APP=${repository}@${digestOf(imageOf(second))}\n`,
    );
    expect(stderr + stdout).not.toContain(PASSWORD);
    expect(stderr + stdout).not.toContain('token-of');
  });
});

test('publishing again changes nothing, and writes nothing', async () => {
  const { publish, tags, commits, registry } = await publishProject();
  await publish(commits[0] as string);
  const before = tags();
  registry.requests.length = 0;
  const { code, stdout } = await publish(commits[0] as string);
  expect(code).toBe(0);
  expect(stdout).toContain(`app:latest is ${short(commits[0] as string)} already\n`);
  expect(tags()).toEqual(before);
  expect(registry.requests.filter((request) => request.startsWith('PUT'))).toEqual([]);
});

describe.each([1, 2, 0])('in a checkout of depth %i', (depth) => {
  test.each([
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ])('the newest commit’s image is latest after %i, %i, %i', async (...order) => {
    const { publish, tags, commits } = await publishProject();
    for (const number of order) {
      const { code, stdout } = await publish(commits[number] as string, { depth });
      expect(code, stdout).toBe(0);
    }
    expect(tags()).toMatchObject({ latest: 2, main: 2 });
    for (const [index, commit] of commits.entries()) {
      expect(tags()).toMatchObject({ [`commit-${commit}`]: index, [commit.slice(0, 8)]: index });
    }
  });
});

test('a tag that stays says why', async () => {
  const { publish, commits } = await publishProject();
  await publish(commits[1] as string);
  const { code, stdout } = await publish(commits[0] as string);
  expect(code).toBe(0);
  expect(stdout).toContain(`app:latest stays: ${commits[1]?.slice(0, 8)} is newer and published\n`);
});

test('a newer commit that published nothing stops nobody; nor does one of another variant', async () => {
  const { publish, commits, tags, registry } = await publishProject();
  registry.images.set(`group/app:commit-${commits[2]}_slim`, imageOf(commits[2] as string));
  registry.images.set(`group/app:commit-${commits[2]}`.slice(0, -1), imageOf(commits[2] as string));
  expect(await publish(commits[1] as string)).toMatchObject({ code: 0 });
  expect(tags()).toMatchObject({ latest: 1 });
});

test('nothing moves before what an earlier pipeline had to publish is there', async () => {
  const { publish, commits, tags, registry, repository } = await publishProject();
  const base = repository.replace(/app$/, 'base');
  const env = { AFFECTED_AFTER_1: `${base}:candidate-pipeline-7-released` };
  const { code, stderr } = await publish(commits[0] as string, { env });
  expect([code, tags()]).toEqual([2, {}]);
  expect(stderr).toContain(`app: it is built from ${base}, which this pipeline has not published`);
  registry.images.set('group/base:candidate-pipeline-7-released', imageOf(commits[0] as string));
  expect(await publish(commits[0] as string, { env })).toMatchObject({ code: 0 });
  expect(tags()).toMatchObject({ latest: 0 });
});

describe('a branch that was pushed back', () => {
  test('publishes its tip, whatever was published of what is gone', async () => {
    const { publish, commits, tags, server } = await publishProject();
    await publish(commits[2] as string);
    await server.git('reset', '--hard', '--quiet', commits[1] as string);
    expect(await publish(commits[1] as string)).toMatchObject({ code: 0 });
    expect(tags()).toMatchObject({ latest: 1, main: 1 });
  });

  test.each([1, 0])('does not publish what it no longer has (depth %i)', async (depth) => {
    const { publish, commits, tags, server } = await publishProject();
    await publish(commits[0] as string);
    await server.git('reset', '--hard', '--quiet', commits[0] as string);
    const { code, stdout } = await publish(commits[2] as string, { depth });
    expect(code).toBe(0);
    expect(stdout).toContain(`app:latest stays: ${commits[2]?.slice(0, 8)} is no longer on main\n`);
    expect(tags()).toMatchObject({ latest: 0, [`commit-${commits[2]}`]: 2 });
  });
});

describe('releases', () => {
  const release = (version: string) => ({
    AFFECTED_BRANCH_TAG_1: '',
    AFFECTED_BRANCH_TAG_2: '',
    AFFECTED_MARKER: '',
    CI_COMMIT_BRANCH: '',
    AFFECTED_TAG_1: `v${version}`,
    AFFECTED_TAG_2: version,
    AFFECTED_VERSION: version,
    AFFECTED_VERSION_TAG_1: version.split('.').slice(0, 2).join('.'),
    AFFECTED_VERSION_TAG_2: version.split('.')[0] as string,
    AFFECTED_VERSION_TAG_3: 'latest',
  });

  test.each([1, undefined])('move what floats to higher versions only (page size %s)', async (pageSize) => {
    const { publish, commits, tags, registry } = await publishProject();
    registry.pageSize = pageSize;
    await publish(commits[0] as string, { env: release('1.3.0') });
    const { code, stdout } = await publish(commits[1] as string, { env: release('1.2.9') });
    expect(code).toBe(0);
    expect(stdout).toContain('app:1 stays: 1.3.0 is higher\n');
    expect(stdout).toContain('app:latest stays: 1.3.0 is higher\n');
    await publish(commits[2] as string, { env: release('2.0.0-rc.1') });
    expect(tags()).toEqual({
      'v1.3.0': 0,
      '1.3.0': 0,
      'v1.2.9': 1,
      '1.2.9': 1,
      'v2.0.0-rc.1': 2,
      '2.0.0-rc.1': 2,
      '1.3': 0,
      '1.2': 1,
      '1': 0,
      latest: 0,
    });
  });

  test('need no git at all', async () => {
    const { publish, commits, tags } = await publishProject();
    const { code } = await publish(commits[0] as string, {
      env: release('1.0.0'),
      cwd: '/',
      argv: ['--dry-run'],
    });
    expect(code).toBe(0);
    expect(tags()).toEqual({});
  });
});

test('what is known when planned is copied', async () => {
  const { publish, commits, tags, repository } = await publishProject();
  const env = {
    AFFECTED_IMAGE_APP: '',
    AFFECTED_REFERENCE: `${repository}@${digestOf(imageOf(commits[0] as string))}`,
  };
  expect(await publish(commits[2] as string, { env })).toMatchObject({ code: 0 });
  expect(tags()).toMatchObject({ latest: 0, [`commit-${commits[2]}`]: 0 });
});

test('a dry run says what it would do, and does nothing', async () => {
  const { publish, commits, tags, registry, server } = await publishProject();
  await publish(commits[0] as string);
  const before = tags();
  const { dir } = await runnerCheckout({ server, commit: commits[1] as string, branch: 'main', depth: 1 });
  registry.requests.length = 0;
  const { code, stdout } = await publish(commits[1] as string, { argv: ['--dry-run'], cwd: dir });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Dry run: nothing is written\.\napp: /);
  expect(stdout).toContain(
    `app:latest -> ${short(commits[1] as string)} (was ${short(commits[0] as string)})`,
  );
  expect(tags()).toEqual(before);
  expect(registry.requests.filter((request) => !/^(?:GET|HEAD) /.test(request))).toEqual([]);
  await expect(readFile(join(dir, '.affected.env'))).rejects.toThrow('ENOENT');
});
