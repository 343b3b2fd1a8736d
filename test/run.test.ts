import { describe, expect, test, vi } from 'vitest';
import { HELP } from '../src/help.ts';
import { run } from '../src/run.ts';
import { cli } from './support/cli.ts';

describe('without a repository', () => {
  test.each([['--version'], ['-v'], ['check', '--version']])('%s %s', async (...argv) => {
    expect(await cli('/', argv)).toEqual({ code: 0, stdout: '0.0.0-test\n', stderr: '' });
  });

  test.each([['--help'], ['-h'], ['generate', '--help']])('%s %s', async (...argv) => {
    expect(await cli('/', argv)).toEqual({ code: 0, stdout: HELP, stderr: '' });
  });

  test('the help names every command and option, in lines that fit', () => {
    for (const word of [
      'explain',
      'graph',
      'check',
      'generate',
      '--since',
      '--base',
      '--head',
      '--what-if',
      '--json',
      '--all',
      '--strict',
      '--cwd',
      '--config',
      '--format',
      '-o',
      '--debug',
      '--help',
      '--version',
    ]) {
      expect(HELP).toContain(word);
    }
    expect(Math.max(...HELP.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  });
});

describe('errors', () => {
  test('a mistake is one sentence and a code, and no stack', async () => {
    const { code, stdout, stderr } = await cli('/', ['--foo']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe("affected: Unknown option '--foo'. See affected --help. [usage]\n");
  });

  test('--debug shows the stack and the cause', async () => {
    const plain = await cli('/', []);
    expect(plain.stderr).not.toMatch(/\n {4}at /);
    const debug = await cli('/', ['--debug']);
    expect(debug.code).toBe(2);
    expect(debug.stderr).toMatch(/^AffectedError: \/ is not in a git repository.*\n {4}at /);
    expect(debug.stderr).toContain('[cause]: GitError: git rev-parse failed');
  });

  test.each([
    ['an error', new Error('no such luck'), 'no such luck'],
    ['anything else', 'no such luck', 'no such luck'],
    ['a secret in it', new Error('at https://user:s3cret@host/x'), 'at https://***@host/x'],
    ['something for the terminal in it', new Error('\u001b[2J'), '\\u001b[2J'],
  ])('%s nobody foresaw is called a defect', async (_, thrown, message) => {
    const stderr = vi.fn<(text: string) => void>();
    const stdout = () => {
      throw thrown;
    };
    const surroundings = {
      argv: ['--version'],
      env: {},
      cwd: '/',
      version: '1',
      isTerminal: false,
      stderrIsTerminal: false,
      stdout,
      stderr,
    };
    expect(await run(surroundings)).toBe(2);
    expect(stderr.mock.calls).toEqual([
      [
        `affected: unexpected error: ${message}\nThis is a defect of affected; run again with --debug and report what it prints.\n`,
      ],
    ]);
  });
});
