import { describe, expect, test } from 'vitest';
import { affectedNames, compare, type Files, side } from '../support/snapshot.ts';

/** base ← java ← app; tools is copied from by app; alone stands alone. */
const files = {
  'base/Dockerfile': 'FROM alpine:3.23.5\nCOPY files /\n',
  'base/files/motd': 'hello',
  'java/Dockerfile': 'FROM base\n',
  'tools/Dockerfile': 'FROM scratch\nCOPY tool /\n',
  'tools/tool': '1',
  'app/Dockerfile': 'FROM java\nCOPY --from=tools /tool /\nCOPY src /\n',
  'app/src/main': '1',
  'alone/Dockerfile': 'FROM scratch\n',
} satisfies Files;

function without(all: Files, ...paths: string[]): Files {
  return Object.fromEntries(Object.entries(all).filter(([path]) => !paths.includes(path)));
}

describe('what a change affects', () => {
  test.each<[string, Files, string[]]>([
    ['nothing', {}, []],
    ['an input, and everything built from the image', { 'base/files/motd': 'bye' }, ['base', 'java', 'app']],
    ['an image that others copy from', { 'tools/tool': '2' }, ['tools', 'app']],
    ['an image nothing is built from', { 'app/src/main': '2' }, ['app']],
    ['the mode of an input alone', { 'tools/tool': { executable: '1' } }, ['tools', 'app']],
    ['an input that becomes a link', { 'tools/tool': { symlink: '1' } }, ['tools', 'app']],
    ['what no image reads', { README: 'x', 'java/notes': 'x' }, []],
    ['a new image', { 'new/Dockerfile': 'FROM app' }, ['new']],
    [
      'a new image that takes the name of an external one',
      { 'alpine/Dockerfile': 'FROM scratch' },
      ['alpine', 'base', 'java', 'app'],
    ],
  ])('%s', (_, changed, expected) => {
    expect(affectedNames(side(files), side({ ...files, ...changed }))).toEqual(expected);
  });

  test('the reasons lead from the changed path to the image', () => {
    const { affected, removed, widened } = compare(
      side(files),
      side({ ...files, 'base/files/motd': 'bye', 'tools/tool': '2' }),
    );
    expect(
      affected.map(({ image, reasons, dependsOn, level }) => ({
        name: image.name,
        reasons,
        dependsOn,
        level,
      })),
    ).toEqual([
      {
        name: 'base',
        reasons: [
          {
            kind: 'source',
            instruction: 'COPY',
            source: 'files',
            line: 2,
            path: 'base/files/motd',
            status: 'modified',
          },
        ],
        dependsOn: [],
        level: 0,
      },
      {
        name: 'tools',
        reasons: [
          {
            kind: 'source',
            instruction: 'COPY',
            source: 'tool',
            line: 2,
            path: 'tools/tool',
            status: 'modified',
          },
        ],
        dependsOn: [],
        level: 0,
      },
      {
        name: 'java',
        reasons: [{ kind: 'dependency', image: 'base', instruction: 'FROM' }],
        dependsOn: ['base'],
        level: 1,
      },
      {
        name: 'app',
        reasons: [
          { kind: 'dependency', image: 'tools', instruction: 'COPY' },
          { kind: 'dependency', image: 'java', instruction: 'FROM' },
        ],
        dependsOn: ['java', 'tools'],
        level: 2,
      },
    ]);
    expect({ removed, widened }).toEqual({ removed: [], widened: [] });
  });

  test('direct reasons come before those of the images it is built from', () => {
    const { affected } = compare(
      side(files),
      side({ ...files, 'base/files/motd': 'bye', 'app/src/main': '2' }),
    );
    expect(affected.at(-1)?.reasons.map(({ kind }) => kind)).toEqual(['source', 'dependency']);
  });

  test('within a level images are in order of their names, whatever made them affected', () => {
    const many = Object.fromEntries(['b', 'c', 'a'].map((name) => [`${name}/Dockerfile`, 'FROM scratch']));
    expect(affectedNames(side({ 'b/Dockerfile': 'FROM alpine' }), side(many))).toEqual(['a', 'b', 'c']);
  });
});

test('images are named in order, whatever the order of the instructions and of the sides', () => {
  const before: Files = {
    'base/Dockerfile': 'FROM scratch\n',
    'a/Dockerfile': 'FROM base\n',
    'b/Dockerfile': 'FROM base\n',
    'app/Dockerfile': 'FROM b\nCOPY --from=a / /\n',
  };
  const after = { ...before, 'base/Dockerfile': 'FROM alpine\n', 'a/Dockerfile': 'FROM alpine\n' };
  const app = compare(side(before), side(after)).affected.at(-1);
  expect(app?.dependsOn).toEqual(['a', 'b']);
  expect(app?.reasons).toMatchObject([{ image: 'a' }, { image: 'b' }]);
  // The edge from base to a is only at the base, the one to b on both sides.
  const moved = { ...before, 'base/Dockerfile': 'FROM alpine\n' };
  const references = [
    { match: 'base', directory: 'base' },
    { match: 'a', directory: 'a' },
    { match: 'b', directory: 'b' },
  ];
  const later = { ...moved, 'a/Dockerfile': 'FROM quay.io/base\n' };
  const earlier = { ...before, 'a/Dockerfile': 'FROM quay.io/base\n' };
  const atBase = [...references, { match: 'quay.io/base', directory: 'base' }];
  const answer = compare(side(earlier, { references: atBase }), side(later, { references }));
  expect(answer.affected.at(-1)?.reasons).toMatchObject([{ image: 'a' }, { image: 'b' }]);
});

describe('both sides count', () => {
  test('an edge that is only at the base: the reference became another one by configuration alone', () => {
    const before = { 'base/Dockerfile': 'FROM scratch', 'app/Dockerfile': 'FROM quay.io/base' };
    const references = [{ match: 'quay.io/base', directory: 'base' }];
    const after = { ...before, 'base/Dockerfile': 'FROM alpine' };
    expect(affectedNames(side(before, { references }), side(after))).toEqual(['app', 'base']);
    expect(affectedNames(side(before), side(after, { references }))).toEqual(['base', 'app']);
    expect(affectedNames(side(before), side(after))).toEqual(['base']);
  });

  test('an edge that is on both sides is one reason, with the head’s instruction', () => {
    const app = (dockerfile: string): Files => ({ ...files, 'app/Dockerfile': dockerfile });
    const { affected } = compare(
      side(app('FROM scratch\nCOPY --from=base / /\n')),
      side({ ...app('FROM base\nCOPY --from=base / /\n'), 'base/files/motd': 'bye' }),
    );
    expect(affected.find(({ image }) => image.name === 'app')?.reasons.slice(1)).toEqual([
      { kind: 'dependency', image: 'base', instruction: 'FROM' },
    ]);
  });

  test('a removed image is told and gets no job; what was built from it is built again', () => {
    const head = side(without(files, 'java/Dockerfile', 'tools/Dockerfile'));
    const { affected, removed } = compare(side(files), head);
    expect(removed).toEqual([
      { name: 'java', directory: 'java' },
      { name: 'tools', directory: 'tools' },
    ]);
    expect(affected.map(({ image, dependsOn }) => [image.name, dependsOn])).toEqual([['app', []]]);
    expect(affected[0]?.reasons).toEqual([
      { kind: 'dependency', image: 'java', instruction: 'FROM', removed: true },
      { kind: 'dependency', image: 'tools', instruction: 'COPY', removed: true },
    ]);
  });

  test('a chain of removed images reaches what is left', () => {
    const { affected, removed } = compare(
      side(files),
      side(without(files, 'base/Dockerfile', 'java/Dockerfile')),
    );
    expect(removed.map(({ name }) => name)).toEqual(['base', 'java']);
    expect(affected.map(({ image, reasons }) => [image.name, reasons])).toEqual([
      ['app', [{ kind: 'dependency', image: 'java', instruction: 'FROM', removed: true }]],
    ]);
  });

  test('the root is shown as a dot when it is removed', () => {
    expect(compare(side({ Dockerfile: 'FROM scratch' }), side({})).removed).toEqual([
      { name: 'repo', directory: '.' },
    ]);
  });

  test('a renamed image is removed and new, and its dependents follow', () => {
    const { 'base/Dockerfile': dockerfile, 'base/files/motd': motd } = files;
    const moved = {
      ...without(files, 'base/Dockerfile', 'base/files/motd'),
      'core/Dockerfile': dockerfile,
      'core/files/motd': motd,
    };
    const { affected, removed } = compare(side(files), side(moved));
    expect(removed.map(({ name }) => name)).toEqual(['base']);
    expect(affected.map(({ image }) => image.name)).toEqual(['core', 'java', 'app']);
    expect(affected[0]?.reasons).toEqual([{ kind: 'new-image', dockerfile: 'core/Dockerfile' }]);
  });

  test('a moved directory that keeps its name is built again', () => {
    const { 'alone/Dockerfile': dockerfile } = files;
    const moved = { ...without(files, 'alone/Dockerfile'), 'other/Dockerfile': dockerfile };
    const { affected, removed } = compare(side(files), side(moved, { names: { other: 'alone' } }));
    expect(removed).toEqual([]);
    expect(affected.map(({ image, reasons }) => [image.name, reasons.map(({ kind }) => kind)])).toEqual([
      ['alone', ['config', 'dockerfile', 'dockerfile']],
    ]);
  });

  test('a removed base that is named below our registry can’t be known from then on', () => {
    const app = { 'app/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base' };
    const base = side({ ...app, 'base/Dockerfile': 'FROM scratch' });
    const { affected, widened } = compare(base, side(app));
    expect(affected[0]?.reasons.map(({ kind }) => kind)).toEqual(['unknown', 'dependency']);
    expect(widened).toMatchObject([{ scope: 'image', image: 'app', code: 'missing-image' }]);
  });
});

describe('cycles', () => {
  const cycle: Files = { 'a/Dockerfile': 'FROM scratch\nCOPY --from=b / /\n', 'b/Dockerfile': 'FROM a' };

  test('at the head they are an error', () => {
    expect(() => compare(side({}), side(cycle))).toThrow(
      expect.objectContaining({ code: 'cycle', message: expect.stringContaining('a → b → a') as string }),
    );
  });

  test('at the base they are over, and what was in them is built', () => {
    const mended = { ...cycle, 'a/Dockerfile': 'FROM scratch' };
    const { affected } = compare(side(cycle), side(mended));
    expect(affected.map(({ image }) => image.name)).toEqual(['a', 'b']);
  });
});

describe('without a base', () => {
  test('everything is affected, for the one reason', () => {
    const { affected, removed } = compare(undefined, side(files), { everything: 'no base' });
    expect(affected.map(({ image }) => image.name)).toEqual(['alone', 'base', 'tools', 'java', 'app']);
    expect(affected[0]?.reasons).toEqual([{ kind: 'everything', detail: 'no base' }]);
    expect(removed).toEqual([]);
  });

  test('with one, the reason to build everything goes before the others', () => {
    const { affected } = compare(side(files), side({ ...files, 'app/src/main': '2' }), {
      everything: 'a whim',
    });
    expect(affected).toHaveLength(5);
    expect(affected.at(-1)?.reasons.map(({ kind }) => kind)).toEqual([
      'everything',
      'source',
      'dependency',
      'dependency',
    ]);
  });
});

describe('widenings', () => {
  const unknown = { 'app/Dockerfile': 'ARG NAME\nFROM $NAME\n' };

  test('of an image are told once and make it affected, though nothing changed', () => {
    const here = side(unknown);
    const given = { scope: 'all', code: 'shallow-history', detail: 'not all commits are here' } as const;
    const { affected, widened } = compare(here, side(unknown), { widened: [given] });
    expect(affected[0]?.reasons).toEqual([
      {
        kind: 'unknown',
        code: 'unresolved-reference',
        detail: expect.stringContaining('$NAME has no value') as string,
      },
    ]);
    expect(widened).toEqual([
      given,
      expect.objectContaining({ scope: 'image', image: 'app', code: 'unresolved-reference' }),
    ]);
  });

  test('of the base alone count as well', () => {
    const { affected, widened } = compare(side(unknown), side({ 'app/Dockerfile': 'FROM scratch' }));
    expect(affected[0]?.reasons.map(({ kind }) => kind)).toEqual(['unknown', 'dockerfile']);
    expect(widened).toHaveLength(1);
  });

  test('of an image that is gone are over', () => {
    expect(compare(side(unknown), side({})).widened).toEqual([]);
  });

  test('a Dockerfile whose content this clone lacks is built', () => {
    const head = side({ 'app/Dockerfile': { missing: 'x' }, 'next/Dockerfile': 'FROM app' });
    const { affected, widened } = compare(head, head);
    expect(affected.map(({ image }) => image.name)).toEqual(['app', 'next']);
    expect(widened).toMatchObject([{ image: 'app', code: 'unreadable-file' }]);
  });
});

test('10,000 images in a chain', () => {
  const chain = (first: string): Files =>
    Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [
        `i${index}/Dockerfile`,
        index === 0 ? first : `FROM i${index - 1}`,
      ]),
    );
  const { affected } = compare(side(chain('FROM scratch')), side(chain('FROM alpine')));
  expect(affected).toHaveLength(10_000);
  expect(affected.at(-1)).toMatchObject({
    image: { name: 'i9999' },
    level: 9999,
    reasons: [{ image: 'i9998' }],
  });
});
