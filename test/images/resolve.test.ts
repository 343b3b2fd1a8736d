import { describe, expect, test } from 'vitest';
import type { ResolvedImage } from '../../src/images/resolve.ts';
import { type Files, side } from '../support/snapshot.ts';

type Settings = Parameters<typeof side>[1];

function resolved(files: Files, name: string, settings: Settings = {}): ResolvedImage {
  return side(files, settings).images.get(name) as ResolvedImage;
}

/** The images it is built from, as `image instruction line:column word`. */
function edges(files: Files, name: string, settings: Settings = {}): string[] {
  return resolved(files, name, settings).dependencies.map(
    ({ image, instruction, line, column, word }) => `${image} ${instruction} ${line}:${column} ${word}`,
  );
}

function sources(files: Files, name: string, settings: Settings = {}): string[] {
  return resolved(files, name, settings).inputs.sources.map(
    ({ instruction, source }) => `${instruction} ${source}`,
  );
}

function widenings(files: Files, name: string, settings: Settings = {}): string[] {
  const { widenings: found, unknownSources } = resolved(files, name, settings);
  return [...found, ...unknownSources].map(({ code, detail }) => `${code}: ${detail}`);
}

const base: Files = { 'base/Dockerfile': 'FROM scratch\n' };

describe('what the last stage is built on', () => {
  test.each<[string, string, Settings, ResolvedImage['base']]>([
    [
      'an image of somebody else',
      'FROM base AS b\nFROM alpine:3.23\nCOPY --from=b a /\n',
      {},
      { reference: 'alpine:3.23' },
    ],
    ['an image here', 'FROM alpine AS a\nFROM base:1\nCOPY --from=a a /\n', {}, { image: 'base' }],
    ['that of a stage', 'FROM base AS a\nFROM alpine AS b\nFROM a AS c\nFROM c\n', {}, { image: 'base' }],
    [
      'of the target',
      'FROM base AS a\nFROM alpine\n',
      { images: { app: { target: 'a' } } },
      { image: 'base' },
    ],
    ['nothing', 'FROM base AS a\nFROM scratch\nCOPY --from=a a /\n', {}, undefined],
    ['what is not known', 'ARG X\nFROM $X\n', {}, undefined],
    ['itself', 'FROM app\n', {}, undefined],
    ['the one whose ONBUILD names another', 'FROM with-trigger\n', {}, { image: 'with-trigger' }],
  ])('%s', (_, dockerfile, settings, expected) => {
    const trigger = { 'with-trigger/Dockerfile': 'FROM scratch\nONBUILD COPY --from=base a /\n' };
    const files = { ...base, ...trigger, 'app/Dockerfile': dockerfile };
    expect(resolved(files, 'app', settings).base).toEqual(expected);
  });

  test('of two that read alike, each its own', () => {
    const files = { 'a/Dockerfile': 'FROM b\n', 'b/Dockerfile': 'FROM b\n', 'c/Dockerfile': 'FROM b\n' };
    expect(['a', 'b', 'c'].map((name) => resolved(files, name).base)).toEqual([
      { image: 'b' },
      undefined,
      { image: 'b' },
    ]);
  });
});

describe('dependencies', () => {
  test.each<[string, string, string[]]>([
    ['FROM', 'FROM base', ['base FROM 1:6 base']],
    [
      'the registry’s prefix in an argument',
      'ARG CI_REGISTRY_IMAGE\nFROM ${CI_REGISTRY_IMAGE}/base:1',
      ['base FROM 2:6 ${CI_REGISTRY_IMAGE}/base:1'],
    ],
    [
      'COPY --from and RUN --mount',
      'FROM scratch\nCOPY --from=base /a /b\nRUN --mount=from=base,target=/x true',
      ['base COPY 2:13 base', 'base RUN 3:18 base'],
    ],
    ['a tag without a value', 'ARG TAG\nFROM base:$TAG', ['base FROM 2:6 base:$TAG']],
    ['itself is what was published before', 'FROM app', []],
    ['a stage of that name is no image', 'FROM scratch AS base\nFROM base', []],
    ['an image of somebody else', 'FROM alpine:3.23.5', []],
    ['a stage the target does not need', 'FROM base AS unused\nFROM scratch', []],
  ])('%s', (_, dockerfile, expected) => {
    expect(edges({ ...base, 'app/Dockerfile': dockerfile }, 'app')).toEqual(expected);
  });

  test('two Dockerfiles that read alike: the image they name is none of its own', () => {
    const files = { 'a/Dockerfile': 'FROM b\n', 'b/Dockerfile': 'FROM b\n', 'c/Dockerfile': 'FROM b\n' };
    expect(['a', 'b', 'c'].map((name) => edges(files, name))).toEqual([
      ['b FROM 1:6 b'],
      [],
      ['b FROM 1:6 b'],
    ]);
  });

  test('the configured target and arguments decide', () => {
    const files = { ...base, 'app/Dockerfile': 'ARG BASE=alpine\nFROM $BASE AS one\nFROM scratch\n' };
    expect(edges(files, 'app', { images: { app: { target: 'one', args: { BASE: 'base' } } } })).toHaveLength(
      1,
    );
    expect(edges(files, 'app', { images: { app: { args: { BASE: 'base' } } } })).toHaveLength(0);
    expect(edges(files, 'app', { images: { app: { target: 'one' } } })).toHaveLength(0);
  });

  test('the configured registry is what CI_REGISTRY_IMAGE stands for, unless an argument says otherwise', () => {
    const files = { ...base, 'app/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base' };
    const registry = 'registry.example.com:5050/group/project';
    expect(edges(files, 'app', { registry })).toHaveLength(1);
    expect(edges(files, 'app', { registry, args: { CI_REGISTRY_IMAGE: 'quay.io/mirror' } })).toHaveLength(0);
  });
});

describe('what a base image of this repository passes on', () => {
  const files: Files = {
    'base/Dockerfile':
      'FROM scratch\nENV DIR=conf\nONBUILD COPY hooks /hooks\nONBUILD COPY --from=tools /t /t\n',
    'tools/Dockerfile': 'FROM scratch\n',
    'mid/Dockerfile': 'FROM base\n',
    'app/Dockerfile': 'FROM mid\nCOPY $DIR /\n',
  };

  test('ENV, through images in between', () => {
    expect(sources(files, 'app')).toEqual(['COPY conf']);
    expect(widenings(files, 'app')).toEqual([]);
  });

  test('also where the tag is not known and does not matter', () => {
    const hidden = { ...files, 'app/Dockerfile': 'FROM mid:${TAG}-x\nCOPY $DIR /\n' };
    expect(sources(hidden, 'app')).toEqual(['COPY conf']);
    expect(widenings(hidden, 'app')).toEqual([]);
    const references = [{ match: '{x}', tag: '{v}-x', directory: '{x}' }];
    expect(sources(hidden, 'app', { references })).toEqual(['COPY .']);
  });

  test('ONBUILD, once, in the context and with the dependencies of the next image', () => {
    expect(sources(files, 'mid')).toEqual(['COPY hooks']);
    expect(resolved(files, 'mid').inputs.context).toBe('mid');
    expect(edges(files, 'mid')).toEqual(['base FROM 1:6 base', 'tools COPY 1:6 tools']);
    expect(edges(files, 'app')).toEqual(['mid FROM 1:6 mid']);
  });

  test('whatever the order of the names', () => {
    const renamed: Files = {
      'z/Dockerfile': 'FROM scratch\nENV DIR=conf\n',
      'm/Dockerfile': 'FROM z\nENV SUB=$DIR/sub\n',
      'a/Dockerfile': 'FROM m\nCOPY $SUB /\n',
      // One of its two bases is built from the other.
      'b/Dockerfile': 'FROM z AS one\nCOPY $DIR /\nFROM m\nCOPY --from=one / /\nCOPY $SUB /\n',
      'c/Dockerfile': 'FROM m AS one\nCOPY $SUB /\nFROM z\nCOPY --from=one / /\nCOPY $DIR /\n',
    };
    expect(sources(renamed, 'a')).toEqual(['COPY conf/sub']);
    expect(sources(renamed, 'b')).toEqual(['COPY conf', 'COPY conf/sub']);
    expect(sources(renamed, 'c')).toEqual(['COPY conf/sub', 'COPY conf']);
  });

  test('only from the image that a stage surely names', () => {
    const unsure: Files = {
      'b/Dockerfile': 'FROM scratch\nENV DIR=conf\n',
      'a/Dockerfile': 'FROM b AS sure\nFROM b$X\nCOPY --from=sure / /\nCOPY $DIR /\n',
    };
    expect(widenings(unsure, 'a')).toContainEqual(
      expect.stringMatching(/^unknown-source: a\/Dockerfile:4: /),
    );
  });

  test('an argument that fails without the base’s variable is fine with it', () => {
    const strict: Files = {
      'a/Dockerfile': 'FROM b\nCOPY ${DIR:?unset} /\n',
      'b/Dockerfile': 'FROM scratch\nENV DIR=x\n',
    };
    expect(side(strict).problems).toEqual([]);
    expect(sources(strict, 'a')).toEqual(['COPY x']);
  });

  test('what a cycle leaves unknown widens, and nothing hangs', () => {
    const cycle: Files = {
      'a/Dockerfile': 'FROM b\nCOPY $X /\n',
      'b/Dockerfile': 'FROM c\nENV X=x\n',
      'c/Dockerfile': 'FROM a\nCOPY $Y /\n',
    };
    expect(sources(cycle, 'a')).toEqual(['COPY x']);
    expect(widenings(cycle, 'c')).toEqual([
      expect.stringMatching(/^unknown-source: c\/Dockerfile:2: COPY source "/),
    ]);
    expect(edges(cycle, 'c')).toEqual(['a FROM 1:6 a']);
  });

  test('10,000 images in a chain, from either end', () => {
    const name = (index: number) => `i${String(index).padStart(5, '0')}`;
    const chain = (from: (index: number) => string) =>
      Object.fromEntries(
        Array.from({ length: 10_000 }, (_, index) => [`${name(index)}/Dockerfile`, from(index)]),
      );
    const up = side(
      chain((index) => (index === 0 ? 'FROM scratch\nENV X=x\n' : `FROM ${name(index - 1)}\nCOPY $X /\n`)),
    );
    const down = side(
      chain((index) => (index === 9999 ? 'FROM scratch\nENV X=x\n' : `FROM ${name(index + 1)}\nCOPY $X /\n`)),
    );
    for (const [{ images }, last] of [
      [up, name(9999)],
      [down, name(0)],
    ] as const) {
      expect(images.get(last)?.inputs.sources).toMatchObject([{ source: 'x' }]);
      expect(images.get(last)?.widenings).toEqual([]);
    }
  });
});

describe('what can’t be known widens', () => {
  test.each<[string, string, string]>([
    [
      'a name without a value',
      'ARG NAME\nFROM $NAME',
      'unresolved-reference: app/Dockerfile:2: "$NAME" can\'t be resolved: $NAME has no value',
    ],
    [
      'a name that is ours and no image',
      'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/none:1',
      'missing-image: app/Dockerfile:2: "$CI_REGISTRY_IMAGE/none:1" belongs to',
    ],
    [
      'a source that only the base image knows',
      'FROM alpine\nADD $X/y /',
      'unknown-source: app/Dockerfile:2: ADD source "y" depends on $X, which',
    ],
    [
      'such a source twice on a line',
      'FROM alpine\nADD $X/y $X/y /',
      'unknown-source: app/Dockerfile:2: ADD source "y" depends on $X, which',
    ],
    [
      'a name with a value that has none',
      'ARG SUB\nARG NAME=ba$SUB\nFROM x/$NAME:1',
      'unresolved-reference: app/Dockerfile:3:',
    ],
  ])('%s', (_, dockerfile, expected) => {
    expect(widenings({ 'app/Dockerfile': dockerfile }, 'app')).toEqual([expect.stringContaining(expected)]);
  });

  const unreadable = (path: string) =>
    `unreadable-file: ${path} can't be read: its content is not in this clone, or its link leads nowhere`;
  const copy = 'FROM scratch\nCOPY link/x /\nADD link/y /\n';

  test.each<[string, Files, string]>([
    ['a Dockerfile that is missing', { 'app/Dockerfile': { missing: 'a' } }, 'app/Dockerfile'],
    ['a Dockerfile that is a broken link', { 'app/Dockerfile': { symlink: 'none' } }, 'app/Dockerfile'],
    [
      'a Dockerfile that is a link to itself',
      { 'app/Dockerfile': { symlink: 'Dockerfile' } },
      'app/Dockerfile',
    ],
    ['a Dockerfile outside the repository', { 'app/Dockerfile': { symlink: '/etc/x' } }, 'app/Dockerfile'],
    [
      'an ignore file that is missing',
      { 'app/Dockerfile': copy, 'app/.dockerignore': { missing: 'a' } },
      'app/.dockerignore',
    ],
    [
      'an ignore file that leads nowhere',
      { 'app/Dockerfile': copy, 'app/.dockerignore': { symlink: '/x' } },
      'app/.dockerignore',
    ],
  ])('%s', (_, files, path) => {
    expect(widenings(files, 'app')).toEqual([unreadable(path)]);
    expect(side(files).problems).toEqual([]);
  });

  test('a context that is a link to nowhere', () => {
    const files: Files = { 'app/Dockerfile': copy, ctx: { symlink: '/x' } };
    expect(widenings(files, 'app', { images: { app: { context: 'ctx' } } })).toEqual([unreadable('ctx')]);
  });

  test('a link in a source whose content is missing, once', () => {
    const files: Files = {
      'app/Dockerfile': copy,
      'app/link': { symlink: '../other' },
      other: { symlink: 'x' },
    };
    const { snapshot } = side(files);
    const lacking = {
      tree: snapshot.tree,
      text: (path: string) => (path === 'other' ? undefined : snapshot.text(path)),
    };
    expect(side(lacking).images.get('app')?.widenings).toMatchObject([
      { detail: expect.stringMatching(/^other /) },
    ]);
  });

  test('a missing file that nobody needs does not', () => {
    expect(widenings({ 'app/Dockerfile': copy, 'app/link/x': { missing: 'a' } }, 'app')).toEqual([]);
  });
});

describe('problems', () => {
  test('a Dockerfile or an ignore file that a builder would refuse is told with its place', () => {
    const { problems, images } = side({
      'a/Dockerfile': 'FROM scratch\nNONSENSE x\n',
      'b/Dockerfile': 'FROM a\nCOPY . /\n',
      'b/.dockerignore': 'ok\n[\n',
      'c/Dockerfile': { symlink: '../shared' },
      shared: 'FROM scratch AS x y\n',
    });
    expect(problems).toEqual([
      { image: 'a', code: 'dockerfile', message: expect.stringMatching(/^a\/Dockerfile:2:1: /) },
      { image: 'b', code: 'ignore-file', message: expect.stringMatching(/^b\/\.dockerignore:2: /) },
      { image: 'c', code: 'dockerfile', message: expect.stringMatching(/^c\/Dockerfile:1:\d+: /) },
    ]);
    expect(images.get('a')).toMatchObject({
      dependencies: [],
      inputs: { sources: [] },
      takesRegistry: false,
    });
    expect(images.get('b')?.dependencies).toHaveLength(1);
    expect(images.get('b')?.inputs.ignoreFile).toBeUndefined();
  });

  test('a target that does not exist is one', () => {
    const { problems } = side({ 'a/Dockerfile': 'FROM scratch' }, { images: { a: { target: 'none' } } });
    expect(problems).toMatchObject([{ image: 'a', code: 'dockerfile' }]);
  });
});
