import { expect, test } from 'vitest';
import { parseCommit, trailersOf } from '../../src/git/trailers.ts';
import { createRepository } from '../support/repository.ts';

test('a commit is headers and a message', () => {
  const ids = ['1'.repeat(40), '2'.repeat(40)];
  const text = `tree ${ids[0]}\nparent ${ids[0]}\nparent ${ids[1]}\nauthor a <a> 1 +0000\ngpgsig -----BEGIN\n \n parent x\n -----END\n\nSubject\n\nparent ${ids[0]}\n`;
  expect(parseCommit(text)).toEqual({ parents: ids, message: `Subject\n\nparent ${ids[0]}\n` });
  expect(parseCommit(`tree ${ids[0]}`)).toEqual({ parents: [], message: '' });
});

test.each<[string, string, string[], 'misplaced'?]>([
  ['the last paragraph', 'Subject\n\nText\n\nAffected: all\n', ['all']],
  [
    'in any case, several',
    'Subject\n\naffected: a, b\nSigned-off-by: x <x@x>\nAFFECTED : c\n',
    ['a, b', 'c'],
  ],
  ['not prose', 'Subject\n\nAffected: everybody\nwho sees this, and\nothers, and\nmore\n', [], 'misplaced'],
  ['not the subject', 'Affected: all\n', [], 'misplaced'],
  ['not a paragraph before the last', 'Subject\n\nAffected: all\n\nmore text\n', [], 'misplaced'],
  ['behind a line of dashes', 'Subject\n\n---\n\nAffected: all\n', ['all']],
  ['lines that end as in Windows', 'Subject\r\n\r\nText\r\n\r\nAffected: a\r\nAffected: b\r\n', ['a', 'b']],
  ['a line separator', 'Subject\n\nAffected: a\u2028b\n', ['a\u2028b']],
  ['nothing', 'Subject\n\nAffected:\n', []],
])('%s', async (_, message, values, misplaced) => {
  const { dir } = await createRepository();
  expect(await trailersOf({ root: dir }, { message, key: 'Affected' })).toEqual({
    values,
    misplaced: misplaced !== undefined,
  });
});

test('git is not asked where there can be none', async () => {
  expect(
    await trailersOf({ root: '/nonexistent' }, { message: 'Unaffected: all\n', key: 'Affected' }),
  ).toEqual({ values: [], misplaced: false });
});
