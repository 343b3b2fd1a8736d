import { expect, test } from 'vitest';
import { selectedByDirectory } from '../../src/affected/directory-rules.ts';
import { createTally, type Tally } from '../../src/affected/tally.ts';
import { changesBetween, compare, type Files, side } from '../support/snapshot.ts';

const files: Files = {
  'base/Dockerfile': 'FROM scratch\nCOPY x /\n',
  'base/x': '1',
  'base/README.md': '1',
  'base/java/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base\n',
  'odd/Dockerfile': 'ARG UNKNOWN\nFROM $UNKNOWN\n',
  'docs/x': '1',
};

test.each([
  [['base/x'], ['base']],
  [['base/java/deep/er/x'], ['base', 'base/java']],
  [['baseline/x', 'docs/x', 'x'], []],
  [['base/java'], ['base']],
  [[], []],
])('rules by directory build for %j %j', (paths, expected) => {
  expect([...selectedByDirectory(side(files), paths)]).toEqual(expected);
});

test('by a rule for the root, any path does', () => {
  const images = side({ Dockerfile: 'FROM scratch\n', 'a/Dockerfile': 'FROM scratch\n' });
  expect([...selectedByDirectory(images, ['docs/x'])]).toEqual(['repo']);
  expect([...selectedByDirectory(images, [])]).toEqual([]);
});

test('adds up what is affected beside what rules by directory would build', () => {
  const tally = tallyOf([
    // base, java and odd; by directory base.
    { ...files, 'base/x': '2' },
    // odd alone, which may not be; by directory base.
    { ...files, 'base/README.md': '2' },
    { ...files, 'docs/x': '2' },
    // A fourth image.
    { ...files, 'new/Dockerfile': 'FROM scratch\n' },
  ]);
  expect(tally).toMatchObject({
    ...{ commits: 4, building: 4, everything: 13, affected: 7, byDirectory: 3 },
    ...{ missed: 1, needless: 1, widenedCommits: 4 },
  });
  expect([...tally.missedExamples]).toEqual([
    [
      'base/java',
      {
        commit: '0',
        chain: [
          { image: 'base/java', reason: { kind: 'dependency', image: 'base', instruction: 'FROM' } },
          { image: 'base', reason: expect.objectContaining({ path: 'base/x' }) },
        ],
      },
    ],
  ]);
  expect([...tally.needlessExamples]).toEqual([['base', { commit: '1', path: 'base/README.md' }]]);
  expect([...tally.inputs]).toEqual([
    ['base/x', { commits: 1, builds: 2 }],
    ['new/Dockerfile', { commits: 1, builds: 1 }],
  ]);
  expect([...tally.widenings.values()]).toEqual([
    { widening: expect.objectContaining({ image: 'odd' }), commits: 4, commit: '0' },
  ]);
});

test('counts each path once a commit, and keeps the newest example of an image', () => {
  const tally = tallyOf([
    { ...files, 'base/x': '2', 'base/Dockerfile': 'FROM scratch\nCOPY x /y\n' },
    { ...files, 'base/x': '3' },
    { ...files, 'base/README.md': '2' },
    { ...files, 'base/README.md': '3' },
  ]);
  expect(tally).toMatchObject({ missed: 2, needless: 2 });
  expect(tally.missedExamples.get('base/java')?.commit).toBe('0');
  expect(tally.needlessExamples.get('base')?.commit).toBe('2');
  expect(Object.fromEntries(tally.inputs)).toEqual({
    'base/x': { commits: 2, builds: 4 },
    'base/Dockerfile': { commits: 1, builds: 2 },
  });
});

test('what affects nothing and is known builds nothing', () => {
  const { 'odd/Dockerfile': _, ...known } = files;
  const tally = tallyOf([{ ...known, 'base-line/x': '2', 'base/y': '2' }], known);
  expect(tally).toMatchObject({ commits: 1, building: 0, affected: 0, widenedCommits: 0, needless: 1 });
  expect(tally.needlessExamples.get('base')?.path).toBe('base/y');
});

test('at the root any path is the example of a needless build', () => {
  const root: Files = { Dockerfile: 'FROM scratch\n', 'docs/x': '1' };
  const tally = tallyOf([{ ...root, 'docs/x': '2' }], root);
  expect([...tally.needlessExamples]).toEqual([['repo', { commit: '0', path: 'docs/x' }]]);
});

test('what could not be known is told apart by image and code', () => {
  const unknown = 'ARG U CI_REGISTRY_IMAGE\nFROM $U\n';
  const both = 'ARG U CI_REGISTRY_IMAGE\nFROM $U AS u\nFROM $CI_REGISTRY_IMAGE/none\nCOPY --from=u / /\n';
  const odd: Files = { 'a/Dockerfile': unknown, 'b/Dockerfile': both };
  const { widenings } = tallyOf([odd, odd], odd);
  expect(
    [...widenings.values()].map(({ widening: { image, code }, commits }) => [image, code, commits]),
  ).toEqual([
    ['a', 'unresolved-reference', 2],
    ['b', 'unresolved-reference', 2],
    ['b', 'missing-image', 2],
  ]);
});

function tallyOf(states: readonly Files[], before = files): Tally {
  const { add, tally } = createTally();
  for (const [index, state] of states.entries()) {
    const [base, head] = [side(before), side(state)];
    add({
      commit: String(index),
      changes: changesBetween(base, head),
      head,
      affected: compare(base, head),
    });
  }
  return tally;
}
