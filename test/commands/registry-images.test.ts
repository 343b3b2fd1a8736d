import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { cli } from '../support/cli.ts';
import { refusingUrl } from '../support/gitlab-server/server.ts';
import { mergeRequest } from '../support/pipeline.ts';
import {
  digestOf,
  imageManifest,
  PASSWORD,
  type RegistryServer,
  startRegistry,
  USER,
} from '../support/registry-server.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';

const PREFIX = 'ARG CI_REGISTRY_IMAGE\n';

/** `app` is built from `java`, and that from `base`; the last commit changes `app`. */
async function chain() {
  const server = await startRegistry('bearer');
  onTestFinished(() => server.close());
  const repository = await createRepository();
  await repository.commit({
    'base/Dockerfile': 'FROM scratch\n',
    'java/Dockerfile': `${PREFIX}FROM $CI_REGISTRY_IMAGE/base\n`,
    'app/Dockerfile': `${PREFIX}FROM $CI_REGISTRY_IMAGE/java:21\nCOPY a /\n`,
    'app/a': '1',
    'other/Dockerfile': 'FROM scratch\n',
  });
  await repository.commit({ 'app/a': '2' });
  return { repository, server };
}

interface Job {
  needs?: string[];
  variables: Record<string, string | { value: string }>;
}

async function generate(
  repository: TestRepository,
  options: { host: string; password?: string; env?: Record<string, string>; base?: string; argv?: string[] },
) {
  const { host, password = PASSWORD, base = 'HEAD~1', argv = [] } = options;
  const env = {
    ...mergeRequest,
    CI_REGISTRY: host,
    CI_REGISTRY_IMAGE: `${host}/group/project`,
    CI_REGISTRY_USER: USER,
    CI_REGISTRY_PASSWORD: password,
    ...options.env,
  };
  const file = 'child-pipeline.yml';
  const result = await cli(repository.dir, ['generate', '--base', base, '--output', file, ...argv], { env });
  if (result.code !== 0) return { ...result, jobs: {} as Record<string, Job> };
  const text = await readFile(join(repository.dir, file), 'utf8');
  const jobs = parse(text, { logLevel: 'error' }) as Record<string, Job>;
  return {
    ...result,
    jobs: Object.fromEntries(Object.entries(jobs).filter(([name]) => /:(?:build|publish)$/.test(name))),
  };
}

function buildsOf(jobs: Record<string, Job>): readonly string[] {
  return Object.keys(jobs).filter((name) => name.endsWith(':build'));
}

function valueOf(job: Job | undefined, name: string): string | undefined {
  const found = job?.variables[name];
  return typeof found === 'object' ? found.value : found;
}

/** Puts images into the registry as a pipeline would that built all of them. */
async function publish(
  repository: TestRepository,
  server: RegistryServer,
  options: { images: readonly string[]; env?: Record<string, string> },
) {
  const { env = { CI_COMMIT_REF_PROTECTED: 'true' } } = options;
  const all = await generate(repository, { host: server.host, env: { ...env, AFFECTED_ALL: '1' } });
  for (const image of options.images) {
    const tag =
      valueOf(all.jobs[`${image}:publish`], 'AFFECTED_TAG_1') ??
      valueOf(all.jobs[`${image}:build`], 'AFFECTED_DESTINATION_3')?.split(':').at(-1);
    server.images.set(`group/project/${image}:${tag}`, imageManifest(image));
  }
  server.requests.length = 0;
}

test('an image that is not built is taken by the digest published for what it is at this commit', async () => {
  const { repository, server } = await chain();
  await publish(repository, server, { images: ['base', 'java'] });
  const { jobs, stdout } = await generate(repository, { host: server.host });
  expect(buildsOf(jobs)).toEqual(['app:build']);
  const job = jobs['app:build'];
  expect(job?.needs ?? []).toEqual([]);
  expect(valueOf(job, 'AFFECTED_BASE_1')).toBe('2:6:AFFECTED_PUBLISHED_1:$CI_REGISTRY_IMAGE/java:21');
  expect(valueOf(job, 'AFFECTED_PUBLISHED_1')).toBe(
    `$CI_REGISTRY_IMAGE/java@${digestOf(imageManifest('java'))}`,
  );
  expect(stdout).not.toContain('registry');
  // Nothing is built from `base` or `other` here.
  expect(server.requests.filter((request) => /project\/(?:base|other)/.test(request))).toEqual([]);
});

test('one that is not published is built, and what it is built from is looked for in turn', async () => {
  const { repository, server } = await chain();
  await publish(repository, server, { images: ['base'] });
  const { jobs, stdout } = await generate(repository, { host: server.host });
  expect(buildsOf(jobs)).toEqual(['java:build', 'app:build']);
  expect(valueOf(jobs['java:build'], 'AFFECTED_PUBLISHED_1')).toContain(digestOf(imageManifest('base')));
  expect(jobs['app:build']?.needs).toEqual(['java:build']);
  expect(stdout).toMatch(/app is built from it, and \S+\/group\/project\/java has no h-[0-9a-f]+…/);
  expect(stdout).toContain('2 of 4 images affected');
});

test('where nothing is published, all of the chain is built, and nothing else', async () => {
  const { repository, server } = await chain();
  const { jobs } = await generate(repository, { host: server.host });
  expect(buildsOf(jobs)).toEqual(['base:build', 'java:build', 'app:build']);
});

test('an older image of the same name is none', async () => {
  const { repository, server } = await chain();
  await publish(repository, server, { images: ['base', 'java'] });
  await repository.commit({ 'java/Dockerfile': `${PREFIX}FROM $CI_REGISTRY_IMAGE/base\nUSER 1\n` });
  await repository.commit({ 'app/a': '3' });
  const { jobs } = await generate(repository, { host: server.host });
  expect(buildsOf(jobs)).toEqual(['java:build', 'app:build']);
});

describe('what an unprotected pipeline published', () => {
  const other = { CI_COMMIT_REF_PROTECTED: 'false' };

  test('serves another such pipeline', async () => {
    const { repository, server } = await chain();
    await publish(repository, server, { images: ['java'], env: other });
    const { jobs } = await generate(repository, { host: server.host, env: other });
    expect(buildsOf(jobs)).toEqual(['app:build']);
    expect(valueOf(jobs['app:build'], 'AFFECTED_DESTINATION_3')).toMatch(/:candidate-h-[0-9a-f]{64}$/);
  });

  test('but never a protected one', async () => {
    const { repository, server } = await chain();
    await publish(repository, server, { images: ['base', 'java'], env: other });
    const env = { CI_COMMIT_REF_PROTECTED: 'true' };
    const { jobs } = await generate(repository, { host: server.host, env });
    expect(buildsOf(jobs)).toEqual(['base:build', 'java:build', 'app:build']);
    expect(valueOf(jobs['app:publish'], 'AFFECTED_TAG_1')).toMatch(/^h-[0-9a-f]{64}$/);
  });
});

describe('a registry that does not answer: everything that can’t be had is built, and said', () => {
  test.each<[string, (host: string) => Promise<{ host: string; password?: string }>, string]>([
    [
      'it is not there',
      async () => ({ host: new URL(await refusingUrl()).host }),
      'there is no connection to',
    ],
    ['a wrong password', async (host) => ({ host, password: 'wrong-password' }), '(401)'],
  ])('%s', async (_, registryAt, said) => {
    const { repository, server } = await chain();
    await publish(repository, server, { images: ['base', 'java'] });
    const at = await registryAt(server.host);
    const { jobs, stdout, stderr } = await generate(repository, at);
    expect(buildsOf(jobs)).toEqual(['base:build', 'java:build', 'app:build']);
    expect(stdout).toMatch(/^ {2}registry \(java\): /m);
    expect(stdout).toContain(said);
    expect(stdout + stderr).not.toMatch(/wrong-password|pa55/);
    expect((await generate(repository, { ...at, argv: ['--strict'] })).code).toBe(2);
  });
});

test('who did not answer is not asked for what would be built in turn', async () => {
  const { repository, server } = await chain();
  server.faults.push(...Array.from({ length: 4 }, () => ({ kind: 'cut' }) as const));
  const { jobs } = await generate(repository, { host: server.host });
  expect(buildsOf(jobs)).toEqual(['base:build', 'java:build', 'app:build']);
  expect(server.requests).toEqual(
    Array.from({ length: 4 }, () => expect.stringContaining('/app:') as string),
  );
});

test.each<[string, Record<string, string>]>([
  ['outside of GitLab', { GITLAB_CI: '', CI_PIPELINE_SOURCE: '' }],
  ['without a registry', { CI_REGISTRY_IMAGE: '' }],
  ['where it is not wanted', { AFFECTED_ASK_REGISTRY: '0' }],
])('nobody is asked %s', async (_, env) => {
  const { repository, server } = await chain();
  const { jobs } = await generate(repository, { host: server.host, env });
  expect(buildsOf(jobs)).toEqual(['app:build']);
  expect(jobs['app:build']?.variables).not.toHaveProperty('AFFECTED_DESTINATION_3');
  expect(server.requests).toEqual([]);
});

test('what only an inherited ONBUILD names is taken by its tag, which no digest can replace', async () => {
  const { repository, server } = await chain();
  await repository.commit({
    'java/Dockerfile': 'FROM scratch\nONBUILD COPY --from=$CI_REGISTRY_IMAGE/other / /\n'.replace(
      '$CI_REGISTRY_IMAGE',
      `${server.host}/group/project`,
    ),
    'affected.yml': `registry: ${server.host}/group/project\n`,
    'app/Dockerfile': `FROM ${server.host}/group/project/java\nCOPY a /\n`,
    'base/Dockerfile': 'FROM scratch\n',
  });
  await repository.commit({ 'app/a': '3' });
  const { jobs, code, stderr } = await generate(repository, { host: server.host });
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('other')]);
  expect(buildsOf(jobs)).toEqual(['java:build', 'app:build']);
});

test('variants are told apart by what they are made of', async () => {
  const { repository, server } = await chain();
  await repository.commit({
    'affected.yml':
      'images:\n  java:\n    args: {V: "1"}\n    variants:\n      "21": {}\n      "25": {args: {V: "2"}}\n',
  });
  const all = await generate(repository, {
    host: server.host,
    env: { AFFECTED_ALL: '1', CI_COMMIT_REF_PROTECTED: 'true' },
  });
  const tags = ['java:21', 'java:25'].map((name) => valueOf(all.jobs[`${name}:publish`], 'AFFECTED_TAG_1'));
  expect(new Set(tags).size).toBe(2);
  expect(tags.every((tag) => tag?.startsWith('h-'))).toBe(true);
});

test('an image without a fingerprint has no such tag', async () => {
  const { repository, server } = await chain();
  await repository.commit({ 'app/Dockerfile': 'ARG X\nFROM $X\n' });
  const { jobs } = await generate(repository, { host: server.host });
  expect(jobs['app:build']?.variables).not.toHaveProperty('AFFECTED_DESTINATION_3');
});
