import { expect, test } from 'vitest';
import { takeApart } from '../../src/images/reference-parts.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

/** What is not known stands in brackets. */
test.each<[string, ReturnType<typeof takeApart>]>([
  ['a', { repository: 'a', tag: 'latest', digest: false }],
  ['a:1', { repository: 'a', tag: '1', digest: false }],
  ['host:5000/a', { repository: 'host:5000/a', tag: 'latest', digest: false }],
  [`a@${DIGEST}`, { repository: 'a', tag: undefined, digest: true }],
  [`a:1@${DIGEST}`, { repository: 'a', tag: '1', digest: true }],
  ['a:[]', { repository: 'a', tag: undefined, digest: false }],
  ['a:1[]', { repository: 'a', tag: undefined, digest: false }],
  // A gap behind the digest's sign can't be part of the tag.
  ['a:1@[]', { repository: 'a', tag: '1', digest: true }],
  ['a:1@sha256:[0]', { repository: 'a', tag: '1', digest: true }],
  ['a[]', undefined],
  ['[a]:1', undefined],
  ['a[]:1', undefined],
])('%s', (marked, expected) => {
  const start = marked.indexOf('[');
  const reference = marked.replaceAll(/[[\]]/g, '');
  const gaps = start === -1 ? [] : [{ start, end: marked.indexOf(']') - 1 }];
  expect(takeApart({ reference, word: reference, unset: [], gaps })).toEqual(expected);
});
