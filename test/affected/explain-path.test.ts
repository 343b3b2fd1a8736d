import { describe, expect, test } from 'vitest';
import { explainPath } from '../../src/affected/explain-path.ts';
import { inputsOfUnneededStages } from '../../src/images/unneeded-stages.ts';
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

function explain(
  path: string,
  more: {
    head?: TestSide;
    base?: TestSide;
    alsoReached?: string[];
    isKnown?: (path: string) => boolean;
  } = {},
) {
  const head = more.head ?? here;
  return explainPath({
    base: here,
    alsoReached: [],
    isKnown: () => false,
    unneededInputs: (image) => inputsOfUnneededStages(image, head),
    path,
    ...more,
    head,
  });
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
      unowned: false,
    });
  });

  test('an image that reads the path itself is no dependent', () => {
    const { inputOf, dependents } = explain('java/Dockerfile');
    expect(inputOf).toEqual([{ image: 'java', rule: { kind: 'dockerfile' } }]);
    expect(dependents).toEqual(['app']);
  });

  test('by the directory that only it makes exist, on the side that has it', () => {
    const files = { 'app/Dockerfile': 'FROM scratch\nCOPY . /\n', 'app/.dockerignore': 'logs/*\n' };
    const [without, having] = [side(files), side({ ...files, 'app/logs/keep': '' })];
    const rule = { kind: 'source', instruction: 'COPY', source: '.', line: 2, directory: 'app/logs' };
    const path = 'app/logs/keep';
    expect(explain(path, { base: having, head: without }).inputOf).toEqual([{ image: 'app', rule }]);
    expect(explain(path, { base: without, head: having }).inputOf).toEqual([{ image: 'app', rule }]);
    expect(explain(path, { base: having, head: having }).inputOf).toEqual([]);
    expect(explain(path, { base: without, head: without }).inputOf).toEqual([]);
  });

  const ignored = { why: 'ignored', file: 'base/.dockerignore', line: 1, pattern: 'files/skip' };
  const notCopied = { why: 'not-copied', sources: 1 };

  test.each([
    ['base/files/skip', [{ image: 'base', ...ignored }]],
    [
      'base/other',
      [
        { image: 'base', ...notCopied },
        { image: 'tool', ...notCopied },
      ],
    ],
    ['elsewhere', [{ image: 'tool', ...notCopied }]],
    ['tool/notes', [{ image: 'tool', ...notCopied }]],
    [
      'java/x',
      [
        { image: 'java', why: 'not-copied', sources: 0 },
        { image: 'tool', ...notCopied },
      ],
    ],
  ])('why %s is no input of the images near it', (path, notInputOf) => {
    expect(explain(path)).toMatchObject({ notInputOf });
  });

  test.each([
    ['the first pattern that holds', '# notes\n\nx\n a* \n*.md\n', 'a.md', { line: 4, pattern: 'a*' }],
    ['the one after an exception', 'a*\n!a.md\n*.md\n', 'a.md', { line: 3, pattern: '*.md' }],
    ['a directory’s', 'docs\n', 'docs/a.md', { line: 1, pattern: 'docs' }],
  ])('which pattern of the ignore file keeps it out: %s', (_, text, file, expected) => {
    const head = side({ 'a/Dockerfile': 'FROM scratch\nCOPY . /\n', 'a/Dockerfile.dockerignore': text });
    expect(explain(`a/${file}`, { head, base: head }).notInputOf).toEqual([
      { image: 'a', why: 'ignored', file: 'a/Dockerfile.dockerignore', ...expected },
    ]);
  });

  test('an exception lets it in again', () => {
    const head = side({ 'a/Dockerfile': 'FROM scratch\n', 'a/.dockerignore': '*.md\n!a.md\n' });
    expect(explain('a/a.md', { head, base: head }).notInputOf).toEqual([
      { image: 'a', why: 'not-copied', sources: 0 },
    ]);
  });

  test('below an image’s directory, but not in its build context', () => {
    const files = {
      'a/Dockerfile': 'FROM scratch\n',
      'b/Dockerfile': 'FROM scratch\n',
      Dockerfile: 'FROM scratch\n',
    };
    const images = { a: { context: 'b' }, '.': { context: 'b' } };
    const head = side(files, { images });
    expect(explain('a/x', { head, base: head }).notInputOf).toEqual([
      { image: 'a', why: 'outside-context', context: 'b' },
    ]);
    // The repository's root as a directory is near to everything, which says nothing.
    expect(explain('x', { head, base: head }).notInputOf).toEqual([]);
  });

  test('what only a build stage would copy that is not built', () => {
    const head = side(
      {
        'a/Dockerfile':
          'FROM base AS test\nCOPY tests /\nADD $WHERE /\nFROM scratch AS run\nCOPY src /\nFROM run\nCOPY late /\n',
        'base/Dockerfile': 'FROM scratch\nENV WHERE=conf\n',
      },
      { images: { a: { target: 'run' } } },
    );
    const why = (file: string) => explain(`a/${file}`, { head, base: head }).notInputOf;
    const notNeeded = { image: 'a', why: 'not-needed' };
    expect(why('tests/x')).toEqual([{ ...notNeeded, instruction: 'COPY', source: 'tests', line: 2 }]);
    // What the base image sets counts there too.
    expect(why('conf')).toEqual([{ ...notNeeded, instruction: 'ADD', source: 'conf', line: 3 }]);
    expect(why('late')).toEqual([{ ...notNeeded, instruction: 'COPY', source: 'late', line: 7 }]);
    expect(why('other')).toEqual([{ image: 'a', why: 'not-copied', sources: 1 }]);
    expect(why('src')).toEqual([]);
  });

  test('what no image is near to', () => {
    const head = side({ 'a/Dockerfile': 'FROM scratch' });
    expect(explain('b/x', { head })).toEqual({
      path: 'b/x',
      inputOf: [],
      dependents: [],
      notInputOf: [],
      unowned: true,
    });
  });

  test('a path is not unowned where an image of the base had it as an input, or where it is known', () => {
    const head = side({ 'a/Dockerfile': 'FROM scratch' });
    const base = side(
      { 'gone/Dockerfile': 'FROM scratch\nCOPY x /' },
      { images: { gone: { context: '.' } } },
    );
    expect(explain('x', { head, base })).toMatchObject({ inputOf: [], unowned: false });
    expect(explain('y', { head, base })).toMatchObject({ inputOf: [], unowned: true });
    expect(explain('y', { head, base, isKnown: (path) => path === 'y' })).toMatchObject({ unowned: false });
  });

  test('nor where only an image of the head has', () => {
    const head = side({ 'a/Dockerfile': 'FROM scratch\nCOPY x /' }, { images: { a: { context: '.' } } });
    const base = side({ 'a/Dockerfile': 'FROM scratch' });
    expect(explain('x', { head, base })).toMatchObject({ inputOf: [{ image: 'a' }], unowned: false });
  });

  test('a submodule is an input wherever something in it may be one', () => {
    const head = side({ 'a/Dockerfile': 'FROM scratch\nCOPY lib/x/y /', 'a/lib': { submodule: 'c0ffee' } });
    expect(explain('a/lib', { head, base: head })).toMatchObject({
      inputOf: [{ image: 'a', rule: { kind: 'source', source: 'lib/x/y' } }],
    });
  });

  test('the base’s rule counts where the head has none', () => {
    const base = side({
      'java/Dockerfile': 'FROM base\nCOPY old /\n',
      'gone/Dockerfile': 'FROM scratch\nCOPY . /\n',
    });
    expect(explain('java/old', { base })).toMatchObject({
      inputOf: [{ image: 'java', rule: { kind: 'source', source: 'old', line: 2 } }],
      dependents: ['app'],
      notInputOf: [{ image: 'tool', ...notCopied }],
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
      notInputOf: [{ image: 'tool', ...notCopied }],
    });
  });
});
