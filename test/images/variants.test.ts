import { describe, expect, test } from 'vitest';
import { evaluateDockerfile } from '../support/evaluate.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { compileReferences } from '../../src/images/references.ts';
import { affectedNames, compare, configOf, type Files, imagesOf, side } from '../support/snapshot.ts';

type Settings = NonNullable<Parameters<typeof imagesOf>[1]>;

const java: Settings = {
  images: {
    java: {
      args: { A: 'image', B: 'image' },
      target: 'run',
      variants: { '21': { args: { B: 'v21' }, tags: ['21', 'latest', '21'] }, '25': { target: 'slim' } },
    },
  },
};

describe('each variant is an image', () => {
  test('with its own args, target and tags', () => {
    const images = imagesOf({ 'java/Dockerfile': '', 'web/Dockerfile': '' }, java);
    expect(images).toMatchObject([
      {
        name: 'java:21',
        repository: 'java',
        variant: '21',
        tags: ['21', 'latest'],
        args: { A: 'image', B: 'v21' },
        target: 'run',
      },
      {
        name: 'java:25',
        repository: 'java',
        variant: '25',
        tags: ['25'],
        args: { A: 'image', B: 'image' },
        target: 'slim',
      },
      { name: 'web', repository: 'web', variant: undefined, tags: [] },
    ]);
  });

  test('an arg of all images that it sets is its own, and counts though nothing declares it', () => {
    const { images } = side(
      { 'java/Dockerfile': 'FROM scratch\n' },
      { args: { A: 'all', B: 'all' }, images: { java: { variants: { '21': { args: { B: 'v21' } } } } } },
    );
    expect(images.get('java:21')?.image.args).toEqual({ B: 'v21' });
  });

  test('a later entry replaces the whole set, one without variants keeps it, an empty one takes it away', () => {
    const names = (...entries: NonNullable<Settings['images']>[string][]) =>
      imagesOf(
        { 'java/Dockerfile': '' },
        { images: Object.fromEntries(entries.map((entry, index) => [`{java,${'x'.repeat(index)}}`, entry])) },
      ).map(({ name }) => name);
    expect(names({ variants: { a: {}, b: {} } }, { variants: { c: {} } })).toEqual(['java:c']);
    expect(names({ variants: { a: {} } }, { target: 'x' })).toEqual(['java:a']);
    expect(names({ variants: { a: {} } }, { variants: {} })).toEqual(['java']);
  });

  test('names are told apart by the repository, and from odd directories', () => {
    const clash = { 'java/Dockerfile': '', 'other/Dockerfile': '' };
    expect(() => imagesOf(clash, { ...java, names: { other: 'java' } })).toThrow(
      'java/Dockerfile and other/Dockerfile are both the image "java"',
    );
    expect(() => imagesOf({ 'java/Dockerfile': '', 'java:21/Dockerfile': '' }, java)).toThrow(
      'java/Dockerfile and java:21/Dockerfile are both the image "java:21"',
    );
  });

  test('the root’s are variants of the repository’s name', () => {
    const settings = { images: { '.': { variants: { a: {} } } } };
    expect(imagesOf({ Dockerfile: '' }, settings).map(({ name }) => name)).toEqual(['repo:a']);
    expect(meaning('r.io/group:a', { Dockerfile: '' }, { ...settings, registry: 'r.io/group' })).toBe(
      'repo:a',
    );
  });
});

describe('a key of images means a directory, or one of the Dockerfiles in it', () => {
  const files = { 'web/Dockerfile': '', 'web/Dockerfile.alpine': '', 'web/api/Dockerfile': '' };
  const discover = { dockerfiles: ['**/Dockerfile*'] };
  test.each<[string, string[]]>([
    ['web', ['web', 'web/alpine']],
    ['web/alpine', ['web/alpine']],
    ['web/*', ['web/alpine', 'web/api']],
    ['web/api', ['web/api']],
    ['**', ['web', 'web/alpine', 'web/api']],
  ])('%s', (key, expected) => {
    const targeted = (settings: Settings) =>
      imagesOf(files, { discover, ...settings })
        .filter(({ target, inputs }) => target === 'x' || inputs.length > 0)
        .map(({ name }) => name);
    expect(targeted({ images: { [key]: { target: 'x' } } })).toEqual(expected);
    expect(targeted({ inputs: [{ paths: ['x'], images: [key] }] })).toEqual(expected);
  });

  test('later ones win, be they of the directory', () => {
    const images = { 'web/alpine': { target: 'alpine' }, web: { target: 'web' } };
    expect(imagesOf(files, { discover, images }).map(({ target }) => target)).toEqual([
      'web',
      'web',
      undefined,
    ]);
  });
});

/** The image's name, `external`, or the code of what can't be known. */
function meaning(reference: string, files: Files, settings: Settings, args = ''): string {
  const resolved = resolve(reference, files, settings, args);
  return resolved.kind === 'image'
    ? resolved.image
    : resolved.kind === 'external'
      ? 'external'
      : resolved.code;
}

function resolve(reference: string, files: Files, settings: Settings, args = '') {
  const dockerfile = parseDockerfile(`${args}\nFROM ${reference}\n`);
  const [written] = evaluateDockerfile({ dockerfile, args: {} }).references;
  return compileReferences({ images: imagesOf(files, settings), config: configOf(settings) })(
    written as NonNullable<typeof written>,
  );
}

describe('references find a variant by its tags', () => {
  const files = { 'java/Dockerfile': '', 'web/Dockerfile': '' };
  test.each([
    ['java:21', 'java:21'],
    ['java:latest', 'java:21'],
    ['java', 'java:21'],
    ['java:25', 'java:25'],
    ['java:25@sha256:00', 'java:25'],
    ['java:8', 'unknown-variant'],
    ['java:2', 'unknown-variant'],
    ['java@sha256:00', 'unknown-variant'],
    ['java:$TAG', 'unknown-variant'],
    ['java:2${TAG}', 'unknown-variant'],
    ['java:21${TAG}', 'unknown-variant'],
    ['web:8', 'web'],
    ['web:$TAG', 'web'],
    ['other/java:21', 'external'],
  ])('%s is %s', (reference, expected) => {
    expect(meaning(reference, files, java)).toBe(expected);
  });

  test('below the registry, and bare ones keep what follows the name', () => {
    const registry = 'r.io/group';
    expect(resolve('r.io/group/java:25', files, { ...java, registry })).toEqual({
      kind: 'image',
      image: 'java:25',
    });
    expect(resolve('java:25', files, java)).toEqual({ kind: 'image', image: 'java:25', bare: ':25' });
    expect(resolve('java', files, java)).toEqual({ kind: 'image', image: 'java:21', bare: '' });
  });

  test('after the rule’s aliases and pattern of tags', () => {
    const references = [
      { match: 'acme/{x}', directory: '{x}', aliases: { lts: '21', latest: '25' } },
      { match: 'jdk/{x}', tag: '2{v}', directory: '{x}' },
      { match: 'only/{x}', tags: ['25'], directory: '{x}' },
      { table: { 'table/a:21': 'java', 'table/b': 'java' } },
    ];
    const ask = (reference: string) => meaning(reference, files, { ...java, references });
    expect(ask('acme/java:lts')).toBe('java:21');
    expect(ask('acme/java')).toBe('java:25');
    expect(ask('acme/java:8')).toBe('unknown-variant');
    expect(ask('jdk/java:25')).toBe('java:25');
    expect(ask('jdk/java:8')).toBe('external');
    expect(ask('only/java:25')).toBe('java:25');
    expect(ask('only/java:$TAG')).toBe('unknown-variant');
    expect(ask('table/a:21')).toBe('java:21');
    expect(ask('table/b:25')).toBe('java:25');
    expect(ask('java:21')).toBe('external');
  });

  test('variants of one of several Dockerfiles in a directory', () => {
    const several = { 'web/Dockerfile': '', 'web/Dockerfile.alpine': '' };
    const settings: Settings = {
      discover: { dockerfiles: ['**/Dockerfile*'] },
      images: { 'web/alpine': { variants: { a: {}, b: {} } } },
      references: [
        { match: 'x', directory: 'web/alpine' },
        { match: 'y', directory: 'web' },
      ],
    };
    expect(meaning('x:b', several, settings)).toBe('web/alpine:b');
    expect(meaning('y:b', several, settings)).toBe('web');
    const lone = { 'web/Dockerfile.alpine': '' };
    expect(meaning('y:b', lone, settings)).toBe('web/alpine:b');
    expect(meaning('y:b', { ...lone, 'web/Dockerfile.x': '' }, settings)).toBe('unresolved-reference');
  });

  test.each([
    ['java:8', 'none has the tag "8"; add it to one of them under "images" in affected.yml'],
    ['java:$TAG', 'its tag is not known: $TAG has no value; give it one under "args" in affected.yml'],
    ['java@sha256:00', 'a digest alone does not tell which; write a tag, also where a digest follows'],
  ])('%s: what is unknown names the variants', (reference, why) => {
    expect(resolve(reference, files, java)).toMatchObject({
      detail: `"${reference}" means one of java:21 (tags 21, latest), java:25 (tag 25), but ${why}`,
    });
  });
});

describe('edges and changes', () => {
  const files: Files = {
    'java/Dockerfile': 'ARG FLAVOUR=scratch\nFROM $FLAVOUR\nARG VERSION\nENV DIR=v$VERSION\nCOPY $DIR /\n',
    'java/v21/x': '1',
    'java/v25/x': '1',
    'app/Dockerfile': 'ARG JAVA=21\nFROM java:$JAVA\nCOPY $DIR /\n',
    'lone/Dockerfile': 'FROM scratch\n',
  };
  const settings = (v21: object = {}, v25: object = {}): Settings => ({
    images: {
      java: {
        variants: {
          '21': { args: { VERSION: '21' }, ...v21 },
          '25': { args: { VERSION: '25', FLAVOUR: 'java:21' }, ...v25 },
        },
      },
      app: { variants: { a: {}, b: { args: { JAVA: '25' } } } },
    },
  });
  const needs = (name: string) =>
    side(files, settings())
      .images.get(name)
      ?.dependencies.map(({ image }) => image);

  test('each variant has its own, also to another of its Dockerfile', () => {
    expect(needs('app:a')).toEqual(['java:21']);
    expect(needs('app:b')).toEqual(['java:25']);
    expect(needs('java:25')).toEqual(['java:21']);
    expect(needs('java:21')).toEqual([]);
  });

  test('each passes its own ENV on', () => {
    const sources = (name: string) =>
      side(files, settings())
        .images.get(name)
        ?.inputs.sources.map(({ source }) => source);
    expect(sources('app:a')).toEqual(['v21']);
    expect(sources('app:b')).toEqual(['v25']);
  });

  test('a variant that names itself builds on what was published before', () => {
    const own = { 'java/Dockerfile': 'ARG BEFORE\nFROM java:$BEFORE\n' };
    const variants = { a: { args: { BEFORE: 'a' } }, b: { args: { BEFORE: 'a' } } };
    const { images } = side(own, { images: { java: { variants } } });
    expect(images.get('java:a')?.dependencies).toEqual([]);
    expect(images.get('java:b')?.dependencies).toMatchObject([{ image: 'java:a' }]);
  });

  const base = side(files, settings());
  test.each<[string, Files, Settings, string[]]>([
    ['nothing', {}, settings(), []],
    ['a file that one of them copies', { 'java/v25/x': '2' }, settings(), ['java:25', 'app:b']],
    [
      'the Dockerfile',
      { 'java/Dockerfile': `${files['java/Dockerfile'] as string}\nUSER x\n` },
      settings(),
      ['java:21', 'app:a', 'java:25', 'app:b'],
    ],
    [
      'an arg of one',
      {},
      settings({}, { args: { VERSION: '25', FLAVOUR: 'java:21', X: '1' } }),
      ['java:25', 'app:b'],
    ],
    ['a tag of one', {}, settings({}, { tags: ['25', 'new'] }), ['java:25', 'app:b']],
    ['a target', {}, settings({}, { target: '0' }), ['java:25', 'app:b']],
  ])('%s changed', (_, changed, after, expected) => {
    expect(affectedNames(base, side({ ...files, ...changed }, after))).toEqual(expected);
  });

  test('tags in another order are the same', () => {
    const tagged = (...tags: string[]) => side(files, settings({ tags: ['21', ...tags] }));
    expect(affectedNames(tagged('a', 'b'), tagged('b', 'a'))).toEqual([]);
  });

  test('a tag that moves rebuilds what it was, what it is, and who names it', () => {
    const naming = { ...files, 'app/Dockerfile': 'FROM java:lts\n' };
    const before = side(naming, settings({ tags: ['21', 'lts'] }));
    const after = side(naming, settings({}, { tags: ['25', 'lts'] }));
    expect(affectedNames(before, after)).toEqual(['java:21', 'java:25', 'app:a', 'app:b']);
  });

  test('a removed variant, and a plain image that gets variants, hand it on to who was built from them', () => {
    const only21: Settings = {
      images: { ...settings().images, java: { variants: { '21': { args: { VERSION: '21' } } } } },
    };
    const fewer = compare(base, side(files, only21));
    expect(fewer.removed).toEqual([{ name: 'java:25', directory: 'java' }]);
    expect(fewer.affected.map(({ image }) => image.name)).toEqual(['app:b']);
    expect(fewer.widened.map(({ image, code }) => `${image} ${code}`)).toEqual([
      'app:b unknown-variant',
      'app:b unknown-source',
    ]);

    const plain = side(files, { images: { app: settings().images?.['app'] ?? {} } });
    const split = compare(plain, base);
    expect(split.removed).toEqual([{ name: 'java', directory: 'java' }]);
    expect(split.affected.map(({ image, reasons }) => [image.name, reasons[0]?.kind])).toEqual([
      ['java:21', 'new-image'],
      ['app:a', 'dependency'],
      ['java:25', 'new-image'],
      ['app:b', 'dependency'],
    ]);
  });

  test('a Dockerfile that is broken is told for each, one that some targets lack only for those', () => {
    const target = settings({ target: 'none' });
    expect(side(files, target).problems).toMatchObject([{ image: 'java:21' }]);
    expect(side({ ...files, 'java/Dockerfile': 'X' }, settings()).problems).toMatchObject([
      { image: 'java:21' },
      { image: 'java:25' },
    ]);
  });
});
