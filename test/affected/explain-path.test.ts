import { describe, expect, test } from 'vitest';
import { explainPath } from '../../src/affected/explain-path.ts';
import { side, type TestSide } from '../support/snapshot.ts';

const here = side(
  {
    'base/Dockerfile': 'FROM scratch\nCOPY files /\n',
    'base/.dockerignore': 'files/skip\n',
    'java/Dockerfile': 'FROM base\n',
    'app/Dockerfile': 'FROM java\nCOPY --from=base / /\n',
    'tool/Dockerfile': 'FROM scratch\nCOPY base/files/* /\n',
    'alone/Dockerfile': 'FROM scratch\nCOPY . /\n',
  },
  { images: { tool: { context: '.' } } },
);

function explain(path: string, more: { head?: TestSide; base?: TestSide; alsoReached?: string[] } = {}) {
  return explainPath({ head: here, base: here, alsoReached: [], path, ...more });
}

describe('explainPath', () => {
  test('an input: of which images and by which rule, and what is built from them in build order', () => {
    expect(explain('base/files/motd')).toEqual({
      path: 'base/files/motd',
      inputOf: [
        { image: 'base', rule: { kind: 'source', instruction: 'COPY', source: 'files', line: 2 } },
        { image: 'tool', rule: { kind: 'source', instruction: 'COPY', source: 'base/files/*', line: 2 } },
      ],
      dependents: ['java', 'app'],
      notInputOf: [],
    });
  });

  test('an image that reads the path itself is no dependent', () => {
    const { inputOf, dependents } = explain('java/Dockerfile');
    expect(inputOf).toEqual([{ image: 'java', rule: { kind: 'dockerfile' } }]);
    expect(dependents).toEqual(['app']);
  });

  test.each([
    ['base/files/skip', [{ image: 'base', why: 'ignored' }]],
    [
      'base/other',
      [
        { image: 'base', why: 'not-copied' },
        { image: 'tool', why: 'not-copied' },
      ],
    ],
    ['elsewhere', [{ image: 'tool', why: 'not-copied' }]],
  ])('why %s is no input of the images near it', (path, notInputOf) => {
    expect(explain(path)).toMatchObject({ notInputOf });
  });

  test('what no image is near to', () => {
    const head = side({ 'a/Dockerfile': 'FROM scratch' });
    expect(explain('b/x', { head })).toEqual({ path: 'b/x', inputOf: [], dependents: [], notInputOf: [] });
  });

  test('the base’s rule counts where the head has none', () => {
    const base = side({
      'java/Dockerfile': 'FROM base\nCOPY old /\n',
      'gone/Dockerfile': 'FROM scratch\nCOPY . /\n',
    });
    expect(explain('java/old', { base })).toMatchObject({
      inputOf: [{ image: 'java', rule: { kind: 'source', source: 'old', line: 2 } }],
      dependents: ['app'],
      notInputOf: [{ image: 'tool', why: 'not-copied' }],
    });
    expect(explain('gone/x', { base })).toMatchObject({ inputOf: [] });
  });

  test('a Dockerfile changed in what the builder discards, and one that is copied as well', () => {
    const base = side({
      'java/Dockerfile': '# java\nFROM base\n',
      'alone/Dockerfile': 'FROM scratch\n\nCOPY . /\n',
    });
    expect(explain('java/Dockerfile', { base }).inputOf).toEqual([
      { image: 'java', rule: { kind: 'dockerfile' }, discarded: true },
    ]);
    expect(explain('alone/Dockerfile', { base }).inputOf).toEqual([
      { image: 'alone', rule: { kind: 'source', instruction: 'COPY', source: '.', line: 2 } },
    ]);
  });

  test('what is reached by something else is no longer near without effect, and hands on', () => {
    expect(explain('base/other', { alsoReached: ['base'] })).toMatchObject({
      inputOf: [],
      dependents: ['java', 'app'],
      notInputOf: [{ image: 'tool', why: 'not-copied' }],
    });
  });
});
