import { expect, test } from 'vitest';
import { measure } from './memory.ts';
import type { Value } from './value.ts';

const list = (length: number): Value[] => Array.from({ length }, () => 1);
const mapping = (size: number): Map<string, Value> =>
  new Map(list(size).map((value, index) => [String(index), value]));

test.each<[string, Value, number]>([
  ['nothing', null, 0],
  ['a number', 5, 0],
  ['a short text', 'x'.repeat(23), 40],
  ['a longer text', 'x'.repeat(24), 65],
  ['text of several bytes a character', 'é'.repeat(12), 65],
  ['an empty list', [], 40],
  ['three items', list(3), 40],
  ['five items', list(5), 200],
  ['fifty items', list(50), 440],
  ['texts in a list', ['a', 'b'], 120],
  ['eight keys', mapping(8), 168 + 8 * 40],
  ['nine keys', mapping(9), 928 + 9 * 40],
  ['fifty keys', mapping(50), 1760 + 50 * 40],
  ['five hundred keys', mapping(500), 14432 + 500 * 40],
])('%s', (_, value, bytes) => {
  expect(measure(value).bytes).toBe(bytes);
});

test('depth counts lists and mappings', () => {
  expect(
    [measure('a'), measure([]), measure(new Map([['a', [[]]]])), measure([[], [[]]])].map(
      ({ depth }) => depth,
    ),
  ).toEqual([0, 1, 3, 3]);
});
