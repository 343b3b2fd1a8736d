import { expect, test } from 'vitest';
import { argumentPairs, environmentPairs } from '../../src/dockerfile/name-values.ts';

test.each([
  ['a=b\\\\\\', [{ name: 'a', value: 'b\\\\' }]],
  ['a=b\\ c', [{ name: 'a', value: 'b\\ c' }]],
  [
    "a='b\\' c=d",
    [
      { name: 'a', value: "'b\\'" },
      { name: 'c', value: 'd' },
    ],
  ],
])('%j', (text, pairs) => {
  expect(environmentPairs(text, { keyword: 'ENV', escape: '\\' })).toEqual({ pairs });
  expect(argumentPairs(text, { escape: '\\' })).toEqual({ pairs });
});
