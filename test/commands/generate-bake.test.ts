import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { findBuildx, printBake } from '../support/bake.ts';
import { mergeRequest, predefined } from '../support/pipeline.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';

const buildx = findBuildx();

async function platform(): Promise<{ repository: TestRepository; base: string }> {
  const repository = await createRepository();
  const base = await repository.commit({
    'docker/base/tini/Dockerfile': 'FROM scratch\n',
    'affected.yml': [
      'names: {"docker/base/{x}": "base-{x}", "docker/services/{x}": "{x}"}',
      'images:',
      '  docker/base/java:',
      '    variants:',
      '      "21": { args: { JAVA: "21" } }',
      '      "25": { args: { JAVA: "25" }, tags: ["25", latest] }',
      '  docker/services/trino: { args: { OPTIONS: "-D${x} %{if}" } }',
      '  web: { context: ., target: "0" }',
      '',
    ].join('\n'),
  });
  await repository.commit({
    'docker/base/java/Dockerfile':
      'ARG JAVA\nFROM alpine:3.23.5\nARG JAVA\nCOPY motd /etc/\nCOPY --from=base-tini / /\n',
    'docker/base/java/motd': 'hello\n',
    'docker/services/trino/Dockerfile':
      'ARG CI_REGISTRY_IMAGE\nARG TAG=25\nFROM ${CI_REGISTRY_IMAGE}/base-java:${TAG}\nARG OPTIONS\n',
    'docker/services/trino/.dockerignore': '*.md\n',
    'web/Dockerfile': 'FROM scratch\nRUN --mount=type=bind,from=trino,target=/t true\n',
  });
  return { repository, base };
}

async function generate(
  repository: TestRepository,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<{ text: string; stdout: string }> {
  const args = ['generate', '--format', 'bake', '--output', 'docker-bake.json', ...argv];
  const { code, stdout, stderr } = await cli(repository.dir, args, { env });
  if (code !== 0) throw new Error(stderr);
  return { text: await readFile(join(repository.dir, 'docker-bake.json'), 'utf8'), stdout };
}

const local = { CI_REGISTRY_IMAGE: predefined.CI_REGISTRY_IMAGE };

describe('affected generate --format bake', () => {
  test('writes the plan of a pipeline for docker buildx bake', async () => {
    const { repository, base } = await platform();
    const env = { ...predefined, ...mergeRequest, AFFECTED_ASK_REGISTRY: '0' };
    const { text } = await generate(
      repository,
      ['--base', base, '--platform', 'linux/amd64,linux/arm64'],
      env,
    );
    await expect(text).toMatchFileSnapshot('../golden/docker-bake.json');
    if (!buildx) return;
    const { group, target } = printBake(buildx, text);
    expect(group).toEqual({ default: { targets: ['base-java_21', 'base-java_25', 'trino', 'web'] } });
    expect(target['trino']).toEqual({
      context: 'docker/services/trino',
      dockerfile: 'Dockerfile',
      contexts: { 'registry.example.com/group/project/base-java:25': 'target:base-java_25' },
      args: { CI_REGISTRY_IMAGE: 'registry.example.com/group/project', OPTIONS: '-D${x} %{if}' },
      tags: [
        'registry.example.com/group/project/trino:mr-7',
        'registry.example.com/group/project/trino:mr-7-1a2b3c4d',
      ],
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    const services = printBake(buildx, text, ['docker-services']);
    // What is linked comes along, and is not pushed.
    expect(Object.keys(services.target)).toEqual(['base-java_25', 'trino']);
    expect(services.target['base-java_25']).toMatchObject({ output: [{ type: 'cacheonly' }] });
  });

  test('tells how to use it, and whose ignore files count', async () => {
    const { repository, base } = await platform();
    const { text, stdout } = await generate(repository, ['--base', base]);
    expect(stdout).toMatch(
      /\nBuild it in the root of the repository: docker buildx bake --file docker-bake\.json\n/,
    );
    expect(stdout).toContain('Groups: default, docker, docker-base, docker-base-java, docker-services\n');
    expect(stdout).toContain('Nothing tells what $CI_REGISTRY_IMAGE is: images are tagged localhost/…');
    expect(stdout).toContain('with "dockerignore: union" they count by both');
    const { group, target } = JSON.parse(text) as {
      group: Record<string, unknown>;
      target: Record<string, unknown>;
    };
    expect(Object.keys(target)).toEqual(['base-tini', 'base-java_21', 'base-java_25', 'trino', 'web']);
    expect(group['default']).toEqual({ targets: ['base-java_21', 'base-java_25', 'trino', 'web'] });
    const set = await generate(repository, ['--base', base], local);
    expect(set.stdout).not.toContain('Nothing tells');
    expect(set.text).not.toContain('"base-tini": {');
    expect(set.text).toContain('"base-tini": "docker-image://registry.example.com/group/project/base-tini"');
  });

  test('counts the working tree, which is what is built', async () => {
    const { repository } = await platform();
    await repository.write({ 'docker/base/java/motd': 'changed\n', 'new/Dockerfile': 'FROM base-tini\n' });
    const { text } = await generate(repository, ['--base', 'HEAD'], local);
    const { group } = JSON.parse(text) as { group: { default: { targets: string[] } } };
    expect(group.default.targets).toEqual(['base-java_21', 'base-java_25', 'new', 'trino', 'web']);
  });

  test('tags as the pipeline of a Git tag does', async () => {
    const { repository } = await platform();
    const { text } = await generate(repository, ['--tag', 'v1.2.3'], { ...local, AFFECTED_ALL: '1' });
    const { target } = JSON.parse(text) as { target: Record<string, { tags: string[] }> };
    expect(Object.values(target).map(({ tags }) => tags[0]?.replace(/.*:/, ''))).toEqual([
      'v1.2.3',
      'v1.2.3-21',
      'v1.2.3-25',
      'v1.2.3',
      'v1.2.3',
    ]);
  });

  test('writes a file also where nothing is affected', async () => {
    const { repository } = await platform();
    const { text, stdout } = await generate(repository, ['--base', 'HEAD', '--head', 'HEAD'], local);
    expect(JSON.parse(text)).toMatchObject({ group: { default: { targets: [] } } });
    expect(stdout).not.toContain('Build it');
  });

  test.each([
    [['--format', 'hcl'], '--format "hcl": formats are gitlab, bake'],
    [['--platform', 'linux/amd64'], '--platform goes with "affected generate --format bake" only'],
    [['--tag', 'v1'], '--tag goes with "affected generate --format bake" only'],
    [['--format', 'bake', '--platform', 'linux/amd64,arm64'], '--platform "arm64" is none'],
    [['--format', 'bake', '--platform', ''], '--platform "" is none'],
  ])('refuses %j', async (argv, message) => {
    const { repository, base } = await platform();
    const args = ['generate', '--base', base, '-o', 'x', ...argv];
    const { code, stderr } = await cli(repository.dir, args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
