import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { cli } from '../support/cli.ts';
import { createRepository } from '../support/repository.ts';
import { platform } from './platform.ts';

const COMMANDS = [[], ['explain', 'alone'], ['graph'], ['generate', '--output', 'child.yml']] as const;

describe('what a person can mend: one clear sentence, exit 2, nothing printed or written', () => {
  test.each([
    [
      'a config that is wrong',
      { 'affected.yml': 'imagse: {}\n' },
      /^affected: affected\.yml:1:1: .* \[config\]\n$/,
    ],
    [
      'a Dockerfile that doesn’t parse',
      { 'alone/Dockerfile': 'FROM scratch\n  COPPY a /a\n' },
      /^affected: alone\/Dockerfile:2:3: .*COPPY.* \[dockerfile\]\n$/,
    ],
    [
      'an empty Dockerfile',
      { 'alone/Dockerfile': '' },
      /^affected: alone\/Dockerfile:1:1: .* \[dockerfile\]\n$/,
    ],
    [
      'an ignore file that doesn’t parse',
      { 'trino/.dockerignore': '[a-\n' },
      /^affected: trino\/\.dockerignore:1: .* \[ignore-file\]\n$/,
    ],
    [
      'several files, all of them named',
      { 'alone/Dockerfile': 'x', 'base/Dockerfile': 'y' },
      /^affected: alone\/Dockerfile:1:1: .*\nbase\/Dockerfile:1:1: .* \[dockerfile\]\n$/,
    ],
    [
      'two images of one name',
      { 'affected.yml': 'names:\n  alone: same\n  base: same\n' },
      /^affected: alone\/Dockerfile and base\/Dockerfile are both the image "same"; .* \[duplicate-name\]\n$/,
    ],
    [
      'a cycle',
      { 'base/Dockerfile': 'FROM trino\n' },
      /^affected: The images need each other in a cycle: base → trino → java → base; .* \[cycle\]\n$/,
    ],
  ] as const)('%s', async (_, files, expected) => {
    const { repository, base } = await platform();
    await repository.commit(files);
    for (const command of COMMANDS) {
      const { code, stdout, stderr } = await cli(repository.dir, [...command, '--base', base]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(expected);
    }
    expect(await readdir(repository.dir)).not.toContain('child.yml');
  });

  test.each([
    ['not a repository', '/', /^affected: \/ is not in a git repository: .* \[not-a-repository\]\n$/],
    ['no directory', '/none', /^affected: There is no directory \/none\. \[no-directory\]\n$/],
  ])('%s', async (_, cwd, expected) => {
    for (const command of COMMANDS) {
      const { code, stdout, stderr } = await cli('/', [...command, '--cwd', cwd]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(expected);
    }
  });

  test('an empty repository', async () => {
    const repository = await createRepository();
    const { code, stderr } = await cli(repository.dir, []);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^affected: --head: HEAD names no commit yet: .* \[unknown-revision\]\n$/);
  });

  test('nothing tells which branch to compare with', async () => {
    const { repository } = await platform();
    await repository.git('branch', '-m', 'topic');
    const { code, stderr } = await cli(repository.dir, []);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^affected: .* pass --since BRANCH.* \[no-target\]\n$/);
  });
});

describe('affected generate', () => {
  test('needs to be told where to', async () => {
    const { repository } = await platform();
    const { code, stderr } = await cli(repository.dir, ['generate']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'affected: affected generate needs --output FILE, the child pipeline to write. See affected --help. [usage]\n',
    );
  });

  test.each([
    [
      'a directory that does not exist',
      'none/child.yml',
      /^affected: --output .*\/none\/child\.yml: ENOENT.* \[unwritable-output\]\n$/,
    ],
    ['a directory', 'trino', /^affected: --output .*\/trino: EISDIR.* \[unwritable-output\]\n$/],
  ])('leaves nothing behind where it can’t write: %s', async (_, output, expected) => {
    const { repository } = await platform();
    const before = await repository.git('status', '--porcelain');
    const { code, stderr } = await cli(repository.dir, ['generate', '--base', 'HEAD', '-o', output]);
    expect(code).toBe(2);
    expect(stderr).toMatch(expected);
    expect(await repository.git('status', '--porcelain')).toBe(before);
  });

  test('replaces what was there as a whole, or not at all', async () => {
    const { repository, base } = await platform();
    await mkdir(`${repository.dir}/out`);
    const file = `${repository.dir}/out/child.yml`;
    await writeFile(file, 'old\n'.repeat(10_000));
    const generate = () =>
      cli(repository.dir, ['generate', '--base', base, '--head', 'HEAD', '-o', 'out/child.yml']);
    expect((await generate()).stdout).toMatch(/\n\nWrote out\/child\.yml\n$/);
    const written = await readFile(file, 'utf8');
    expect(written).not.toContain('old');
    await repository.commit({ 'alone/Dockerfile': 'broken' });
    expect((await generate()).code).toBe(2);
    expect(await readFile(file, 'utf8')).toBe(written);
    expect(await readdir(`${repository.dir}/out`)).toEqual(['child.yml']);
  });

  test('with --strict, nothing is written when something could not be known', async () => {
    const { repository } = await platform({ 'unknown/Dockerfile': 'ARG WHICH\nFROM $WHICH\n' });
    const { code, stdout } = await cli(repository.dir, [
      'generate',
      '--base',
      'HEAD',
      '--strict',
      '-o',
      'child.yml',
    ]);
    expect(code).toBe(2);
    expect(stdout).toContain('unresolved-reference (unknown)');
    expect(await readdir(repository.dir)).not.toContain('child.yml');
  });

  test('a pipe is written to, not replaced', async () => {
    const { repository } = await platform();
    const fifo = `${repository.dir}/fifo`;
    await promisify(execFile)('mkfifo', [fifo]);
    // Opened for reading first and without waiting, so that a writer that never comes can't block the test.
    const reader = await open(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    onTestFinished(() => reader.close());
    const argv = ['generate', '--base', 'HEAD', '--head', 'HEAD', '-o', 'fifo'];
    expect((await cli(repository.dir, argv)).code).toBe(0);
    expect((await lstat(fifo)).isFIFO()).toBe(true);
    const { bytesRead } = await reader.read(Buffer.alloc(64));
    expect(bytesRead).toBe(64);
  });
});

describe('secrets', () => {
  test('credentials in the URL of origin are printed nowhere', async () => {
    const { repository } = await platform();
    const url = 'http://user:s3cret@127.0.0.1:1/a%0ab';
    // A URL that git repeats as it is, instead of without what it needs to log in.
    vi.stubEnv('GIT_ALLOW_PROTOCOL', 'http');
    vi.stubEnv('no_proxy', '127.0.0.1');
    onTestFinished(() => void vi.unstubAllEnvs());
    await repository.git('remote', 'add', 'origin', url);
    const env = {
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: 'push',
      CI_COMMIT_BRANCH: 'topic',
      CI_DEFAULT_BRANCH: 'main',
    };
    for (const argv of [
      [],
      ['--json'],
      ['--debug', '--since', 'none'],
      ['--since', 'none'],
      ['generate', '-o', 'child.yml'],
    ]) {
      const { stdout, stderr } = await cli(repository.dir, argv, { env });
      expect(stdout + stderr).toContain('***@127.0.0.1');
      expect(stdout + stderr).not.toContain('s3cret');
    }
  });

  test('nor is what a person typed by mistake', async () => {
    const { repository } = await platform();
    for (const argv of [['--since', 'https://user:s3cret@host/x'], ['https://user:s3cret@host/x']]) {
      const { code, stderr } = await cli(repository.dir, argv);
      expect(code).toBe(2);
      expect(stderr).toContain('***@host');
      expect(stderr).not.toContain('s3cret');
    }
  });
});
