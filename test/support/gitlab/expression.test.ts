import { expect, test } from 'vitest';
import { evaluate, isTrue, parseExpression, unknown } from './expression.ts';
import type { Operand } from './expression.ts';

const variables: Record<string, string> = {
  BRANCH: 'main',
  EMPTY: '',
  BLANK: ' ',
  PATTERN: '/^ma/',
  TEXT: 'ma',
  SAME: 'main',
};

function holds(text: string, lookup = (name: string): Operand => variables[name] ?? null): boolean {
  return isTrue(evaluate(parseExpression(text), lookup));
}

test.each([
  '$BRANCH',
  '$BRANCH == "main"',
  "'main' == $BRANCH",
  '$BRANCH == $SAME',
  '$BRANCH != "x"',
  '$NONE == null',
  '$EMPTY != null',
  '$EMPTY == ""',
  '$BRANCH =~ /^m.*n$/',
  '$BRANCH =~ /^MAIN$/i',
  '$BRANCH !~ /x/',
  '$BRANCH =~ $PATTERN',
  '$BRANCH !~ $NONE',
  '"a/b" =~ /a\\/b/',
  '$NONE || $BRANCH',
  '$EMPTY && $BRANCH',
  '$BRANCH && $SAME && "x"',
  '$NONE && $NONE || $BRANCH',
  '$BRANCH || $NONE && $NONE',
  '($BRANCH || $NONE) && $BRANCH == "main"',
  '$NONE == null && $BRANCH == "main" || $NONE',
  '  $BRANCH  ',
])('%s is true', (text) => {
  expect(holds(text)).toBe(true);
});

test.each([
  '$NONE',
  '$EMPTY',
  '$BLANK',
  '$BRANCH && $EMPTY',
  '$BRANCH == "Main"',
  '$BRANCH != $SAME',
  '$NONE != null',
  '$EMPTY == null',
  '$NONE == ""',
  '$BRANCH =~ $NONE',
  '$NONE =~ /x/',
  '$EMPTY || $BRANCH',
  '($BRANCH || $NONE) && $NONE',
  'null',
])('%s is false', (text) => {
  expect(holds(text)).toBe(false);
});

test.each([
  '',
  '$',
  '$A ==',
  '== $A',
  '($A',
  '$A)',
  '$A $B',
  '$A = "x"',
  '$A & $B',
  '"unclosed',
  '$A =~ /(/',
  '$A =~ /ab/U',
  Array.from({ length: 51 }, () => '$A').join(' || '),
])('%s is no expression', (text) => {
  expect(() => parseExpression(text)).toThrow(SyntaxError);
});

test('49 alternatives are still within the limit of tokens', () => {
  expect(holds(Array.from({ length: 49 }, () => '$BRANCH').join(' || '))).toBe(true);
});

test('a variable that should hold a pattern and does not is an error', () => {
  expect(() => holds('$BRANCH =~ $TEXT')).toThrow(SyntaxError);
});

test.each([
  ['$X', true],
  ['$X == "a"', true],
  ['$X && "a" == "b"', false],
  ['"a" == "b" && $X', false],
  ['$X && ""', false],
  ['$X || "a" == "b"', true],
  ['$X == "a" || $KNOWN == "z"', true],
  ['$KNOWN == "z" && $X', false],
])('%s, with an unknown $X, may be true: %s', (text, expected) => {
  expect(holds(text, (name) => (name === 'KNOWN' ? 'k' : unknown))).toBe(expected);
});
