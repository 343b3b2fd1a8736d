import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { builderCall, generate, mergeRequest, runWithStandIn } from '../support/pipeline.ts';
import { createRepository, type Files, type TestRepository } from '../support/repository.ts';

const root = resolve(import.meta.dirname, '../..');
const images = ['airflow', 'kafka-connect', 'pyspark'];

/** This repository's images, templates and config, without its history. */
async function thisRepository(): Promise<{ repository: TestRepository; base: string }> {
  const repository = await createRepository();
  for (const path of [...images, 'ci-templates', 'affected.yml']) {
    await cp(join(root, path), join(repository.dir, path), { recursive: true });
  }
  return { repository, base: await repository.commit({ 'README.md': 'platform\n' }) };
}

async function affectedBy(files: Files) {
  const { repository, base } = await thisRepository();
  await repository.commit(files);
  return cliJson(repository.dir, ['--base', base]);
}

test('nothing about the images needs mending', async () => {
  const { repository } = await thisRepository();
  expect(await cli(repository.dir, ['check'])).toEqual({ code: 0, stdout: 'No findings.\n', stderr: '' });
});

test.each([
  'pyspark/requirements/base.txt',
  'pyspark/requirements/new.txt',
  'pyspark/scripts/submit.sh',
  'pyspark/pom.xml',
])('%s builds pyspark alone', async (path) => {
  const comparison = await affectedBy({ [path]: 'changed\n' });
  expect(namesOf(comparison)).toEqual(['pyspark']);
  expect(comparison.affected[0]?.reasons).toEqual([
    expect.objectContaining({
      kind: 'source',
      path,
      instruction: 'COPY',
      line: expect.any(Number) as number,
    }),
  ]);
});

test('a shared template builds all, and says which template', async () => {
  const comparison = await affectedBy({ 'ci-templates/kaniko.yml': '.kaniko-build: {script: [build]}\n' });
  expect(namesOf(comparison)).toEqual(images);
  for (const { reasons } of comparison.affected) {
    expect(reasons).toEqual([
      { kind: 'template', path: 'ci-templates/kaniko.yml', template: '.kaniko-build' },
    ]);
  }
});

test.each([
  'pyspark/README.md',
  'airflow/README.md',
  'kafka-connect/README.md',
  'README.md',
  'ci-templates/no-op.yml',
])('%s builds nothing', async (path) => {
  expect(namesOf(await affectedBy({ [path]: '# changed\n.affected-no-op: {}\n' }))).toEqual([]);
});

test('a deleted image is removed and gets no job', async () => {
  const { repository, base } = await thisRepository();
  await repository.git('rm', '-rq', 'airflow');
  await repository.commit({});
  const comparison = await cliJson(repository.dir, ['--base', base]);
  expect(comparison.removed).toEqual([{ name: 'airflow', directory: 'airflow' }]);
  expect(namesOf(comparison)).toEqual([]);
  const run = await runWithStandIn(await generate(repository, { base, env: mergeRequest }), repository);
  expect(run.jobs.map(({ name }) => name)).toEqual(['no-image-affected']);
});

test('the pipeline of all images runs', async () => {
  const { repository, base } = await thisRepository();
  await repository.commit(
    Object.fromEntries(images.map((image) => [`${image}/Dockerfile`, 'ARG VERSION=1\nFROM scratch\n'])),
  );
  const yaml = await generate(repository, { base, env: mergeRequest });
  // The ids depend on every byte of this checkout.
  const withoutIds = yaml.replace(/\b[0-9a-f]{40}\b/g, '<commit>');
  await expect(withoutIds).toMatchFileSnapshot('../golden/this-repository.yml');
  const programs = Object.fromEntries(
    ['pip', 'mvn', 'python', 'shellcheck', 'apt-get'].map((name) => [name, {}]),
  );
  const run = await runWithStandIn(yaml, repository, {
    executables: { '/kaniko/executor': { writesDigest: true }, ...programs },
  });
  expect(run.jobs.filter(({ status }) => status !== 'success').map(({ name, log }) => [name, log])).toEqual(
    [],
  );
  for (const image of images)
    expect(builderCall(run, `${image}:build`).argv).toContain(
      `--destination=registry.example.com/group/project/${image}:mr-7`,
    );
});
