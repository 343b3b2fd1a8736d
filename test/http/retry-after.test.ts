import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { retryAfterMs } from '../../src/http/retry-after.ts';

const date = 'Wed, 21 Oct 2015 07:28:00 GMT';
const later = 'Wed, 21 Oct 2015 07:29:30 GMT';

describe('retryAfterMs', () => {
  test.each<[string, Record<string, string>, number | undefined]>([
    ['none', {}, undefined],
    ['an empty one', { 'retry-after': '' }, undefined],
    ['seconds', { 'retry-after': '120' }, 120_000],
    ['no seconds', { 'retry-after': ' 0 ' }, 0],
    ['a date, by the server’s own clock', { 'retry-after': later, date }, 90_000],
    ['a date in the past', { 'retry-after': date, date: later }, 0],
    ['something else', { 'retry-after': 'soon', date }, undefined],
    ['a negative number', { 'retry-after': '-1e3', date }, undefined],
  ])('%s', (_, headers, expected) => {
    expect(retryAfterMs(headers)).toBe(expected);
  });

  test.each([undefined, 'now'])('a date, by this clock where the server tells none (%s)', (own) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(date) });
    onTestFinished(() => void vi.useRealTimers());
    expect(retryAfterMs({ 'retry-after': later, ...(own === undefined ? {} : { date: own }) })).toBe(90_000);
  });
});
