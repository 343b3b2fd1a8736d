import { expect, test } from 'vitest';
import { nearestKey } from '../../src/config/nearest-key.ts';

const KEYS = ['args', 'context', 'target', 'template', 'dockerignore'];

test.each([
  ['a swap of neighbours', 'agrs', 'args'],
  ['an insertion', 'targett', 'target'],
  ['a deletion', 'arg', 'args'],
  ['a replacement', 'cantext', 'context'],
  ['four slips in twelve letters', 'Docker_ignor', 'dockerignore'],
  ['two slips in four letters', 'rags2', undefined],
  ['one letter', 'x', undefined],
  ['the empty key', '', undefined],
  ['a key without end', 'args'.repeat(1_000_000), undefined],
])('%s', (_what, key, nearest) => {
  expect(nearestKey(key, KEYS)).toBe(nearest);
});

test('the first of two that are as near', () => {
  expect(nearestKey('ab', ['ac', 'ad'])).toBe('ac');
});
