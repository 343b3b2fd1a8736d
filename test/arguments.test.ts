import { describe, expect, test } from 'vitest';
import { parseArguments } from '../src/arguments.ts';

describe('the command line', () => {
  test.each([
    [[], { command: 'preview', values: {}, positionals: [] }],
    [
      ['--since', 'main', '--all'],
      { command: 'preview', values: { since: 'main', all: true }, positionals: [] },
    ],
    [['preview', '--json'], { command: 'preview', values: { json: true }, positionals: [] }],
    [['explain', 'a/b', '--head=x'], { command: 'explain', values: { head: 'x' }, positionals: ['a/b'] }],
    [['explain', 'explain'], { command: 'explain', values: {}, positionals: ['explain'] }],
    [
      ['--cwd', 'x', 'check', '--json'],
      { command: 'check', values: { cwd: 'x', json: true }, positionals: [] },
    ],
    [
      ['generate', '-o', 'f', '--strict'],
      { command: 'generate', values: { output: 'f', strict: true }, positionals: [] },
    ],
    [['graph', '--format=dot'], { command: 'graph', values: { format: 'dot' }, positionals: [] }],
    [
      ['backtest', '--commits', '9', '--ref', 'x', '--json'],
      { command: 'backtest', values: { commits: '9', ref: 'x', json: true }, positionals: [] },
    ],
    [['--since=-rf'], { command: 'preview', values: { since: '-rf' }, positionals: [] }],
    [['--since', ''], { command: 'preview', values: { since: '' }, positionals: [] }],
    [['-h'], { command: 'preview', values: { help: true }, positionals: [] }],
    [['-v'], { command: 'preview', values: { version: true }, positionals: [] }],
    [['explain', '--', '-rf'], { command: 'explain', values: {}, positionals: ['-rf'] }],
  ])('%j', (argv, expected) => {
    expect(parseArguments(argv)).toEqual(expected);
  });

  test.each([
    ['takes all that follows', ['--what-if', 'a', 'b', 'c'], 'preview', ['a', 'b', 'c']],
    ['may be repeated', ['--what-if', 'a', '--what-if', 'b'], 'preview', ['a', 'b']],
    ['takes a path named like a command', ['--what-if', 'a', 'graph'], 'preview', ['a', 'graph']],
    ['behind a command', ['graph', '--what-if', 'a', 'check'], 'graph', ['a', 'check']],
  ])('--what-if %s', (_, argv, command, paths) => {
    expect(parseArguments(argv)).toEqual({ command, values: { 'what-if': paths }, positionals: [] });
  });

  test('explain keeps its subject apart from --what-if', () => {
    expect(parseArguments(['explain', 'image', '--what-if', 'a'])).toEqual({
      command: 'explain',
      values: { 'what-if': ['a'] },
      positionals: ['image'],
    });
  });
});

describe('what is refused, by name', () => {
  test.each([
    [['--sinse', 'main'], "Unknown option '--sinse'"],
    [['-x'], "Unknown option '-x'"],
    [['--since'], "Option '--since <value>' argument missing"],
    [['--json=yes'], "Option '--json' does not take an argument"],
    [
      ['--since', '-rf'],
      "Option '--since' argument is ambiguous: a value that starts with a dash is written --since=-VALUE",
    ],
    [
      ['-o', '-x'],
      "Option '-o' argument is ambiguous: a value that starts with a dash is written --output=-VALUE",
    ],
    [
      ['explian', 'a'],
      '"explian" is no command; commands are preview, generate, explain, graph, base, check, backtest, init, publish, verify',
    ],
    [['graph', 'trino'], '"affected graph" takes no argument "trino"'],
    [['explain'], '"affected explain" takes one image or path'],
    [['explain', 'a', 'b'], '"affected explain" takes one image or path'],
    [['--output', 'x'], '--output does not go with "affected preview"'],
    [['--format', 'dot'], '--format does not go with "affected preview"'],
    [['check', '--since', 'x'], '--since does not go with "affected check"'],
    [['check', '--strict'], '--strict does not go with "affected check"'],
    [['graph', '--json'], '--json does not go with "affected graph"'],
    [['explain', 'a', '--all'], '--all does not go with "affected explain"'],
    [['generate', '--what-if', 'a'], '--what-if does not go with "affected generate"'],
    [['generate', '--json'], '--json does not go with "affected generate"'],
    [['init', '--head', 'a'], '--head does not go with "affected init"'],
    [['--force'], '--force does not go with "affected preview"'],
    [['publish', '--json'], '--json does not go with "affected publish"'],
    [['check', '--dry-run'], '--dry-run does not go with "affected check"'],
    [
      ['init', '--config', 'a.yml'],
      '--config does not go with "affected init", which writes affected.yml from the Dockerfiles alone',
    ],
    [
      ['--since', 'a', '--base', 'b'],
      '--since and --base exclude each other: --since compares from the merge base, --base from the commit itself',
    ],
    [
      ['--what-if', 'a', '--since', 'b'],
      '--what-if and --since exclude each other: --what-if compares with the same files, unchanged',
    ],
    [
      ['graph', '--what-if', 'a', '--base', 'b'],
      '--what-if and --base exclude each other: --what-if compares with the same files, unchanged',
    ],
  ])('%j', (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(
      expect.objectContaining({ code: 'usage', message: `${message}. See affected --help.` }),
    );
  });
});
