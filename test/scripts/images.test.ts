import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findBuildx, type PrintedBake, printBake } from '../support/bake.ts';
import { createRepository, gitEnvironment, type TestRepository } from '../support/repository.ts';

const script = resolve(import.meta.dirname, '../../scripts/images.js');
const buildx = findBuildx();
const registry = { CI_REGISTRY_IMAGE: 'registry.example.com/group/project' };

async function platform(): Promise<TestRepository> {
  const repository = await createRepository();
  await repository.commit({
    'docker/base/java/Dockerfile': 'FROM alpine:3.23.5\n',
    'docker/services/trino/Dockerfile': 'FROM base-java:21\n',
    'docker/services/hive/Dockerfile': 'FROM base-java:25\n',
    'web/Dockerfile': 'FROM trino\n',
    'affected.yml':
      'names: {"docker/base/{x}": "base-{x}", "docker/services/{x}": "{x}"}\nimages:\n  docker/base/java: {variants: {"21": {}, "25": {}}}\n  web: {context: .}\n',
  });
  return repository;
}

/** Runs the script with a stand-in for Docker, which records what it is told to build; it fails as told. */
async function images(
  repository: TestRepository,
  argv: readonly string[],
  options: { env?: Record<string, string>; docker?: 'none' | 'no buildx' | 'fails' } = {},
) {
  const directory = await mkdtemp(join(tmpdir(), 'images-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const bin = join(directory, 'bin');
  await mkdir(bin);
  const { docker, env } = options;
  const record = `printf '%s\\n' "$@" > '${directory}/argv'; cp "$4" '${directory}/docker-bake.json'`;
  const lines = [
    '#!/bin/sh',
    `if [ "$2" = version ]; then exit ${docker === 'no buildx' ? 1 : 0}; fi`,
    record,
    `exit ${docker === 'fails' ? 1 : 0}`,
  ];
  if (docker !== 'none') {
    await writeFile(join(bin, 'docker'), `${lines.join('\n')}\n`);
    await chmod(join(bin, 'docker'), 0o755);
  }
  // Without Docker git still has to be found, and nothing else.
  const git = spawnSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).stdout.trim();
  await writeFile(join(bin, 'git'), `#!/bin/sh\nexec '${git}' "$@"\n`);
  await chmod(join(bin, 'git'), 0o755);
  const path = docker === 'none' ? bin : `${bin}:${dirname(git)}:/usr/bin:/bin`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...argv], {
    cwd: repository.dir,
    env: { ...gitEnvironment, ...env, PATH: path },
    encoding: 'utf8',
  });
  const said = { status, stdout, stderr };
  if (!existsSync(join(directory, 'argv'))) return { ...said, argv: undefined, file: undefined };
  const recorded = (await readFile(join(directory, 'argv'), 'utf8')).trimEnd().split('\n');
  const file = await readFile(join(directory, 'docker-bake.json'), 'utf8');
  expect(existsSync(recorded[3] as string)).toBe(false);
  return { ...said, argv: recorded.with(3, 'FILE'), file };
}

const BAKE = ['buildx', 'bake', '--file', 'FILE'];

describe('npm run images', () => {
  test.each([
    ['all', ['base-java_21', 'base-java_25', 'hive', 'trino', 'web']],
    ['base', ['base-java_21', 'base-java_25']],
    ['docker/services', ['hive', 'trino']],
    ['base-java', ['base-java_21', 'base-java_25']],
    ['base-java:25', ['base-java_25']],
    ['top-level', ['web']],
    ['trino', ['trino']],
  ])('%s', async (name, targets) => {
    const { status, stderr, argv, file } = await images(await platform(), [name]);
    expect(stderr).toBe('');
    expect([status, argv]).toEqual([0, [...BAKE, '--load', ...targets]]);
    if (!buildx) return;
    const { target } = printBake(buildx, file as string, targets);
    expect(Object.keys(target)).toEqual(expect.arrayContaining(targets));
  });

  test('--platform, --push', async () => {
    const repository = await platform();
    const argv = ['base', 'services', '--platform', 'linux/amd64,linux/arm64'];
    const built = await images(repository, argv, { env: registry });
    expect(built.argv).toEqual([...BAKE, 'base-java_21', 'base-java_25', 'hive', 'trino']);
    expect(built.stdout).toContain('in its build cache only; --push pushes them');
    const pushed = await images(repository, [...argv, '--push'], { env: registry });
    expect(pushed.argv).toEqual([...BAKE, '--push', 'base-java_21', 'base-java_25', 'hive', 'trino']);
    const { target } = JSON.parse(pushed.file as string) as PrintedBake;
    expect(target['hive']?.platforms).toEqual(['linux/amd64', 'linux/arm64']);
    expect(target['hive']?.tags?.join()).toMatch(
      /^registry\.example\.com\/group\/project\/hive:candidate-\w{8}$/,
    );
  });

  test('push vX.Y.Z pushes all images under that version', async () => {
    const { status, argv, file } = await images(await platform(), ['push', 'v1.2.3'], { env: registry });
    expect([status, argv?.slice(4)]).toEqual([
      0,
      ['--push', 'base-java_21', 'base-java_25', 'hive', 'trino', 'web'],
    ]);
    const { target } = JSON.parse(file as string) as PrintedBake;
    expect(target['web']?.tags).toContain('registry.example.com/group/project/web:v1.2.3');
  });

  test('--dry-run tells what would be built, without Docker', async () => {
    const { status, stdout, argv } = await images(await platform(), ['base', '--dry-run'], {
      docker: 'none',
    });
    expect([status, argv]).toEqual([0, undefined]);
    expect(stdout.replaceAll(/[0-9a-f]{8}/g, '1a2b3c4d')).toBe(
      [
        'base-java_21',
        '  localhost/base-java:candidate-1a2b3c4d_21',
        'base-java_25',
        '  localhost/base-java:candidate-1a2b3c4d_25',
        'docker buildx bake --file docker-bake.json --load base-java_21 base-java_25',
        '',
      ].join('\n'),
    );
  });
});

describe('npm run images refuses with a sentence', () => {
  test.each<[string[], Parameters<typeof images>[2], string]>([
    [
      ['custom'],
      {},
      'This repository has no images by the name "custom". There are: all, docker, docker-base,',
    ],
    [['toString'], {}, 'This repository has no images by the name "toString"'],
    [['all', '--push'], {}, 'There is no registry to push to: set CI_REGISTRY_IMAGE'],
    [['push', 'v1.2.3'], {}, 'There is no registry to push to: set CI_REGISTRY_IMAGE'],
    [['push', 'latest'], { env: registry }, 'push takes one version, as in v1.2.3'],
    [['push'], { env: registry }, 'push takes one version, as in v1.2.3'],
    [[], {}, 'npm run images -- push vX.Y.Z'],
    [['all', '--pull'], {}, "Unknown option '--pull'"],
    [['all', '--platform', 'arm64'], {}, '--platform "arm64" is none'],
    [['all'], { docker: 'none' }, 'Docker is not here, and builds the images; --dry-run'],
    [['all'], { docker: 'no buildx' }, 'The buildx plugin of Docker is not here'],
    [['all'], { docker: 'fails' }, 'docker buildx bake failed'],
  ])('%j %j', async (argv, options, sentence) => {
    const { status, stderr } = await images(await platform(), argv, options);
    expect([status, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });

  test('where there are no images at all', async () => {
    const repository = await createRepository();
    await repository.commit({ 'README.md': '\n' });
    const { status, stderr } = await images(repository, ['all']);
    expect([status, stderr]).toEqual([
      2,
      'This repository has no images by the name "all". There are: none\n',
    ]);
  });

  test('a version of what is not committed', async () => {
    const repository = await platform();
    await repository.write({ 'web/new': '' });
    const { status, stderr } = await images(repository, ['push', 'v1.2.3'], { env: registry });
    expect([status, stderr]).toEqual([2, expect.stringContaining('this working tree has changes')]);
  });
});
