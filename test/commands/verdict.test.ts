import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reason } from '../../src/affected/reasons.ts';
import { judge } from '../../src/commands/verdict.ts';
import { type Difference, differences } from '../../src/fingerprint/differences.ts';
import type { Image } from '../../src/images/image.ts';
import { affectedByBruteForce } from '../support/brute-force.ts';
import { fingerprinted, imagesThat } from '../support/fingerprints.ts';
import { filesOf, type GeneratedRepository, historyOf, settingsOf } from '../support/generated-repository.ts';
import { runs } from '../support/runs.ts';
import { compare, side, type TestSide } from '../support/snapshot.ts';

function load(repository: GeneratedRepository): TestSide {
  return side(filesOf(repository), settingsOf(repository));
}

test('of generated repositories, what changed is affected, and nothing else without a reason that explains it', () => {
  fc.assert(
    fc.property(historyOf(2), ([before, after]) => {
      const [base, head] = [load(before), load(after)];
      const found = differences(fingerprinted(base), fingerprinted(head));
      const { affected } = compare(base, head);
      expect(judge({ affected, differences: found }).disagreements).toEqual([]);
      const changed = imagesThat(found, 'new', 'unknown', 'differs');
      expect(affectedByBruteForce(before, after)).toEqual(expect.arrayContaining(changed));
    }),
    { numRuns: runs(400) },
  );
});

test('of generated repositories with other rules for references, too', () => {
  fc.assert(
    fc.property(historyOf(1), ([before]) => {
      const [base, head] = [load(before), load({ ...before, rules: !before.rules })];
      const found = differences(fingerprinted(base), fingerprinted(head));
      const { affected } = compare(base, head);
      expect(judge({ affected, differences: found }).disagreements).toEqual([]);
    }),
    { numRuns: runs(100) },
  );
});

const SAME: Difference = { kind: 'same' };
const DIFFERS: Difference = { kind: 'differs', field: 'context', keys: ['x'] };
const SOURCE: Reason = {
  kind: 'source',
  instruction: 'COPY',
  source: '.',
  line: 1,
  path: 'x',
  status: 'modified',
};

function verdictOf(
  differencesFound: Record<string, Difference>,
  affected: Record<string, readonly Reason[]>,
): ReturnType<typeof judge> {
  return judge({
    affected: Object.entries(affected).map(([name, reasons]) => ({ image: { name } as Image, reasons })),
    differences: new Map(Object.entries(differencesFound)),
  });
}

describe('missed', () => {
  test.each<[string, Difference]>([
    ['changed', DIFFERS],
    ['new', { kind: 'new' }],
    ['not known', { kind: 'unknown', detail: '' }],
  ])('an image that is %s and not affected', (_, difference) => {
    const { disagreements, changed } = verdictOf({ a: difference, b: SAME }, {});
    expect(disagreements).toEqual([{ image: 'a', kind: 'missed', difference, reasons: [] }]);
    expect(changed).toBe(1);
    expect(verdictOf({ a: difference }, { a: [SOURCE] }).disagreements).toEqual([]);
  });

  test('not one of which something is only told otherwise, which may be affected as well', () => {
    const told: Difference = { kind: 'told-otherwise', field: 'declared' };
    expect(verdictOf({ a: told }, {})).toEqual({ changed: 0, surplus: [], disagreements: [] });
    expect(verdictOf({ a: told }, { a: [SOURCE] }).surplus).toEqual(['told-otherwise']);
  });
});

describe('affected, and the same', () => {
  test.each<[string, Reason]>([
    ['everything', { kind: 'everything', detail: '' }],
    ['unowned', { kind: 'unowned', path: 'x', count: 1 }],
    ['unknown', { kind: 'unknown', code: '', detail: '' }],
    ['template', { kind: 'template', path: 'x', template: 'y' }],
    ['config tags', { kind: 'config', settings: ['args.A', 'tags'] }],
    ['config registry', { kind: 'config', settings: ['registry'] }],
    ['config dockerfile', { kind: 'config', settings: ['dockerfile'] }],
    ['config context', { kind: 'config', settings: ['context'] }],
    ['config references', { kind: 'config', settings: ['references'] }],
    ['dependency', { kind: 'dependency', image: 'gone', instruction: 'FROM', removed: true }],
  ])('%s explains it, also beside a reason that does not', (kind, reason) => {
    const expected = { changed: 0, surplus: [kind], disagreements: [] };
    expect(verdictOf({ a: SAME }, { a: [reason] })).toEqual(expected);
    expect(verdictOf({ a: SAME }, { a: [SOURCE, reason] })).toEqual(expected);
  });

  test('an image that is explained explains those built from it', () => {
    const reason: Reason = { kind: 'dependency', image: 'a', instruction: 'FROM' };
    const everything: Reason = { kind: 'everything', detail: '' };
    expect(verdictOf({ a: SAME, b: SAME }, { a: [everything], b: [reason] }).surplus).toEqual([
      'everything',
      'dependency',
    ]);
    expect(
      verdictOf({ a: SAME, b: SAME }, { a: [SOURCE], b: [reason] }).disagreements.map(({ image }) => image),
    ).toEqual(['a', 'b']);
  });

  test.each<Reason>([
    SOURCE,
    { kind: 'dockerfile', path: 'x', status: 'modified' },
    { kind: 'ignore-file', path: 'x', example: 'y' },
    { kind: 'build-arg', path: 'x', names: ['A'] },
    { kind: 'declared-input', glob: 'x', path: 'x', status: 'modified' },
    { kind: 'ci-file', path: 'x', status: 'modified' },
    { kind: 'new-image', dockerfile: 'x' },
    { kind: 'config', settings: ['args.A', 'target', 'template', 'dockerignore'] },
    { kind: 'dependency', image: 'b', instruction: 'FROM' },
  ])('$kind does not explain it', (reason) => {
    expect(verdictOf({ a: SAME, b: DIFFERS }, { a: [reason], b: [SOURCE] }).disagreements).toEqual([
      { image: 'a', kind: 'needless', difference: SAME, reasons: [reason] },
    ]);
  });
});
