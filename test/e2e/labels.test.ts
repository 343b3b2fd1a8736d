import { expect, test } from 'vitest';
import { builderCall, generate, mergeRequest, predefined, runWithStandIn } from '../support/pipeline.ts';
import { createRepository } from '../support/repository.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const commit = {
  CI_PROJECT_URL: 'https://gitlab.example.com/group/project',
  CI_COMMIT_SHA: '1a2b3c4d'.repeat(5),
  CI_COMMIT_TIMESTAMP: '2026-11-20T20:36:59+00:00',
};

test.each([[['sh']], [['busybox', 'sh']], [['bash']]])('each image is labelled in %s', async (shell) => {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit({
    'affected.yml': 'images: {app: {component: {arg: V}}}\n',
    'base/Dockerfile': `FROM alpine:3.23@${digest}\n`,
    'app/Dockerfile': 'FROM base\nARG V=1.2\n',
    'own/Dockerfile':
      'FROM scratch\nLABEL org.opencontainers.image.title=mine org.opencontainers.image.revision=x\n',
  });
  const yaml = await generate(repository, { base, env: mergeRequest });
  const run = await runWithStandIn(yaml, repository, { shell, predefined: { ...predefined, ...commit } });
  const labelsOf = (image: string) =>
    builderCall(run, `${image}:build`).labels.map((label) => label.replace('org.opencontainers.image.', ''));
  const handedOver = run.jobs.find(({ name }) => name === 'base:build')?.dotenv['AFFECTED_IMAGE_BASE'];
  expect(labelsOf('base')).toEqual([
    'base.name=docker.io/library/alpine:3.23',
    `base.digest=${digest}`,
    'title=base',
    `source=${commit.CI_PROJECT_URL}`,
    'revision=',
    'created=',
    'version=',
  ]);
  expect(labelsOf('app')).toEqual([
    'version=1.2',
    'title=app',
    `source=${commit.CI_PROJECT_URL}`,
    `revision=${commit.CI_COMMIT_SHA}`,
    `created=${commit.CI_COMMIT_TIMESTAMP}`,
    'base.name=registry.example.com/group/project/base',
    `base.digest=${handedOver?.split('@')[1]}`,
  ]);
  expect(labelsOf('own')).toEqual([
    `source=${commit.CI_PROJECT_URL}`,
    `created=${commit.CI_COMMIT_TIMESTAMP}`,
    'version=',
    'base.name=',
    'base.digest=',
  ]);
});
