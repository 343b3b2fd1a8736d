import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { createRepository } from './support/repository.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
let copy: string;

/** The checkout's own dist is what other tests run. */
beforeAll(async () => {
  copy = await mkdtemp(join(await realpath(tmpdir()), 'affected-build-test-'));
  for (const name of ['bin', 'ci-templates', 'scripts', 'src', 'package.json']) {
    await cp(join(root, name), join(copy, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  return () => rm(copy, { recursive: true });
});

const build = (env: NodeJS.ProcessEnv) =>
  run(process.execPath, [join(copy, 'scripts/build.js')], { env: { ...process.env, ...env } });

const cached = async () =>
  (await readdir(join(copy, 'dist'))).filter((file) => file.endsWith('.cache')).sort();

test('leaves the repository alone whose hook starts it', async () => {
  const repository = await createRepository();
  const head = await repository.commit({ a: '1' });
  const environment = { GIT_DIR: join(repository.dir, '.git'), GIT_INDEX_FILE: '.git/index' };
  expect(await build(environment)).toEqual({ stdout: '', stderr: '' });
  expect(await repository.git('rev-parse', 'HEAD')).toBe(head);
  expect(await repository.git('status', '--porcelain')).toBe('');
  const preview = ['cli.cache', 'start.cache', 'compare.cache', 'parse.cache'];
  expect(await cached()).toEqual(expect.arrayContaining([...preview, 'generate.cache', 'publication.cache']));
});

test('needs no git', async () => {
  const path = await mkdtemp(join(tmpdir(), 'affected-path-'));
  onTestFinished(() => rm(path, { recursive: true }));
  await symlink(process.execPath, join(path, 'node'));
  expect(await build({ PATH: path })).toEqual({ stdout: '', stderr: '' });
  expect(await cached()).toEqual(['cli.cache', 'start.cache']);
});
