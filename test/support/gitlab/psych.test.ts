import { afterEach, expect, test, vi } from 'vitest';
import { psychParse } from './psych.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('each scalar comes with its Ruby class, so that a string can be told from what looks like one', ({
  skip,
}) => {
  const result = psychParse('a: "yes"\nb: yes\nc: !reference [x, 010]\n');
  if (result === undefined) return skip('There is no ruby on PATH.');
  const string = (text: string): object => ({ class: 'String', text });
  expect(result).toEqual({
    value: {
      class: 'Hash',
      pairs: [
        [string('a'), string('yes')],
        [string('b'), { class: 'TrueClass', text: 'true' }],
        [string('c'), { class: 'Reference', items: [string('x'), { class: 'Integer', text: '8' }] }],
      ],
    },
  });
});

test('without ruby there is no answer', () => {
  vi.stubEnv('PATH', '/nonexistent');
  expect(psychParse('a: 1')).toBeUndefined();
});
