import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { fileNames, hostile } from '../support/hostile.ts';
import { builderCall, generate, mergeRequest, predefined, runWithStandIn } from '../support/pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { shellsHere } from '../support/shells.ts';

describe('directory names', () => {
  test('reach the builder as they are, and nothing in them is run', async () => {
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    const files = fileNames.map((name, index): [string, string] => [
      `i${index}/${name}/Dockerfile`,
      'FROM scratch\n',
    ]);
    const names = fileNames.map((_, index) => `  i${index}/{x}: image-${index}`).join('\n');
    await repository.commit(Object.fromEntries([...files, ['affected.yml', `names:\n${names}\n`]]));
    const yaml = await generate(repository, { base, env: mergeRequest });
    const run = await runWithStandIn(yaml, repository);
    for (const [index, name] of fileNames.entries()) {
      const { argv } = builderCall(run, `image-${index}:build`);
      expect(argv[0]?.endsWith(`/i${index}/${name}`), name).toBe(true);
      expect(argv[1]?.endsWith(`/i${index}/${name}/Dockerfile`), name).toBe(true);
      expect(argv).toHaveLength(7);
    }
    expect(JSON.stringify(run.jobs.map(({ artifacts }) => artifacts))).not.toContain('canary');
    expect(existsSync(join(repository.dir, 'canary'))).toBe(false);
  });

  test.each([...hostile.slice(0, 6), 'Upper', 'a__-b', 'a\nb'])(
    'that no registry takes are refused before anything is written: %j',
    async (name) => {
      const repository = await createRepository();
      const base = await repository.commit({ README: '' });
      await repository.commit({ [`${name}/Dockerfile`]: 'FROM scratch\n' });
      const { code, stderr } = await cli(repository.dir, ['generate', '--base', base, '-o', 'child.yml']);
      expect(code).toBe(2);
      expect(stderr).toMatch(/can't be an image name: .* \[image-name\]\n$/s);
      expect(existsSync(join(repository.dir, 'child.yml'))).toBe(false);
    },
  );
});

test('build args reach the builder as they are', async () => {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  const args = hostile.map((value, index) => `    A${index}: ${JSON.stringify(value)}`).join('\n');
  await repository.commit({
    'a/Dockerfile': 'FROM scratch\n',
    'affected.yml': `images:\n  a:\n   args:\n${args}\n`,
  });
  const yaml = await generate(repository, { base, env: mergeRequest });
  for (const shell of shellsHere()) {
    const { argv } = builderCall(await runWithStandIn(yaml, repository, { shell }), 'a:build');
    const passed = argv.filter((argument) => argument.startsWith('--build-arg='));
    expect(passed).toEqual(hostile.map((value, index) => `--build-arg=A${index}=${value}`));
  }
});

test('targets and references of a Dockerfile are data too', async () => {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit({
    'a/Dockerfile': 'FROM scratch\n',
    'b/Dockerfile': 'ARG X="$(touch canary)"\nFROM  a:${X:+1}  AS b\nFROM "a" AS c\n',
    'affected.yml': 'images:\n  b:\n    target: c\n',
  });
  const run = await runWithStandIn(await generate(repository, { base, env: mergeRequest }), repository);
  expect(run.status).toBe('success');
  expect(builderCall(run, 'b:build').argv).toContain('--target=c');
});

test.each(['$(touch canary)', 'a\'b"c', '-rf', 'ünïcode', 'x;touch canary', 'feature/a b'])(
  'branch names and titles never reach the pipeline: %j',
  async (name) => {
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    await repository.commit({ 'a/Dockerfile': 'FROM scratch\n' });
    const given = {
      CI_COMMIT_REF_NAME: name,
      CI_COMMIT_BRANCH: name,
      CI_COMMIT_TITLE: name,
      CI_COMMIT_MESSAGE: name,
    };
    const env = { ...given, GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'push', CI_DEFAULT_BRANCH: 'main' };
    const yaml = await generate(repository, { base, env, context: 'child' });
    expect(yaml).not.toContain(name);
    const run = await runWithStandIn(yaml, repository, { predefined: { ...predefined, ...given } });
    expect(run.status).toBe('success');
    expect(builderCall(run, 'a:build').argv).toContain(
      '--destination=registry.example.com/group/project/a:branch-a-branch',
    );
  },
);

test.each([
  ['v1.2.3', ['v1.2.3', '1.2.3', '1.2', '1'], 0],
  ['release/1', [], 2],
  ['v1+meta', [], 2],
  ['-rf', [], 2],
])('a Git tag is the image tag, or refused: %s', async (tag, expected, code) => {
  const repository = await createRepository();
  const base = await repository.commit({ 'a/Dockerfile': 'FROM scratch\n' });
  const env = { GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'push', CI_COMMIT_TAG: tag };
  const result = await cli(repository.dir, ['generate', '--output', 'child.yml'], { env });
  expect([result.code, result.stderr]).toEqual([
    code,
    code === 0 ? '' : expect.stringContaining('[tag-name]'),
  ]);
  if (code !== 0) return;
  expect(base).toHaveLength(40);
  const { readFile } = await import('node:fs/promises');
  const yaml = await readFile(join(repository.dir, 'child.yml'), 'utf8');
  const run = await runWithStandIn(yaml, repository);
  const { env: seen = {} } = run.jobs.find(({ name }) => name === 'a:publish')?.executions.at(-1) ?? {};
  const tags = Object.entries(seen).filter(([name]) => /^AFFECTED_\w*TAG_\d+$/.test(name));
  expect(tags.map(([, value]) => value).sort()).toEqual([...expected].sort());
});

describe('registry login', () => {
  test.each([
    ['nothing set', { CI_REGISTRY: '', CI_REGISTRY_USER: '' }, {}],
    [
      'GitLab’s own',
      {},
      { auths: { 'registry.example.com': { auth: btoa('gitlab-ci-token:not-a-secret') } } },
    ],
    [
      'DOCKER_AUTH_CONFIG, GitLab’s own added',
      {
        DOCKER_AUTH_CONFIG:
          '{\n  "auths": {"other.example.com": {"auth": "eA=="}},\n  "credHelpers": {"ecr": "ecr-login"}\n}',
      },
      {
        auths: {
          'registry.example.com': { auth: btoa('gitlab-ci-token:not-a-secret') },
          'other.example.com': { auth: 'eA==' },
        },
        credHelpers: { ecr: 'ecr-login' },
      },
    ],
    ['DOCKER_AUTH_CONFIG alone', { CI_REGISTRY: '', DOCKER_AUTH_CONFIG: '{"auths":{}}' }, { auths: {} }],
    [
      'a hostile password',
      { CI_REGISTRY_PASSWORD: '$(touch canary)`"\'\\&/' },
      { auths: { 'registry.example.com': { auth: btoa('gitlab-ci-token:$(touch canary)`"\'\\&/') } } },
    ],
  ])('%s', async (_, variables, expected) => {
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    await repository.commit({ 'a/Dockerfile': 'FROM scratch\n' });
    const yaml = await generate(repository, { base, env: mergeRequest });
    // Variables of a project's settings, marked "raw" there.
    const raw = Object.entries(variables).map(([name, value]) => [name, { value, expand: false }]);
    const run = await runWithStandIn(yaml, repository, { variables: Object.fromEntries(raw) });
    const { dockerConfig } = builderCall(run, 'a:build');
    expect(JSON.parse(dockerConfig ?? '')).toEqual(expected);
    expect(run.jobs[0]?.log).not.toContain('not-a-secret');
  });
});
