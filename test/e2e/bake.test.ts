import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { findBuildx } from '../support/bake.ts';
import { cli } from '../support/cli.ts';
import { createRepository } from '../support/repository.ts';

const run = promisify(execFile);
const LONGEST = 180_000;
const buildx = findBuildx();
const buildkitd = process.env['BUILDKITD'] ?? 'buildkitd';
const cannotBuild = whyNot();

test('BuildKit builds a chain of targets from each other', { timeout: LONGEST }, async ({ skip }) => {
  if (cannotBuild !== undefined) return skip(cannotBuild);
  const repository = await createRepository();
  const hostile = 'x${y}%{if}$$ q"z';
  await repository.commit({
    'base/Dockerfile':
      'ARG KIND\nFROM scratch\nARG KIND\nCOPY only-in-the-new-base /base\nCOPY $KIND /kind\n',
    'base/only-in-the-new-base': 'hello\n',
    'base/slim': 'slim\n',
    'base/full': 'full\n',
    'java/Dockerfile':
      'ARG CI_REGISTRY_IMAGE\nARG TAG=slim\nFROM ${CI_REGISTRY_IMAGE}/base:${TAG}\nONBUILD COPY deferred /\n',
    'app/Dockerfile':
      'ARG NAME=java\nFROM ${NAME}:latest\nARG FILE\nCOPY ["${FILE}", "/hostile"]\nCOPY --from=base:full /kind /full\nCOPY . /app/\n',
    'app/Dockerfile.dockerignore': '*.md\n',
    'app/deferred': 'by the base\n',
    'app/README.md': 'ignored\n',
    [`app/${hostile}`]: 'as written\n',
    'affected.yml': `images:\n  base: {variants: {slim: {args: {KIND: slim}}, full: {args: {KIND: full}}}}\n  app: {args: {FILE: '${hostile}'}}\n`,
  });
  const argv = ['generate', '--format', 'bake', '--output', 'docker-bake.json', '--platform'];
  const generated = await cli(repository.dir, [...argv, 'linux/amd64,linux/arm64'], {
    env: { AFFECTED_ALL: '1' },
  });
  expect(generated.code, generated.stderr).toBe(0);
  const out = await bake(repository.dir, 'app');
  for (const platform of ['linux_amd64', 'linux_arm64']) {
    const read = (path: string) => readFile(join(out, platform, path), 'utf8');
    expect(await read('base')).toBe('hello\n');
    expect(await read('kind')).toBe('slim\n');
    expect(await read('full')).toBe('full\n');
    expect(await read('deferred')).toBe('by the base\n');
    expect(await read('hostile')).toBe('as written\n');
    expect((await readdir(join(out, platform, 'app'))).sort()).toEqual(
      ['Dockerfile', 'Dockerfile.dockerignore', 'deferred', hostile].sort(),
    );
  }
});

/** Builds all, and returns the directory that holds the files of one of them. */
async function bake(directory: string, target: string): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'bake-'));
  const address = `unix://${join(scratch, 'socket')}`;
  const worker = ['--oci-worker-snapshotter=native', '--oci-worker-net=host', '--containerd-worker=false'];
  const daemon = spawn(buildkitd, ['--addr', address, '--root', join(scratch, 'root'), ...worker], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  onTestFinished(async () => {
    daemon.kill();
    await ended;
    await rm(scratch, { recursive: true, force: true });
  });
  const [command = '', ...first] = buildx as readonly string[];
  const env = { PATH: process.env['PATH'], HOME: scratch };
  const call = (...args: string[]) => run(command, [...first, ...args], { cwd: directory, env });
  await call('create', '--driver', 'remote', '--name', 'bake', address);
  await expect.poll(() => existsSync(join(scratch, 'socket')), { timeout: 60_000 }).toBe(true);
  const out = join(scratch, 'out');
  const output = ['--allow', `fs.write=${scratch}`, '--set', `${target}.output=type=local,dest=${out}`];
  await call('--builder', 'bake', 'bake', '--file', 'docker-bake.json', ...output);
  return out;
}

function whyNot(): string | undefined {
  if (!buildx) return 'docker buildx is not here.';
  if (process.getuid?.() !== 0) return 'buildkitd is started as root.';
  for (const program of [buildkitd, 'runc']) {
    if (spawnSync(program, ['--version']).status !== 0) return `${program} is not here.`;
  }
  return undefined;
}
