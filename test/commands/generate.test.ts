import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { builderCall, generate, mergeRequest, runWithStandIn } from '../support/pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { shellsHere } from '../support/shells.ts';

/** The digest the stand-in makes up for a repository. */
function digestOf(image: string): string {
  const hash = createHash('sha256').update(`registry.example.com/group/project/${image}`).digest('hex');
  return `registry.example.com/group/project/${image}@sha256:${hash}`;
}

async function chain() {
  const repository = await createRepository();
  const base = await repository.commit({ 'README.md': 'empty\n' });
  await repository.commit({
    'base/Dockerfile': 'FROM alpine:3.23.5\nCOPY motd /etc/\n',
    'base/motd': 'hello\n',
    'java/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nARG TAG=1\nFROM ${CI_REGISTRY_IMAGE}/base:${TAG}\n',
    'trino/Dockerfile':
      'ARG CI_REGISTRY_IMAGE\nFROM  base AS tools\nFROM $CI_REGISTRY_IMAGE/java\nRUN --mount=type=bind,from=base,target=/b true\nCOPY --from=tools /a /b\n',
    'trino/Dockerfile.dockerignore': 'README.md\n',
    'trino/.gitlab-ci.yml': 'smoke:\n  script:\n    - echo trino works\n',
    'affected.yml': 'images:\n  trino:\n    args: {VERSION: "481"}\n    target: "1"\n',
  });
  return { repository, base };
}

describe('a chain of images', () => {
  test('reads like a pipeline written by hand', async () => {
    const { repository, base } = await chain();
    const yaml = await generate(repository, { base, env: mergeRequest });
    await expect(yaml).toMatchFileSnapshot('../golden/child-pipeline.yml');
  });

  test.each(shellsHere().map((shell) => [shell]))(
    'builds each image from the digest of the one before (%s)',
    async (shell) => {
      const { repository, base } = await chain();
      const yaml = await generate(repository, { base, env: mergeRequest });
      const run = await runWithStandIn(yaml, repository, { shell });
      expect(run.jobs.map(({ name, status }) => [name, status])).toEqual([
        ['base:build', 'success'],
        ['java:build', 'success'],
        ['trino:build', 'success'],
        ['base:scan', 'success'],
        ['java:scan', 'success'],
        ['trino:scan', 'success'],
        ['trino:smoke', 'success'],
      ]);
      const { executions } = run.jobs.find(({ name }) => name === 'trino:scan') ?? {};
      expect(executions?.map(({ argv }) => argv)).toEqual([['image', digestOf('trino')]]);
      const { argv } = builderCall(run, 'trino:build');
      expect(argv.map((argument) => argument.replace(/^--context=.*(\/trino)$/, '--context=…$1'))).toEqual([
        '--context=…/trino',
        '--dockerfile=/kaniko/affected.Dockerfile.3',
        '--target=1',
        '--build-arg=CI_REGISTRY_IMAGE=registry.example.com/group/project',
        '--build-arg=VERSION=481',
        '--destination=registry.example.com/group/project/trino:mr-7',
        '--destination=registry.example.com/group/project/trino:mr-7-1a2b3c4d',
        '--digest-file=/kaniko/affected.digest',
        '--push-retry=3',
        '--image-download-retry=3',
      ]);
      const log = run.jobs.find(({ name }) => name === 'trino:build')?.log;
      expect(log).toContain(`trino/Dockerfile:3: $CI_REGISTRY_IMAGE/java -> ${digestOf('java')}`);
      expect(log).toContain(`trino/Dockerfile:2: base -> ${digestOf('base')}`);
      expect(log).toContain(`trino/Dockerfile:4: base -> ${digestOf('base')}`);
    },
  );
});

describe('an image built from more images than a job may need', () => {
  const bases = ['b1', 'b2', 'b3', 'b4', 'b5'];

  async function many() {
    const repository = await createRepository();
    const base = await repository.commit({ 'README.md': 'empty\n' });
    await repository.commit({
      ...Object.fromEntries(bases.map((name) => [`${name}/Dockerfile`, 'FROM scratch\n'])),
      'app/Dockerfile': `FROM scratch\n${bases.map((name) => `COPY --from=${name} / /\n`).join('')}`,
      'affected.yml': 'limits: {needs: 3, dotenvVariables: 2}\n',
    });
    return { repository, yaml: await generate(repository, { base, env: mergeRequest }) };
  }

  test('waits for them through jobs that read like written by hand', async () => {
    const { yaml } = await many();
    const [, barrier = ''] = /(# From ci-templates\/barrier.yml\n.*?\n\n)/s.exec(yaml) ?? [];
    const jobs = yaml.slice(yaml.indexOf('app:needs-1:'));
    await expect(`${barrier}${jobs}`).toMatchFileSnapshot('../golden/barriers.yml');
  });

  test.each(shellsHere().map((shell) => [shell]))('is built from the digest of each (%s)', async (shell) => {
    const { repository, yaml } = await many();
    const run = await runWithStandIn(yaml, repository, { shell });
    expect(run.status).toBe('success');
    const log = run.jobs.find(({ name }) => name === 'app:build')?.log;
    for (const name of bases) expect(log).toContain(`${name} -> ${digestOf(name)}`);
  });

  test.each(['AFFECTED_IMAGE_B1 X;touch', 'AFFECTED_IMAGE_B1 $(touch'])(
    'takes no other name for a variable: %s',
    async (names) => {
      const { repository, yaml } = await many();
      const run = await runWithStandIn(yaml, repository, { variables: { AFFECTED_HANDOVERS: names } });
      const job = run.jobs.find(({ name }) => name === 'app:needs-1');
      expect(job?.status).toBe('failed');
      expect(job?.log).toContain('is no variable of ours.');
    },
  );

  test('is not built where one of them fails, or hands nothing over', async () => {
    const { repository, yaml } = await many();
    const silent = yaml.replace('AFFECTED_HANDOVER: AFFECTED_IMAGE_B2', 'AFFECTED_HANDOVER: ELSEWHERE');
    const run = await runWithStandIn(silent, repository);
    const statuses = Object.fromEntries(run.jobs.map(({ name, status }) => [name, status]));
    expect(statuses).toMatchObject({
      'b2:build': 'success',
      'app:needs-1': 'failed',
      'app:build': 'skipped',
    });
  });
});

test('nothing affected: a valid pipeline with one job that does nothing', async () => {
  const { repository } = await chain();
  const head = await repository.git('rev-parse', 'HEAD');
  const yaml = await generate(repository, { base: head, env: mergeRequest });
  const run = await runWithStandIn(yaml, repository);
  expect(run.jobs.map(({ name, status, log }) => [name, status, log.split('\n')[1]])).toEqual([
    ['no-image-affected', 'success', 'No image is affected.'],
  ]);
  await expect(yaml).toMatchFileSnapshot('../golden/nothing-affected.yml');
});

test('a failed base image: nothing is built on it', async () => {
  const { repository, base } = await chain();
  const yaml = await generate(repository, { base, env: mergeRequest });
  const run = await runWithStandIn(yaml, repository, {
    executables: { '/kaniko/executor': { exitCode: 1 } },
  });
  expect(run.jobs.map(({ name, status }) => [name, status])).toEqual([
    ['base:build', 'failed'],
    ['base:scan', 'skipped'],
    ['java:build', 'skipped'],
    ['java:scan', 'skipped'],
    ['trino:build', 'skipped'],
    ['trino:scan', 'skipped'],
    ['trino:smoke', 'skipped'],
  ]);
});

test('--strict with a widening writes nothing', async () => {
  const repository = await createRepository();
  const base = await repository.commit({ 'a/Dockerfile': 'FROM $CI_REGISTRY_IMAGE/a\n' });
  const { code } = await cli(repository.dir, ['generate', '--base', base, '-o', 'out.yml', '--strict']);
  expect(code).toBe(2);
  expect(existsSync(join(repository.dir, 'out.yml'))).toBe(false);
});
