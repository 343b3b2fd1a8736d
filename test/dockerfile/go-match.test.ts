import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanPath, compileGoMatch } from '../../src/dockerfile/go-match.ts';

describe('compileGoMatch', () => {
  // Every answer is that of Go's path/filepath.Match.
  test.each([
    ['abc', 'abc', true],
    ['*', '', true],
    ['*', 'a/b', false],
    ['*c', 'abc', true],
    ['a*/b', 'abc/b', true],
    ['a*/b', 'a/c/b', false],
    ['a*b*c', 'aXbXc', true],
    ['a*b*c', 'aXbX', false],
    ['ab*', 'b', false],
    ['a*', 'ab/c', false],
    ['?', '/', false],
    ['?', '', false],
    ['??', 'é', false],
    ['?', 'é', true],
    ['?', '\udc80', true],
    ['ab[c]', 'abc', true],
    ['ab[b-d]', 'abc', true],
    ['ab[^c]', 'abc', false],
    ['ab[^e-g]', 'abc', true],
    ['a[^x]b', 'a/b', true],
    ['[é-ü]', 'ö', true],
    ['[é-ü]', 'z', false],
    ['[\\]a]', ']', true],
    ['[\\-]', '-', true],
    ['[^\\-]', '-', false],
    ['[x\\-]', '-', true],
    ['[*]', '*', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['a\\é', 'aé', true],
    ['\udc80*', '\udc80x', true],
    ['\udc80', '\udc81', false],
    ['€', '€', true],
    ['*x', 'xxx', true],
    // The first place where the rest fits is taken for good.
    ['*[^x]*b', 'aa/b', false],
    // A star counts bytes: the second and third byte of `€` are two invalid characters.
    ['*??', '€', true],
    ['*??', 'é', false],
    // U+FFFD stands for an invalid byte in a class, but not as itself.
    ['[\ufffd]', '\udc80', true],
    ['\ufffd', '\udc80', false],
    ['𝄞[𝄞]', '𝄞𝄞', true],
  ])('%j on %j is %s', (pattern, name, expected) => {
    expect(compileGoMatch(pattern)(name)).toBe(expected);
  });

  test.each([
    ['[]a]', ']'],
    ['[-]', '-'],
    ['[x-]', 'x'],
    ['[-x]', 'x'],
    ['[a-b-c]', 'a'],
    ['[', 'a'],
    ['[^', 'a'],
    ['[^bc', 'a'],
    ['a[', 'ab'],
    ['a[x', 'ab'],
    ['[a-', 'a'],
    ['[\\', 'a'],
    ['\\', 'a'],
    ['*\\', 'a'],
    ['[\udc80]', 'a'],
    ['[a-\udc80]', 'a'],
  ])('%j is malformed', (pattern, name) => {
    expect(compileGoMatch(pattern)(name)).toBe('malformed');
  });

  test('a malformed part is noticed only when the name gets that far', () => {
    const match = compileGoMatch('a*[');
    expect(match('b')).toBe(false);
    expect(match('ab')).toBe('malformed');
  });

  const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?', '[', '\\', 'é', '\udc80', '\n') });

  test('a name with its wildcards escaped matches itself and nothing else', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        const match = compileGoMatch(one.replace(/[*?[\\]/g, '\\$&'));
        expect(match(one)).toBe(true);
        expect(match(other)).toBe(one === other);
      }),
    );
  });

  test('stars stand for any text without a slash', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\udc80') });
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 4 }), (parts) => {
        const match = compileGoMatch(parts.map(([kept]) => kept).join('*'));
        expect(
          match(parts.map(([kept, free], i) => kept + (i < parts.length - 1 ? free : '')).join('')),
        ).toBe(true);
      }),
    );
  });
});

describe('cleanPath', () => {
  test.each([
    ['', '.'],
    ['.', '.'],
    ['/', '/'],
    ['a/', 'a'],
    ['./a//b/.', 'a/b'],
    ['a/../b', 'b'],
    ['../a', '../a'],
    ['a/../../b', '../b'],
    ['/../a', '/a'],
  ])('%j is %j', (path, expected) => {
    expect(cleanPath(path)).toBe(expected);
  });
});
