import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanPath } from '../../src/dockerfile/go-match.ts';
import {
  IgnoreFileError,
  ignoringPattern,
  isIgnored,
  isSurelyWellFormed,
  parseIgnoreFile,
} from '../../src/dockerfile/ignore-file.ts';
import type { IgnoreRules } from '../../src/dockerfile/ignore-file.ts';

function ignored(text: string, path: string, rules: IgnoreRules = 'docker'): boolean {
  return isIgnored(parseIgnoreFile(text), path, rules);
}

function parseOrNothing(text: string): ReturnType<typeof parseIgnoreFile> {
  try {
    return parseIgnoreFile(text);
  } catch (error) {
    if (error instanceof IgnoreFileError) return [];
    throw error;
  }
}

describe('parseIgnoreFile', () => {
  test.each([
    ['a', 'a', true],
    ['a', 'A', false],
    ['\ufeffa', 'a', true],
    ['a\r\nb\r\n', 'b', true],
    ['  a\t', 'a', true],
    ['\x85a\u3000', 'a', true],
    ['', 'a', false],
    ['\n \n', 'a', false],
    ['#a', '#a', false],
    [' #a', '#a', true],
    ['a #b', 'a', false],
    ['/a', 'a', true],
    ['//a', 'a', true],
    ['./a', 'a', true],
    ['a/', 'a', true],
    ['a/../b', 'b', true],
    ['../a', 'a', false],
    ['/', 'a', false],
    ['.', 'a', false],
    ['*', '.', false],
    ['*\n!a', 'a', false],
    ['*\n! a', 'a', false],
    ['*\n!/a', 'a', false],
    ['*\n!./a/', 'a', false],
    ['*\n!a', 'b', true],
    ['*\n!a\na', 'a', true],
    ['!a\n*', 'a', true],
    ['!!a\n!a', '!a', false],
    ['/ ', 'a', false],
    ['/ /', ' ', false],
  ])('%j on %j', (text, path, expected) => {
    expect(ignored(text, path)).toBe(expected);
  });

  test.each([
    ['!', 1],
    ['a\n ! ', 2],
    ['# comment\n\n!/', 3],
    ['[', 1],
    ['a\n!b[', 2],
    ['a\\', 1],
    ['[]a]', 1],
    // Go's Match lets these pass; its regexp does not.
    ['a*[', 1],
    ['a*[z-b]', 1],
    ['a\\y', 1],
    ['a*\\é', 1],
    ['a*[]', 1],
    ['a*[^]', 1],
    ['a[\\y]', 1],
    ['[a-\\y]', 1],
  ])('%j is refused, with its line', (text, line) => {
    expect(() => parseIgnoreFile(text)).toThrow(IgnoreFileError);
    expect(() => parseIgnoreFile(text)).toThrow(expect.objectContaining({ line }));
  });

  test('the message shows the line as it is written', () => {
    expect(() => parseIgnoreFile(' ![a ')).toThrow("'![a' is not a pattern that a builder accepts");
  });
});

describe('isIgnored', () => {
  // path, pattern, Docker, Kaniko
  test.each([
    ['docs', 'docs/a/b', true, true],
    ['docs/a', 'docs/a/b', true, true],
    ['docs/*', 'docs/a/b', true, true],
    ['docs/*.md', 'docs/a/b.md', false, false],
    ['*', 'a/b/c', true, true],
    ['*/*', 'a', false, false],
    ['?', 'ab', false, false],
    ['*.md', 'README.md', true, true],
    ['*.md', 'a/README.md', false, false],
    ['**/*.md', 'README.md', true, true],
    ['**/*.md', 'a/b/README.md', true, true],
    ['**', 'a', true, true],
    ['**/', 'a/b', true, true],
    ['**/a', 'a', true, true],
    ['**/a', 'ba', false, false],
    ['**a', 'x/ba', true, true],
    ['**ab', 'b', false, false],
    ['a/**', 'a', false, false],
    ['a/**', 'a/b/c', true, true],
    ['a**', 'ab/c', true, true],
    ['a.**', 'axb', false, false],
    ['a/**/b', 'a/b', true, true],
    ['a/**/b', 'a/x/y/b', true, true],
    ['a/**/**/b', 'a/x/b', true, true],
    ['a/**/b', 'a/x\ny/b', false, false],
    ['a/*/b', 'a/x\ny/b', true, true],
    ['a*/**', 'ab/c/d', true, true],
    // Kaniko looks at one parent only, the one with as many segments as the pattern.
    ['**/node_modules', 'node_modules', true, true],
    ['**/node_modules', 'node_modules/x', true, false],
    ['**/node_modules', 'a/node_modules/x', true, true],
    ['**/node_modules', 'a/b/node_modules/x', true, false],
    ['a/**/c', 'a/c/x', true, false],
    ['a?b', 'a/b', false, false],
    // Not wildcards, whatever a regular expression makes of them.
    ['a.b*', 'axb', false, false],
    ['a+(b)$*', 'a+(b)$c', true, true],
    ['[a]{b}', 'a{b}', true, true],
    ['\\*', '*', true, true],
    ['\\*', 'a', false, false],
    ['a\\ b', 'a b', true, true],
    ['*\\-', 'x-', true, true],
    ['[ab]c', 'bc', true, true],
    ['[^ab]c', 'bc', false, false],
    ['[^ab]', '\n', true, true],
    ['[a-c]', 'b', true, true],
    ['[\\]-a]', '^', true, true],
    ['[*[]]', '/]', true, true],
    ['a]*', 'a]b', true, true],
    ['[a-b]-', 'a-', true, true],
    // What moby's translation to a regular expression makes of them, and so what the builders do.
    ['[*]', '*]', false, false],
    ['[*]', '[]', true, true],
    ['*^', 'a^', false, false],
    ['x|*b', 'ab', true, true],
    ['a\\d', 'a1', true, true],
    ['a\\d', 'ad', false, false],
    ['[\\s]', '\n', true, true],
    ['a*[\\d-]', 'a-', true, true],
    ['[\\n]', '\n', true, true],
    ['\\Aa\\z', 'a', true, true],
    ['a*\\', 'ab$', true, true],
    // The bytes of a file name that are not UTF-8.
    ['\udc80', '\udc80', true, true],
    ['\udc80', '\udc81', false, false],
    ['?\udc80', 'a\udcff', true, true],
    ['[^a]', '\udc80', true, true],
    ['\ufeff\ufeffa*', 'ab', true, true],
    // A byte order mark is not there for moby's scanner, but is when the first two bytes are cut off.
    ['\n\ufeff**', '*', false, false],
    ['\n\ufeff**', '\udcbf**', true, true],
    ['\n\ufeff**', 'ÿ**', true, true],
    ['\n\ufeff**/a', 'b/a', false, false],
    // What can't be told is never ignored.
    ['a\\x62', 'ab', false, false],
    ['[\\x62]', 'b', false, false],
    ['[a-\\x62]', 'b', false, false],
    ['[[:alpha:]]', 'a', false, false],
    ['a{2}*', 'aa', false, false],
    ['*\n!\\x62', 'a', false, false],
  ])('%j on %j: Docker %s, Kaniko %s', (text, path, docker, kaniko) => {
    expect(ignored(text, path, 'docker')).toBe(docker);
    expect(ignored(text, path, 'kaniko')).toBe(kaniko);
    expect(ignored(text, path, 'union')).toBe(docker && kaniko);
  });

  const word = fc.string({
    unit: fc.constantFrom('a', 'b', '.', '+', '(', 'é', '\udc80', '\n'),
    minLength: 1,
  });
  const path = fc
    .array(word, { minLength: 1, maxLength: 4 })
    .map((words) => cleanPath(`/${words.join('/')}`).slice(1) || 'a');
  const line = fc.array(fc.constantFrom('a', 'b', '/', '*', '**', '?', '[ab]', '.', '!', '(', '|'), {
    maxLength: 6,
  });
  const text = fc
    .array(line, { maxLength: 4 })
    .map((lines) => lines.map((parts) => parts.join('')).join('\n'));

  test('the union never ignores what one of the two keeps', () => {
    fc.assert(
      fc.property(text, path, (file, name) => {
        const patterns = parseOrNothing(file);
        const both = isIgnored(patterns, name, 'docker') && isIgnored(patterns, name, 'kaniko');
        expect(isIgnored(patterns, name, 'union')).toBe(both);
      }),
    );
  });

  test('without wildcards and `!`, a path is ignored by its own name and that of each directory above it', () => {
    fc.assert(
      fc.property(path, fc.nat(3), (name, count) => {
        const above = name
          .split('/')
          .slice(0, count + 1)
          .join('/');
        fc.pre(!/^\s|\s$|\n/.test(above));
        for (const rules of ['docker', 'kaniko', 'union'] as const)
          expect(ignored(above, name, rules)).toBe(true);
        expect(ignored(above, `${name}x`)).toBe(above !== name);
        expect(ignored(`${above}\n!${above}`, name)).toBe(false);
      }),
    );
  });
});

describe('the pattern that decides', () => {
  const decisive = (text: string, path: string, rules: IgnoreRules = 'docker') => {
    const pattern = ignoringPattern(parseIgnoreFile(text), path, rules);
    return pattern && `${pattern.line}: ${pattern.text}`;
  };

  test.each<[string, string, string | undefined]>([
    ['# none\n\n a/../docs/ \n*\n', 'docs/a', '3: a/../docs/'],
    ['*.md\n!a.md\n', 'a.md', undefined],
    ['*.md\n!a.md\na.*\n!b\n', 'a.md', '3: a.*'],
    ['', 'a', undefined],
    ['*', '.', undefined],
  ])('of %j for %s', (text, path, expected) => {
    expect(decisive(text, path)).toBe(expected);
  });

  test('is another one by other rules', () => {
    const text = '**/docs\nx/y/docs/*\n';
    const of = (rules: IgnoreRules) => decisive(text, 'x/y/docs/a', rules);
    expect([of('docker'), of('kaniko'), of('union')]).toEqual([
      '1: **/docs',
      '2: x/y/docs/*',
      '2: x/y/docs/*',
    ]);
  });
});

interface Case {
  patterns: readonly string[];
  path: string;
  match: boolean;
  error: boolean;
}

const conformanceData = process.env['CONFORMANCE_DATA'];

test.skipIf(conformanceData === undefined)("moby/patternmatcher's own cases", () => {
  const file = join(conformanceData as string, 'conformance', 'dockerignore.json');
  const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];
  expect(cases.length).toBeGreaterThan(100);
  const answers = cases.map(({ patterns, path }) => {
    try {
      return { match: ignored(patterns.join('\n'), cleanPath(path)), error: false };
    } catch (error) {
      return { match: false, error: error instanceof IgnoreFileError };
    }
  });
  expect(cases.map((one, index) => ({ ...one, ...answers[index] }))).toEqual(cases);
});

test('an ignore file that surely is well-formed is', () => {
  const piece = fc.constantFrom(...'ab.*?!/#\\[]-^{}|$ \t\r\n'.split(''), '**/', '\n!', '\u00a0', '\u0085');
  let sure = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      if (!isSurelyWellFormed(text)) return;
      sure += 1;
      parseIgnoreFile(text);
    }),
    { numRuns: 3000 },
  );
  expect(sure).toBeGreaterThan(100);
  expect(isSurelyWellFormed('*.md\n!a b/c.md\n# x\r\n**/.git')).toBe(true);
});

test('the union ignores what both do, and not what either takes back', () => {
  const kept = parseIgnoreFile('*\n!**/keep\n');
  const answers = (path: string) =>
    (['docker', 'kaniko', 'union'] as const).map((rules) => isIgnored(kept, path, rules));
  expect(answers('keep/a')).toEqual([false, true, false]);
  expect(answers('other')).toEqual([true, true, true]);
  const dropped = parseIgnoreFile('**/drop\n');
  expect(
    (['docker', 'kaniko', 'union'] as const).map((rules) => isIgnored(dropped, 'drop/a', rules)),
  ).toEqual([true, false, false]);
});
