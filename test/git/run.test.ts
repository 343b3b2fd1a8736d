import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { GitError, maskCredentials } from '../../src/git/git-error.ts';
import { runGit } from '../../src/git/run.ts';
import { createRepository } from '../support/repository.ts';

afterEach(() => vi.unstubAllEnvs());

describe('runGit', () => {
  test('gives every byte of the output, however long', async () => {
    const repository = await createRepository();
    const contents = Buffer.alloc(3_000_000, Buffer.from([0, 0xff, 0x0a]));
    await repository.commit({ big: contents });
    const { stdout, exitCode } = await runGit({
      cwd: repository.dir,
      args: ['cat-file', 'blob', 'HEAD:big'],
    });
    expect(stdout.equals(contents)).toBe(true);
    expect(exitCode).toBe(0);
  });

  test('takes the exit codes that are answers', async () => {
    const { dir } = await createRepository();
    const args = ['config', '--get', 'no.such'];
    expect((await runGit({ cwd: dir, args, okExitCodes: [0, 1] })).exitCode).toBe(1);
    await expect(runGit({ cwd: dir, args })).rejects.toThrow('git config failed with exit code 1.');
  });

  test('says what git said', async () => {
    const { dir } = await createRepository();
    const failure = await runGit({ cwd: dir, args: ['ls-tree', 'nonsense'] }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(GitError);
    expect(failure).toMatchObject({
      code: 'git-failed',
      exitCode: 128,
      stderr: 'fatal: Not a valid object name nonsense',
      message: 'git ls-tree failed with exit code 128: fatal: Not a valid object name nonsense',
    });
  });

  test('survives a git that does not read its input', async () => {
    const { dir } = await createRepository();
    const input = Buffer.alloc(1_000_000);
    await expect(runGit({ cwd: dir, args: ['cat-file', '--nonsense'], input })).rejects.toThrow(
      'unknown option',
    );
  });

  test('says so when a signal ends git', async () => {
    const { dir } = await createRepository();
    await stubGit(dir, 'kill -9 $$');
    await expect(runGit({ cwd: dir, args: ['status'] })).rejects.toMatchObject({
      message: 'git status was killed.',
      exitCode: undefined,
    });
  });

  test('says so when there is no git', async () => {
    const { dir } = await createRepository();
    vi.stubEnv('PATH', '/nonexistent');
    await expect(runGit({ cwd: dir, args: ['status'] })).rejects.toMatchObject({ code: 'git-missing' });
  });

  test('says so when there is no such directory', async () => {
    const { dir } = await createRepository();
    await expect(runGit({ cwd: join(dir, 'gone'), args: ['status'] })).rejects.toMatchObject({
      code: 'no-directory',
      message: `There is no directory ${dir}/gone.`,
    });
  });

  test('says so when a file is in its place', async () => {
    const { dir, write } = await createRepository();
    await write({ file: '' });
    await expect(runGit({ cwd: join(dir, 'file'), args: ['status'] })).rejects.toMatchObject({
      code: 'no-directory',
      message: `${dir}/file is no directory.`,
    });
  });

  test.each([
    'echo "fatal: write failure on standard output: No space left on device" >&2; exit 128',
    'kill -25 $$',
  ])('gives the output where a disk is full: %s', async (failure) => {
    const { dir } = await createRepository();
    await stubGit(dir, `[ -f /dev/fd/1 ] && { echo half; ${failure}; }\ncat; echo all`);
    const { stdout } = await runGit({ cwd: dir, args: ['ls-tree'], input: 'input\n', bulk: true });
    expect(stdout.toString()).toBe('input\nall\n');
  });

  test('leaves no file open', async () => {
    const { dir } = await createRepository();
    const run = () => runGit({ cwd: dir, args: ['cat-file', '--batch'], input: '', bulk: true });
    await run();
    const before = await readdir('/dev/fd');
    for (let index = 0; index < 8; index += 1) await run();
    expect((await readdir('/dev/fd')).length).toBeLessThan(before.length + 8);
  });

  test("is not led astray by a hook's variables, and keeps settings", async () => {
    const { dir } = await createRepository();
    await stubGit(dir, 'env');
    vi.stubEnv('GIT_DIR', '/elsewhere');
    vi.stubEnv('GIT_INDEX_FILE', '/elsewhere/index');
    vi.stubEnv('GIT_CONFIG_COUNT', '1');
    vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
    const { stdout } = await runGit({ cwd: dir, args: ['status'] });
    const variables = stdout.toString().split('\n');
    expect(variables).toEqual(
      expect.arrayContaining([
        'LC_ALL=C',
        'GIT_TERMINAL_PROMPT=0',
        'GIT_OPTIONAL_LOCKS=0',
        'GIT_CONFIG_COUNT=1',
        'GIT_HTTP_LOW_SPEED_LIMIT=1',
        'GIT_HTTP_LOW_SPEED_TIME=60',
      ]),
    );
    expect(variables.filter((line) => /^GIT_(?:DIR|INDEX_FILE)=/.test(line))).toEqual([]);
  });
});

describe('a repository of another user', () => {
  const args = ['rev-parse', '--is-bare-repository'];

  test('is refused on a person’s machine, with the way out', async () => {
    const { dir } = await createRepository();
    vi.stubEnv('CI', undefined);
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
    await expect(runGit({ cwd: dir, args })).rejects.toMatchObject({
      code: 'unsafe-repository',
      message: expect.stringContaining(`git config --global --add safe.directory "${dir}"`) as string,
    });
  });

  test('is read in CI, where the runner made the checkout', async () => {
    const { dir } = await createRepository();
    vi.stubEnv('CI', 'true');
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
    expect((await runGit({ cwd: dir, args })).stdout.toString()).toBe('false\n');
  });
});

test.each([
  ['fatal: https://gitlab-ci-token:secret@host/x.git', 'fatal: https://***@host/x.git'],
  ['https://token@host and ssh://git@host/x', 'https://***@host and ssh://***@host/x'],
  ['https://user:p@ss@host/x', 'https://***@host/x'],
  ['unable to look up user:secret@host:1 (port 9418)', 'unable to look up ***@host:1 (port 9418)'],
  ['https://host/a@b and git@host:x', 'https://host/a@b and git@host:x'],
])('hides the credentials of %j', (text, masked) => {
  expect(maskCredentials(text)).toBe(masked);
});

/** Puts a `git` of our own first on the PATH. */
async function stubGit(dir: string, script: string): Promise<void> {
  const program = join(dir, 'git');
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  vi.stubEnv('PATH', `${dir}:${process.env['PATH']}`);
}
