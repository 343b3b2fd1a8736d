import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSource } from '../../src/dockerfile/copy-source.ts';
import type { CopySource } from '../../src/dockerfile/copy-source.ts';

function selects(source: string, path: string, rest: Partial<CopySource> = {}): boolean {
  return compileSource({ source, parents: false, exclude: [], literal: false, ...rest })(path);
}

describe('compileSource', () => {
  test.each([
    ['.', 'a/b', true],
    ['', 'a', true],
    ['/', 'a', true],
    ['./', 'a', true],
    ['..', 'a', true],
    ['a', 'a', true],
    ['a', 'a/b/c', true],
    ['a', 'ab', false],
    ['a/', 'a/b', true],
    ['/a', 'a', true],
    ['./a/.', 'a/b', true],
    ['../a', 'a', true],
    ['a/../b', 'b', true],
    ['a/b', 'a', false],
    ['*', 'a/b', true],
    ['*', '.hidden', true],
    ['*.txt', 'a.txt', true],
    ['*.txt', 'a/b.txt', false],
    ['*.txt', 'a.txt/b', true],
    ['a/*.txt', 'a/b.txt', true],
    ['a/*.txt', 'a/b/c.txt', false],
    ['a/*/c', 'a/b/c/d', true],
    ['**/c', 'a/b/c', false],
    ['a?', 'ab', true],
    ['[ab]', 'b/c', true],
    ['arr[[]0].txt', 'arr[0].txt', true],
    // Kaniko takes a file of that very name too; a malformed pattern is one in any case.
    ['arr[0].txt', 'arr[0].txt', true],
    ['a[', 'a[/b', true],
    ['a[', 'ab', false],
    // Kaniko takes the backslash for an escape everywhere, BuildKit not before the first wildcard.
    ['a\\b/*', 'ab/c', true],
    ['a\\b/*', 'a\\b/c', true],
    ['a\\b/*', 'a/c', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'a\\*', true],
    ['a\\*', 'ab', false],
    ['*/\\b', 'a/b', true],
    ['\udc80*', '\udc80\n', true],
  ])('%j on %j is %s', (source, path, expected) => {
    expect(selects(source, path)).toBe(expected);
  });

  test.each([
    ['a*', 'a*/b', true],
    ['a*', 'ab', false],
    ['.', 'a', true],
    ['/a/', 'a/b', true],
  ])('literal %j on %j is %s', (source, path, expected) => {
    expect(selects(source, path, { literal: true })).toBe(expected);
  });

  test.each([
    ['**/c', 'a/b/c', true],
    ['**/c', 'a/b/c/d', true],
    ['**/*.txt', 'a/b/c', false],
    ['./x/a.txt', 'x/a.txt', true],
    ['./x/a.txt', 'y/a.txt', false],
    ['x/./y/*.txt', 'x/y/a.txt', true],
    ['x/./y/*.txt', 'y/a.txt', false],
    ['x*/./**/y', 'x1/a/y', true],
    ['x*/./**/y', 'a/y', false],
    ['x/./**/y', 'x/a/b/y', true],
    ['/./x', 'x/y', true],
    ['.', 'a', true],
    ['x/./', 'x/a', true],
    ['a[/./b', 'a[/b', true],
    ['a[', 'a[', true],
  ])('with --parents %j on %j is %s', (source, path, expected) => {
    expect(selects(source, path, { parents: true })).toBe(expected);
  });

  test.each([
    ['.', ['*.md'], 'a.md', false],
    ['.', ['*.md'], 'a/b.md', true],
    ['.', ['**/*.md'], 'a/b.md', false],
    ['.', ['docs'], 'docs/a/b', false],
    // Relative to the directory that is copied, or that the wildcards matched.
    ['a', ['*.md'], 'a/b.md', false],
    ['a', ['a/*.md'], 'a/b.md', true],
    ['a*', ['*.md'], 'ab/c.md', false],
    ['a*', ['*.md'], 'ab/d/c.md', true],
    // A file that the source itself names stays.
    ['a.md', ['*.md'], 'a.md', true],
    ['*.md', ['*.md'], 'a.md', true],
    ['a.md', ['*'], 'a.md', true],
    // The last one that matches decides.
    ['.', ['*', '!keep'], 'keep', true],
    ['.', ['*', '!keep'], 'drop', false],
    ['.', [''], 'a', true],
    ['.', ['*', '['], 'a', true],
  ])('%j without %j on %j is %s', (source, exclude, path, expected) => {
    expect(selects(source, path, { exclude })).toBe(expected);
  });

  test.each([
    ['x/./**/*.md', 'y/b.md', 'x/y/b.md', false],
    ['x/./**/*.md', 'y/b.md', 'x/b.md', true],
    ['**/*.md', 'y', 'y/b.md', false],
    ['.', 'y', 'y/b.md', false],
    ['.', 'y', 'x/b.md', true],
    ['x/./', 'y', 'x/y', false],
    ['x/./', 'x/y', 'x/y', true],
    ['x[', 'y', 'x[/y', false],
    ['x[', 'y', 'x[/z', true],
  ])('with --parents %j without %j on %j is %s', (source, exclude, path, expected) => {
    expect(selects(source, path, { parents: true, exclude: [exclude] })).toBe(expected);
  });

  const segment = fc.string({
    unit: fc.constantFrom('a', 'b', '*', '?', '[', '\\', 'é', '\udc80', '\n'),
    minLength: 1,
  });
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));

  test('a source selects the path it names and everything below it, wildcard characters or not', () => {
    fc.assert(
      fc.property(path, path, fc.boolean(), fc.boolean(), (source, below, parents, literal) => {
        const select = compileSource({ source, parents, exclude: [], literal });
        expect(select(source)).toBe(true);
        expect(select(`${source}/${below}`)).toBe(true);
      }),
    );
  });

  test('a source with wildcards for parts of a path selects it, with --parents too', () => {
    const part = fc.tuple(segment, fc.constantFrom('*', '?', 'x'));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const name = parts.map(([text]) => text).join('/');
        const pattern = parts.map(([text, how]) => {
          if (how === 'x') return text.replace(/[*?[\\]/g, '\\$&');
          return how === '*' ? '*' : text.replace(/./gsu, '?');
        });
        for (const parents of [false, true]) {
          expect(selects(pattern.join('/'), name, { parents })).toBe(true);
          expect(selects(pattern.join('/'), `${name}/below`, { parents })).toBe(true);
          expect(selects(`${pattern.join('/')}/*`, name, { parents })).toBe(false);
        }
      }),
    );
  });
});
