import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cli } from '../support/cli.ts';
import type { Fault } from '../support/gitlab-server/faults.ts';
import { imageOf, loginAt, publishProject } from '../support/publish-project.ts';
import { digestOf } from '../support/registry-server.ts';
import { runnerCheckout } from '../support/runner-checkout.ts';

const NAMES = ['base', 'java', 'app'];

/** A pipeline of three images for the second of three commits, whose candidates are in the registry. */
async function pipeline(options: { images?: readonly string[] } = {}) {
  const { server, registry, commits } = await publishProject();
  const { images: names = NAMES } = options;
  const publish = async (
    number: number,
    run: { sign?: string; path?: string; env?: Record<string, string>; argv?: string[] } = {},
  ) => {
    const commit = commits[number] as string;
    for (const name of names)
      registry.images.set(`group/${name}:candidate-pipeline-${number}`, imageOf(`${name} ${commit}`));
    const { dir } = await runnerCheckout({ server, commit, branch: 'main', depth: 1 });
    const plan = {
      version: 1,
      pipeline: `${number}`,
      commit,
      ...(run.sign ? { sign: run.sign } : {}),
      images: names.map((name) => ({
        name,
        repository: `${registry.host}/group/${name}`,
        candidate: `candidate-pipeline-${number}`,
        tags: [commit.slice(0, 8)],
        branchTags: ['latest'],
        marker: `commit-${commit}`,
      })),
    };
    await writeFile(join(dir, 'publish.json'), JSON.stringify(plan));
    const env = {
      ...loginAt(registry),
      PATH: `${run.path ?? ''}:${process.env['PATH']}`,
      CI_PIPELINE_ID: `${number}`,
      CI_COMMIT_SHA: commit,
      CI_COMMIT_BRANCH: 'main',
      ...run.env,
    };
    return cli(dir, ['publish', '--plan', 'publish.json', ...(run.argv ?? [])], { env });
  };
  const latest = () =>
    names.map((name) => {
      const text = registry.images.get(`group/${name}:latest`);
      return text && commits.findIndex((commit) => imageOf(`${name} ${commit}`) === text);
    });
  return { registry, commits, publish, latest };
}

/** A program in the place of cosign, which writes down what it is given, and a folder with nothing else for PATH. */
async function standIn(script: string) {
  const directory = await mkdtemp(join(tmpdir(), 'affected-cosign-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(
    join(directory, 'cosign'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >> '${directory}/calls'\n${script}\n`,
  );
  await chmod(join(directory, 'cosign'), 0o755);
  const calls = async () => (await readFile(join(directory, 'calls'), 'utf8')).trim().split('\n');
  return { path: directory, calls };
}

test('every image of the plan is published, people’s tags last', async () => {
  const { registry, publish, latest, commits } = await pipeline();
  const { code, stdout } = await publish(1);
  expect(code).toBe(0);
  expect(latest()).toEqual([1, 1, 1]);
  const short = commits[1]?.slice(0, 8);
  // A registry that wants another token for pushing is asked twice.
  const puts = new Set(registry.requests.filter((request) => request.startsWith('PUT')));
  expect([...puts]).toEqual(
    [`commit-${commits[1]}`, short, 'latest'].flatMap((tag) =>
      NAMES.map((name) => `PUT group/${name}:${tag}`),
    ),
  );
  expect(stdout).toContain(`java: ${registry.host}/group/java@${digestOf(imageOf(`java ${commits[1]}`))}\n`);
  expect(stdout).toMatch(/^app:latest -> sha256:[0-9a-f]{12}… \(is new\)$/m);
});

test('an older pipeline’s plan leaves the newer commit’s tags', async () => {
  const { publish, latest } = await pipeline();
  expect(await publish(2)).toMatchObject({ code: 0 });
  const { code, stdout } = await publish(1);
  expect(code).toBe(0);
  expect(stdout.match(/:latest stays: [0-9a-f]{8} is newer and published$/gm)).toHaveLength(3);
  expect(latest()).toEqual([2, 2, 2]);
});

test('where one candidate is not there, nothing of the release is published, and each is named', async () => {
  const { registry, publish, latest, commits } = await pipeline();
  await publish(0);
  registry.requests.length = 0;
  for (const name of ['base', 'app']) {
    registry.collected.add(digestOf(imageOf(`${name} ${commits[0]}`)));
  }
  const { code, stderr } = await publish(0);
  expect(code).toBe(2);
  expect(stderr).toMatch(/affected: no tag was moved: app: \S+\/group\/app has no candidate-pipeline-0: /);
  expect(stderr).toMatch(/\n {2}base: \S+\/group\/base has no candidate-pipeline-0: .*\[not-published\]\n/);
  expect(registry.requests.filter((request) => request.startsWith('PUT'))).toEqual([]);
  expect(latest()).toEqual([0, 0, 0]);
});

test('where one tag can’t be put, those of all images go back', async () => {
  const { registry, publish, latest } = await pipeline();
  await publish(0);
  const refused: Fault = { kind: 'answer', answer: { status: 409, body: '' } };
  registry.faultFor = (request) => (request === 'PUT group/app:latest' ? refused : undefined);
  const { code, stderr } = await publish(1);
  expect(code).toBe(2);
  expect(stderr).toContain('\n  back on what they named before: java:latest, base:latest\n');
  expect(latest()).toEqual([0, 0, 0]);
  registry.faultFor = undefined;
  expect(await publish(1)).toMatchObject({ code: 0 });
  expect(latest()).toEqual([1, 1, 1]);
});

test('a plan of nothing is published', async () => {
  const { publish } = await pipeline({ images: [] });
  expect(await publish(1)).toMatchObject({ code: 0, stdout: 'Nothing to publish.\n' });
});

test.each<[Record<string, string>, string]>([
  [{ CI_PIPELINE_ID: '9' }, 'publish.json is of pipeline 1 and commit'],
  [{ CI_COMMIT_SHA: 'b'.repeat(40) }, `and this is pipeline 1 of commit ${'b'.repeat(40)}`],
])('another pipeline’s plan is refused: %j', async (env, words) => {
  const { publish, latest } = await pipeline();
  const { code, stderr } = await publish(1, { env });
  expect(code).toBe(2);
  expect(stderr).toContain(words);
  expect(latest()).toEqual([undefined, undefined, undefined]);
});

test('a plan that is not there is named', async () => {
  const { publish } = await pipeline();
  const { code, stderr } = await publish(1, { argv: ['--plan', 'none.json'] });
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /none\.json can't be read: ENOENT.* artifact of the job that runs affected generate --plan\. \[publish-plan\]/,
  );
});

describe('keyless signing', () => {
  test('signs each image by the very digest that gets the tags, before any tag moves', async () => {
    const { registry, publish, latest, commits } = await pipeline();
    const { path, calls } = await standIn('echo "signed by the job"');
    const { code, stderr } = await publish(1, { sign: 'keyless', path });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('signed by the job\n');
    expect(await calls()).toEqual(
      NAMES.map(
        (name) => `sign --yes ${registry.host}/group/${name}@${digestOf(imageOf(`${name} ${commits[1]}`))}`,
      ),
    );
    expect(latest()).toEqual([1, 1, 1]);
  });

  test('that fails leaves all tags where they are', async () => {
    const { registry, publish, latest } = await pipeline();
    await publish(0);
    const { path, calls } = await standIn('case "$*" in *java*) echo "no identity" >&2; exit 3;; esac');
    const before = new Map(registry.images);
    const { code, stderr } = await publish(1, { sign: 'keyless', path });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /no identity\naffected: no tag was moved: \S+\/group\/java@sha256:\S+ is not signed: cosign ended with 3\. \[not-signed\]\n$/,
    );
    expect(await calls()).toHaveLength(2);
    expect(latest()).toEqual([0, 0, 0]);
    expect(
      [...registry.images].filter(([name, text]) => before.get(name) !== text && !name.includes('candidate')),
    ).toEqual([]);
  });

  test('without cosign says so', async () => {
    const { publish, latest } = await pipeline();
    const { code, stderr } = await publish(1, { sign: 'keyless', env: { PATH: '/nonexistent' } });
    expect(code).toBe(2);
    expect(stderr).toContain('is not signed: there is no cosign on the PATH.');
    expect(latest()).toEqual([undefined, undefined, undefined]);
  });

  test('is left out of a dry run', async () => {
    const { publish } = await pipeline();
    const env = { PATH: '/nonexistent' };
    expect(await publish(1, { sign: 'keyless', env, argv: ['--dry-run'] })).toMatchObject({ code: 0 });
  });
});
