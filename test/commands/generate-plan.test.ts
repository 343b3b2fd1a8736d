import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePublishPlan } from '../../src/publish/publish-plan.ts';
import { cli } from '../support/cli.ts';
import { createRepository } from '../support/repository.ts';

const onMain = {
  GITLAB_CI: 'true',
  CI_PIPELINE_SOURCE: 'push',
  CI_COMMIT_BRANCH: 'main',
  CI_DEFAULT_BRANCH: 'main',
  CI_PIPELINE_ID: '4711',
  CI_REGISTRY_IMAGE: 'registry.example.com/group/project',
  AFFECTED_ASK_REGISTRY: '0',
};

async function keyless(config = 'sign: keyless\n') {
  const repository = await createRepository();
  await repository.commit({
    'affected.yml': config,
    'base/Dockerfile': 'FROM scratch\n',
    'app/Dockerfile': 'FROM base\n',
  });
  const commit = await repository.git('rev-parse', 'HEAD');
  const env = {
    ...onMain,
    CI_COMMIT_SHA: commit,
    CI_COMMIT_SHORT_SHA: commit.slice(0, 8),
    AFFECTED_ALL: '1',
  };
  const generate = (argv: readonly string[], more: Record<string, string> = {}) =>
    cli(repository.dir, ['generate', '--output', 'child.yml', ...argv], { env: { ...env, ...more } });
  const read = (name: string) => readFile(join(repository.dir, name), 'utf8');
  return { repository, commit, generate, read };
}

test('without a key, a job above the child pipeline is told what to publish', async () => {
  const { commit, generate, read } = await keyless();
  const { code, stdout, stderr } = await generate(['--plan', 'publish-plan.json']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain(
    '\nWrote child.yml\nWrote publish-plan.json, for affected publish --plan after the child pipeline\n',
  );
  const plan = parsePublishPlan(await read('publish-plan.json'), 'publish-plan.json');
  expect(plan).toMatchObject({ pipeline: '4711', commit, sign: 'keyless' });
  expect(plan.images.map(({ name, repository, source }) => [name, repository, source])).toEqual([
    ['base', 'registry.example.com/group/project/base', 'candidate-pipeline-4711'],
    ['app', 'registry.example.com/group/project/app', 'candidate-pipeline-4711'],
  ]);
  expect(plan.images[0]).toMatchObject({
    tags: [commit.slice(0, 8)],
    branchTags: ['latest', 'main'],
    marker: { tag: `commit-${commit}` },
  });
  const child = await read('child.yml');
  expect(child).toContain('candidate-pipeline-4711');
  expect(child).not.toMatch(/:(?:publish|sign):/);
});

test('a release’s tags are in the plan too', async () => {
  const { generate, read } = await keyless();
  await generate(['--plan', 'plan.json'], { CI_COMMIT_TAG: 'v1.2.3', CI_COMMIT_BRANCH: '' });
  const { images } = parsePublishPlan(await read('plan.json'), 'plan.json');
  expect(images[1]).toMatchObject({ version: '1.2.3', tags: ['v1.2.3', '1.2.3'] });
  expect(images[1]?.versionTags.map(({ tag }) => tag)).toEqual(['1.2', '1']);
});

test('a pipeline that publishes nothing needs no plan, and may have one', async () => {
  const { generate, read } = await keyless();
  const branch = { CI_COMMIT_BRANCH: 'x' };
  expect(await generate([], branch)).toMatchObject({ code: 0, stderr: '' });
  expect(await generate(['--plan', 'plan.json'], branch)).toMatchObject({ code: 0 });
  expect(parsePublishPlan(await read('plan.json'), 'plan.json').images).toEqual([]);
});

test.each([
  ['sign: keyless\n', [], {}, 'name the file it reads with --plan FILE'],
  ['sign: "off"\n', ['--plan', 'plan.json'], {}, '--plan goes with "sign: keyless"'],
  ['sign: keyless\n', ['--plan', 'plan.json'], { CI_REGISTRY_IMAGE: '' }, '$CI_REGISTRY_IMAGE is not set'],
])('%j with %j is refused, and nothing written', async (config, argv, env, message) => {
  const { repository, generate } = await keyless(config);
  const { code, stderr } = await generate(argv, env);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(['child.yml', 'plan.json'].filter((name) => existsSync(join(repository.dir, name)))).toEqual([]);
});
