import { expect, test } from 'vitest';
import { releaseOf } from '../../src/pipeline/release.ts';

test.each([
  ['v1.2.3', '1.2.3', false],
  ['1.2.3', '1.2.3', false],
  ['v0.0.0', '0.0.0', false],
  ['v1.3.0-rc.1', '1.3.0-rc.1', true],
  ['1.0.0--', '1.0.0--', true],
  ['1.0.0-0a.b-c.0', '1.0.0-0a.b-c.0', true],
])('%s is %s', (tag, version, isPrerelease) => {
  expect(releaseOf(tag)).toMatchObject({ version, isPrerelease, build: undefined });
});

test('has its numbers, and what stands behind a plus', () => {
  expect(releaseOf('v10.20.30-rc+b.1')).toEqual({
    version: '10.20.30-rc',
    major: '10',
    minor: '20',
    isPrerelease: true,
    build: 'b.1',
  });
});

test.each([
  'v1',
  'v1.2',
  '1.2.3.4',
  'v01.2.3',
  '1.02.3',
  '1.2.03',
  '1.2.3-',
  '1.2.3-01',
  '1.2.3-a..b',
  '1.2.3+',
  'V1.2.3',
  'release-1.2.3',
  '1.2.3\n',
  ' 1.2.3',
])('%j is none', (tag) => {
  expect(releaseOf(tag)).toBeUndefined();
});
