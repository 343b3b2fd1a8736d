import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, parseVersion, type Version } from '../../src/publish/semver.ts';

const read = (text: string) => parseVersion(text) as Version;

// The order that the specification itself gives (SemVer 2.0.0, 11.2 and 11.4).
const ORDERED = [
  '0.0.0-0',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '2.0.0',
  '2.1.0',
  '2.1.1',
  '2.10.0',
  '10.0.0',
  `${'9'.repeat(30)}.0.0`,
];

test('versions are ordered as the specification has it', () => {
  const shuffled = fc.shuffledSubarray(ORDERED, { minLength: ORDERED.length });
  fc.assert(
    fc.property(shuffled, (versions) => {
      expect([...versions].sort((a, b) => compareVersions(read(a), read(b)))).toEqual(ORDERED);
    }),
  );
});

test.each([
  '1',
  '1.2',
  '1.2.3.4',
  '01.2.3',
  '1.2.03',
  '1.2.3-',
  '1.2.3-01',
  '1.2.3-a..b',
  'v1.2.3',
  '1.2.3+5',
  ' 1.2.3',
  '-1.2.3',
  '1.2.3-a_b',
])('no version: %s', (text) => {
  expect(parseVersion(text)).toBeUndefined();
});

describe('any versions', () => {
  const number = fc.oneof(fc.nat(3), fc.nat(20), fc.constant(10 ** 15)).map(String);
  const identifier = fc.oneof(number, fc.stringMatching(/^[0-9]{0,2}[a-z-][0-9a-z-]{0,3}$/));
  const version = fc
    .tuple(number, number, number, fc.array(identifier, { maxLength: 3 }))
    .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre.length === 0 ? '' : `-${pre.join('.')}`}`);

  test('are read back, and have one order', () => {
    fc.assert(
      fc.property(version, version, version, (one, two, three) => {
        const [a, b, c] = [read(one), read(two), read(three)];
        expect(compareVersions(a, a)).toBe(0);
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(a, b) === 0).toBe(one === two);
        const [low, , high] = [a, b, c].sort(compareVersions) as [Version, Version, Version];
        expect(compareVersions(low, high)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
