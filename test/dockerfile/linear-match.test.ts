import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isIgnored, parseIgnoreFile } from '../../src/dockerfile/ignore-file.ts';
import { compileLinear } from '../../src/dockerfile/linear-match.ts';
import { runs } from '../support/runs.ts';

describe('compileLinear', () => {
  const character = fc.constantFrom(
    '[^\\u{2f}]',
    '[^\\n]',
    '\\u{61}',
    '\\u{2f}',
    '[a\\-b]',
    '[0-9]',
    '\\u{e9}',
  );
  const piece = fc.oneof(
    { weight: 3, arbitrary: character.map((one) => [one]) },
    character.map((one) => [one, '*']),
    fc
      .array(fc.tuple(character, fc.boolean()).map(([one, many]) => (many ? [one, '*'] : [one])))
      .map((inside) => ['(?:', ...inside.flat(), ')', '?']),
    fc.constantFrom('^', '$', '|', '\\b', '\\B').map((one) => [one]),
  );
  const parts = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.flat());
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\n', '1', '-', 'é', '.'), maxLength: 12 });

  test('reads whole characters', () => {
    expect(compileLinear(['^', '[^\\n]', '$'])('😀')).toBe(true);
  });

  test('answers as the regular expression does', () => {
    fc.assert(
      fc.property(parts, text, (pattern, subject) => {
        expect(compileLinear(pattern)(subject)).toBe(new RegExp(pattern.join(''), 'v').test(subject));
      }),
      { numRuns: runs(2000) },
    );
  });
});

test.each([
  ['*a'.repeat(100), 'a'.repeat(99) + 'b'.repeat(900), false],
  ['*a'.repeat(100), 'a'.repeat(1000), true],
  ['**/*a'.repeat(50), 'b/'.repeat(1000) + 'a', false],
  ['?'.repeat(50_000), 'a', false],
  ['?'.repeat(4000), 'a'.repeat(4000), true],
  ['../'.repeat(60_000) + 'a', 'a', false],
  ['**/a'.repeat(20), 'a/'.repeat(1000) + 'a', true],
])('%.20j… takes no time', (pattern, path, expected) => {
  expect(isIgnored(parseIgnoreFile(`${pattern}\n!b`), path, 'kaniko')).toBe(expected);
});
