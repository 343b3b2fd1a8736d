import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRepository } from './support/repository.ts';
import manifest from '../package.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '..');

/** A copy of the package's programs; with the bundle that `npm test` builds first, or without. */
async function installed(options: { bundle: boolean }): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'affected-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await cp(join(root, 'bin'), join(directory, 'bin'), { recursive: true });
  if (options.bundle) await cp(join(root, 'dist'), join(directory, 'dist'), { recursive: true });
  return directory;
}

function affected(
  directory: string,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [join(directory, 'bin/affected.js'), ...args], (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

test('the bundle runs with its code cache', async () => {
  const directory = await installed({ bundle: true });
  expect(await affected(directory, '--version')).toEqual({
    code: 0,
    stdout: `${manifest.version}\n`,
    stderr: '',
  });
});

test.each([
  ['missing', (cache: string) => rm(cache)],
  ['cut off', (cache: string) => truncate(cache, 1000)],
  ['of something else', (cache: string) => writeFile(cache, 'x'.repeat(5000))],
])('a code cache that is %s does no harm', async (_, spoil) => {
  const directory = await installed({ bundle: true });
  await spoil(join(directory, 'dist/cli.cache'));
  expect(await affected(directory, '--version')).toEqual({
    code: 0,
    stdout: `${manifest.version}\n`,
    stderr: '',
  });
});

test('without a bundle it says how to get one', async () => {
  const directory = await installed({ bundle: false });
  const { code, stderr } = await affected(directory, '--version');
  expect([code, stderr]).toEqual([2, `affected is not built yet: run "npm ci" in ${directory}.\n`]);
});

test('without its templates it says that it is not whole', async () => {
  const directory = await installed({ bundle: true });
  const repository = await createRepository();
  await repository.commit({ 'a/Dockerfile': 'FROM scratch\n' });
  const args = ['--cwd', repository.dir, '--output', join(directory, 'child.yml')];
  const { code, stderr } = await affected(directory, 'generate', '--base', 'HEAD', ...args);
  expect([code, stderr]).toEqual([
    2,
    `affected: ci-templates/ is missing beside ${join(directory, 'dist')}: install affected again [incomplete-package]\n`,
  ]);
});

test('a reader that stops early is no error', async () => {
  const directory = await installed({ bundle: true });
  const command = `${process.execPath} ${join(directory, 'bin/affected.js')} --help | head -1`;
  const output = await new Promise((done) =>
    execFile('sh', ['-c', command], (_, stdout, stderr) => done(stdout + stderr)),
  );
  expect(output).toMatch(/^affected – .*\n$/);
});

test.skipIf(!existsSync('/dev/full'))('an output that can’t be written is an error', async () => {
  const directory = await installed({ bundle: true });
  const command = `${process.execPath} ${join(directory, 'bin/affected.js')} --help > /dev/full`;
  const outcome = await new Promise((done) =>
    execFile('sh', ['-c', command], (error, _, stderr) => done([error?.code, stderr])),
  );
  expect(outcome).toEqual([
    2,
    expect.stringMatching(/^affected: the output can't be written: ENOSPC.* \[unwritable-output\]\n$/),
  ]);
});

test.skipIf(!existsSync('/dev/full'))('it is told once, however many lines are lost', async () => {
  const directory = await installed({ bundle: true });
  const repository = await createRepository();
  for (let text = 0; text < 20; text += 1) await repository.commit({ 'a/Dockerfile': `FROM x:${text}\n` });
  const command = `${process.execPath} ${join(directory, 'bin/affected.js')} backtest --json --cwd ${repository.dir} > /dev/full`;
  const stderr = await new Promise<string>((done) =>
    execFile('sh', ['-c', command], (_, __, err) => done(err)),
  );
  expect(stderr.match(/unwritable-output/g)).toHaveLength(1);
});

test.skipIf(!existsSync('/dev/full'))('errors that nobody can read change no exit code', async () => {
  const directory = await installed({ bundle: true });
  const command = `${process.execPath} ${join(directory, 'bin/affected.js')} --nothing 2> /dev/full`;
  const code = await new Promise((done) => execFile('sh', ['-c', command], (error) => done(error?.code)));
  expect(code).toBe(2);
});
