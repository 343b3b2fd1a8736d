import { describe, expect, test } from 'vitest';
import { directoryOf, joinPath, relativeTo, resolvePath, selfAndAncestors } from '../../src/images/paths.ts';

test.each([
  ['a/b/c', 'a/b'],
  ['a', ''],
])('the directory of %j is %j', (path, expected) => {
  expect(directoryOf(path)).toBe(expected);
});

test.each([
  ['', 'a', 'a'],
  ['a/b', 'c', 'a/b/c'],
])('%j joined with %j is %j', (directory, path, expected) => {
  expect(joinPath(directory, path)).toBe(expected);
});

test.each([
  ['', 'a/b', 'a/b'],
  ['a', 'a/b', 'b'],
  ['a', 'ab/c', undefined],
  ['a', 'a', undefined],
])('below %j, %j is %j', (directory, path, expected) => {
  expect(relativeTo(directory, path)).toBe(expected);
});

test('a path and its directories come nearest first, the root last', () => {
  expect([...selfAndAncestors('a/b/c')]).toEqual(['a/b/c', 'a/b', 'a', '']);
  expect([...selfAndAncestors('')]).toEqual(['']);
});

describe('resolvePath', () => {
  test.each([
    ['a/b', '../c', 'a/c'],
    ['a/b', '../../c', 'c'],
    ['a/b', '../..', ''],
    ['a/b', '../../../c', undefined],
    ['', '..', undefined],
    ['', 'a//./b/', 'a/b'],
    ['a', '/etc', undefined],
    ['a', '', 'a'],
    ['', '', ''],
    ['a', 'b/../..x', 'a/..x'],
  ])('%j, %j is %j', (directory, path, expected) => {
    expect(resolvePath(directory, path)).toBe(expected);
  });
});
