import { expect, test } from 'vitest';
import { parseDotenv } from './dotenv.ts';

test.each([
  ['A=1\nB=2', { A: '1', B: '2' }],
  ['A=1\n', { A: '1' }],
  ['', {}],
  ['\uFEFFA=1\n', { A: '1' }],
  [' A = x y \r\n', { A: 'x y' }],
  ['A=', { A: '' }],
  ['A="q"', { A: '"q"' }],
  ['A=b=c', { A: 'b=c' }],
  ['A=1\nA=2', { A: '2' }],
  ['1A=x', { '1A': 'x' }],
])('%j gives %j', (text, expected) => {
  expect(Object.fromEntries(parseDotenv(text))).toEqual(expected);
});

test.each([
  ['A=1\n\nB=2\n', 'Invalid Format'],
  ['# comment\n', 'Invalid Format'],
  ['=x', 'Validation failed'],
  ['a-b=x', 'Validation failed'],
  [`${'A'.repeat(256)}=x`, 'Validation failed'],
  [`A=${'x'.repeat(5118)}`, 'Too Big'],
  [Array.from({ length: 21 }, (_, index) => `A${index}=x`).join('\n'), 'more than 20'],
])('%j is refused', (text, reason) => {
  expect(() => parseDotenv(text)).toThrow(reason);
});

test('the limits themselves are allowed', () => {
  expect(parseDotenv(`A=${'x'.repeat(5117)}`).size).toBe(1);
  expect(parseDotenv(Array.from({ length: 20 }, (_, index) => `A${index}=x`).join('\n')).size).toBe(20);
});
