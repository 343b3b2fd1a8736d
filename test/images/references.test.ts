import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateDockerfile } from '../support/evaluate.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import type { WrittenReference } from '../../src/images/reference-parts.ts';
import { compileReferences } from '../../src/images/references.ts';
import { configOf, imagesOf } from '../support/snapshot.ts';

type Settings = NonNullable<Parameters<typeof imagesOf>[1]>;

const files = {
  'base/Dockerfile': '',
  'docker/java/Dockerfile': '',
  'web/Dockerfile': '',
  'web/Dockerfile.alpine': '',
};
const everyDockerfile = { dockerfiles: ['**/Dockerfile*'] };

/** The image's name, `external`, or the code of what can't be known. */
function meaning(
  reference: string | WrittenReference,
  settings: Settings = {},
  more: Record<string, string> = {},
): string {
  const all = { discover: everyDockerfile, ...settings };
  const resolve = compileReferences({ images: imagesOf({ ...files, ...more }, all), config: configOf(all) });
  const resolved = resolve(typeof reference === 'string' ? known(reference) : reference);
  return resolved.kind === 'image'
    ? resolved.image
    : resolved.kind === 'external'
      ? 'external'
      : resolved.code;
}

function known(reference: string): WrittenReference {
  return { reference, word: reference, unset: [], gaps: [] };
}

/** What a Dockerfile's last FROM names, as it reads it. */
function written(dockerfile: string): WrittenReference {
  const args = { CI_REGISTRY_IMAGE: '$CI_REGISTRY_IMAGE' };
  const { references } = evaluateDockerfile({ dockerfile: parseDockerfile(dockerfile), args });
  return references.at(-1) as WrittenReference;
}

describe('without rules', () => {
  test.each([
    ['$CI_REGISTRY_IMAGE/base', 'base'],
    ['$CI_REGISTRY_IMAGE/base:1.2', 'base'],
    ['$CI_REGISTRY_IMAGE/base@sha256:00', 'base'],
    ['$CI_REGISTRY_IMAGE/docker/java:1@sha256:00', 'docker/java'],
    ['$CI_REGISTRY_IMAGE/java', 'missing-image'],
    ['$CI_REGISTRY_IMAGE', 'missing-image'],
    ['$CI_REGISTRY_IMAGES/base', 'external'],
    ['base', 'base'],
    ['base:1', 'base'],
    ['base@sha256:00', 'base'],
    ['java', 'external'],
    ['other/base', 'external'],
    ['localhost:5000/base', 'external'],
    ['localhost:5000/base:1', 'external'],
    ['alpine:3.23.5', 'external'],
  ])('%s is %s', (reference, expected) => {
    expect(meaning(reference)).toBe(expected);
  });

  test.each([
    ['registry.example.com:5050/group/project/base', 'base'],
    ['registry.example.com:5050/group/project/base:1', 'base'],
    ['registry.example.com:5050/group/project', 'missing-image'],
    ['registry.example.com:5050/group/project:1', 'missing-image'],
    ['registry.example.com:5050/group/other', 'external'],
    ['$CI_REGISTRY_IMAGE/base', 'external'],
  ])('below a registry with a port, %s is %s', (reference, expected) => {
    expect(meaning(reference, { registry: 'registry.example.com:5050/group/project' })).toBe(expected);
  });

  test('the registry prefix itself is the image of the repository’s root', () => {
    expect(meaning('$CI_REGISTRY_IMAGE:1', {}, { Dockerfile: '' })).toBe('repo');
  });

  test('what is missing is told with what to do', () => {
    const resolve = compileReferences({ images: [], config: configOf() });
    expect(resolve({ ...known('$CI_REGISTRY_IMAGE/x'), word: '$R/x' })).toEqual({
      kind: 'unknown',
      code: 'missing-image',
      detail:
        '"$CI_REGISTRY_IMAGE/x" belongs to $CI_REGISTRY_IMAGE but is no image of this repository; add a rule under "references" in affected.yml',
    });
    expect(resolve(written('ARG R\nARG S\nFROM $R$S/x'))).toEqual({
      kind: 'unknown',
      code: 'unresolved-reference',
      detail: '"$R$S/x" can\'t be resolved: $R, $S has no value; give it one under "args" in affected.yml',
    });
  });
});

describe('with rules', () => {
  const references = [
    { match: 'quay.io/{x}', directory: 'docker/{x}', tags: ['1', 'latest'] },
    { match: 'quay.io/{x}', directory: '{x}' },
    { match: '$CI_REGISTRY_IMAGE/short', directory: 'base' },
    { match: 'only/{x}', directory: '{x}', tags: ['1', 'latest'] },
  ];
  test.each([
    ['quay.io/java:1', 'docker/java'],
    ['quay.io/java', 'docker/java'],
    ['quay.io/java:2', 'external'],
    ['quay.io/base:2', 'base'],
    ['quay.io/base@sha256:00', 'base'],
    ['only/base:1', 'base'],
    ['only/base', 'base'],
    ['only/base:2', 'external'],
    ['only/base@sha256:00', 'external'],
    ['only/base:1@sha256:00', 'external'],
    ['$CI_REGISTRY_IMAGE/short:9', 'base'],
    ['$CI_REGISTRY_IMAGE/base', 'base'],
    ['$CI_REGISTRY_IMAGE/none', 'missing-image'],
    // A bare name is an image's only where no rule says what is ours.
    ['base', 'external'],
  ])('%s is %s', (reference, expected) => {
    expect(meaning(reference, { references })).toBe(expected);
  });

  test('an empty list of rules says that no bare name is ours', () => {
    expect(meaning('base', { references: [] })).toBe('external');
    expect(meaning('$CI_REGISTRY_IMAGE/base', { references: [] })).toBe('base');
  });

  test('the directory of the root is a dot', () => {
    const root = [{ match: 'quay.io/root', directory: '.' }];
    expect(meaning('quay.io/root', { references: root }, { Dockerfile: '' })).toBe('repo');
  });

  describe('where a directory holds several Dockerfiles', () => {
    const rule = (directory: string) => ({ references: [{ match: 'quay.io/x', directory }] });

    test.each([
      ['it means the plain one', 'web', {}, 'web'],
      ['another is named by what sets it apart', 'web/alpine', {}, 'web/alpine'],
      ['without a plain one, the only one', 'one', { 'one/Dockerfile.slim': '' }, 'one/slim'],
      [
        'of several it can’t be known',
        'two',
        { 'two/a.Dockerfile': '', 'two/Dockerfile.b': '' },
        'unresolved-reference',
      ],
    ])('%s', (_, directory, more, expected) => {
      const discover = { dockerfiles: ['**/Dockerfile*', '**/*.Dockerfile'] };
      expect(meaning('quay.io/x', { ...rule(directory), discover }, more as Record<string, string>)).toBe(
        expected,
      );
    });

    test('names do not change which one is plain', () => {
      expect(meaning('quay.io/x', { ...rule('web'), names: { web: 'z', 'web/alpine': 'a' } })).toBe('z');
    });
  });
});

describe('unset variables', () => {
  const references = [{ match: 'quay.io/{x}', directory: '{x}', tags: ['1'] }];
  test.each([
    ['FROM quay.io/base:$TAG', 'base'],
    ['FROM quay.io/base:v${TAG}-x', 'base'],
    ['ARG MAJOR=2\nARG MINOR\nFROM quay.io/base:${MAJOR}.${MINOR}', 'base'],
    ['ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base:${TAG}', 'base'],
    ['ARG CI_REGISTRY_IMAGE\nFROM ${CI_REGISTRY_IMAGE}/base@${DIGEST}', 'base'],
    ['ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base:1@sha256:${DIGEST}', 'base'],
    ['ARG TAG\nFROM alpine:${TAG:+v:$TAG/}3', 'external'],
    ['FROM $NAME', 'unresolved-reference'],
    ['FROM ${NAME}:1', 'unresolved-reference'],
    ['FROM host:$PORT/base', 'unresolved-reference'],
    ['FROM quay.io/$X:$X', 'unresolved-reference'],
    ['FROM quay.io/base${SUFFIX}', 'unresolved-reference'],
    ['FROM quay.io/base${SUFFIX}:1', 'unresolved-reference'],
    ['FROM quay.io/base${SUFFIX}@sha256:00', 'unresolved-reference'],
    // The unset variable stands in the default of the one that the word shows.
    ['ARG NAME=ba$REST\nFROM quay.io/$NAME:1', 'unresolved-reference'],
    ['ARG NAME=ba$REST\nFROM quay.io/$NAME:$REST', 'unresolved-reference'],
    ['ARG TAG=1-$REST\nARG HOST=quay.io\nFROM $HOST/base:$TAG', 'base'],
    ['ARG TAG=1-$REST\nARG HOST=quay.io\nFROM $HOST/base:$TAG$REST', 'base'],
    ['ARG HOST=quay.io$REST\nFROM $HOST/base:1', 'unresolved-reference'],
    ['FROM quay.io/base$*', 'unresolved-reference'],
  ])('%j is %s', (dockerfile, expected) => {
    expect(meaning(written(dockerfile), { references })).toBe(expected);
  });

  test('an unknown tag does not matter to a rule that takes any, whatever rules follow', () => {
    const rules = [
      { match: 'quay.io/{x}', directory: 'docker/{x}' },
      { match: 'quay.io/{x}', directory: 'base' },
    ];
    expect(meaning(written('FROM quay.io/java:$TAG'), { references: rules })).toBe('docker/java');
  });

  test('a tag that is empty for want of a variable may be any tag', () => {
    expect(meaning('quay.io/base:', { references })).toBe('base');
  });

  test('an unknown tag that several rules are about can’t be known, unless they mean the same', () => {
    const rules = (first: string, second: string) => [
      { match: 'quay.io/{x}', directory: first, tags: ['1'] },
      { match: 'quay.io/{x}', directory: second },
    ];
    const ask = (first: string, second: string) =>
      meaning(written('FROM quay.io/java:$TAG'), { references: rules(first, second) });
    expect(ask('docker/{x}', 'base')).toBe('unresolved-reference');
    expect(ask('docker/{x}', 'docker/{x}')).toBe('docker/java');
    expect(ask('docker/{x}', 'none')).toBe('docker/java');
    const named = [{ match: '$CI_REGISTRY_IMAGE/base', directory: 'web', tags: ['1'] }];
    const reference = 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base:$TAG';
    expect(meaning(written(reference), { references: named })).toBe('unresolved-reference');
  });
});

describe('a pattern of tags', () => {
  const more = {
    'images/java/21/Dockerfile': '',
    'images/java/25/Dockerfile': '',
    'images/go/1/Dockerfile': '',
  };
  const references = [
    {
      match: 'acme/{x}',
      tag: '{v}-jdk',
      directory: 'images/{x}/{v}',
      aliases: { latest: '21-jdk', lts: '25-jdk' },
    },
    { match: 'acme/{x}', tag: '{v}', directory: 'images/{x}/{v}' },
  ];
  test.each([
    ['acme/java:21-jdk', 'images/java/21'],
    ['acme/java:25-jdk', 'images/java/25'],
    ['acme/java:25-jdk@sha256:00', 'images/java/25'],
    ['acme/java', 'images/java/21'],
    ['acme/java:lts', 'images/java/25'],
    ['acme/java:25', 'images/java/25'],
    ['acme/java:8-jdk', 'external'],
    ['acme/go', 'external'],
    // Only a tag would tell.
    ['acme/java@sha256:00', 'unresolved-reference'],
    ['acme/go@sha256:00', 'unresolved-reference'],
    // No tag would make it an image.
    ['acme/rust@sha256:00', 'external'],
    ['other/java:21-jdk', 'external'],
  ])('%s is %s', (reference, expected) => {
    expect(meaning(reference, { references }, more)).toBe(expected);
  });

  test.each([
    ['FROM acme/java:$V', 'unresolved-reference'],
    ['FROM acme/java:${V}-jdk', 'unresolved-reference'],
    ['FROM acme/rust:$V', 'external'],
    ['ARG V=21\nFROM acme/java:${V}-jdk', 'images/java/21'],
  ])('%j is %s', (dockerfile, expected) => {
    expect(meaning(written(dockerfile), { references }, more)).toBe(expected);
  });

  test('what can’t be known is told with what to do', () => {
    const all = { references };
    const resolve = compileReferences({ images: imagesOf(more), config: configOf(all) });
    const rule = 'only a tag tells which directory the rule for "acme/{x}" under "references" means, and';
    expect(resolve(known('acme/java@sha256:00'))).toMatchObject({
      detail: `"acme/java@sha256:00" can't be resolved: ${rule} there is none; write a tag, also where a digest follows`,
    });
    expect(resolve(written('FROM acme/java:$V'))).toMatchObject({
      detail: `"acme/java:$V" can't be resolved: ${rule} $V has no value; give it one under "args" in affected.yml`,
    });
  });
});

describe('aliases', () => {
  test('are translated before the listed tags are looked at, once', () => {
    const references = [
      {
        match: 'a/{x}',
        directory: '{x}',
        tags: ['21'],
        aliases: { latest: '21', lts: 'latest', '21': '20' },
      },
    ];
    expect(meaning('a/base', { references })).toBe('base');
    expect(meaning('a/base:lts', { references })).toBe('external');
    expect(meaning('a/base:21', { references })).toBe('external');
    expect(meaning('a/base:constructor', { references })).toBe('external');
    const listed = [{ match: 'a/{x}', directory: '{x}', tags: ['constructor'], aliases: {} }];
    expect(meaning('a/base:constructor', { references: listed })).toBe('base');
  });
});

describe('a regular expression', () => {
  const host = String.raw`registry\.example\.com(?::\d+)?`;
  const rule = (regex: string, directory = '{x}') => ({ references: [{ regex, directory }] });
  test.each([
    ['registry.example.com/base:1', 'base'],
    ['registry.example.com:5050/base', 'base'],
    ['registry.example.com/docker/java', 'docker/java'],
    ['registryXexample.com/base', 'external'],
    ['x.registry.example.com/base', 'external'],
    ['registry.example.com/base/x', 'external'],
  ])('%s is %s, anchored or not', (reference, expected) => {
    const regex = String.raw`${host}/(?<x>docker/[\w-]+|[\w-]+)`;
    expect(meaning(reference, rule(regex))).toBe(expected);
    expect(meaning(reference, rule(`^${regex}$`))).toBe(expected);
  });

  test('each of its alternatives is anchored', () => {
    expect(meaning('a/base', rule('a|b/base', 'base'))).toBe('external');
    expect(meaning('b/base', rule('a|b/base', 'base'))).toBe('base');
  });

  test('a group that took no part leaves its placeholder', () => {
    expect(meaning('a', rule('a(?:/(?<x>.*))?', '{x}'), { '{x}/Dockerfile': '' })).toBe('{x}');
    expect(meaning('a', rule('a(?:/(?<x>.*))?'))).toBe('external');
  });
});

describe('a table', () => {
  const references = [
    {
      table: {
        'quay.io/acme/base': 'base',
        'acme/tool:1.2': 'docker/java',
        'acme/tool': 'web',
        'acme/gone': 'gone',
      },
    },
    { match: 'acme/{x}', directory: 'base' },
  ];
  test.each([
    ['quay.io/acme/base', 'base'],
    ['quay.io/acme/base:7', 'base'],
    ['quay.io/acme/base@sha256:00', 'base'],
    ['quay.io/acme/bases', 'external'],
    ['acme/tool:1.2', 'docker/java'],
    ['acme/tool:1.20', 'web'],
    ['acme/tool', 'web'],
    ['acme/tool:1.2@sha256:00', 'web'],
    // Where nothing is there, the next rule counts.
    ['acme/gone:1', 'base'],
  ])('%s is %s', (reference, expected) => {
    expect(meaning(reference, { references })).toBe(expected);
  });

  test('is exact: a dot is a dot, and the host’s port no tag', () => {
    const table = { 'localhost:5000/a.b': 'base', '${HOST}/$X': 'web' };
    expect(meaning('localhost:5000/a.b:1', { references: [{ table }] })).toBe('base');
    expect(meaning('localhost:5000/aXb', { references: [{ table }] })).toBe('external');
    expect(meaning('${HOST}/$X:1', { references: [{ table }] })).toBe('web');
  });

  test('asks an entry with a tag before one without, wherever it stands', () => {
    const table = { 'acme/tool': 'web', 'acme/tool:1.2': 'docker/java' };
    expect(meaning('acme/tool:1.2', { references: [{ table }] })).toBe('docker/java');
    expect(meaning('acme/tool:1.3', { references: [{ table }] })).toBe('web');
  });

  test('may have aliases', () => {
    const table = { 'acme/tool:1.2': 'base' };
    expect(meaning('acme/tool', { references: [{ table, aliases: { latest: '1.2' } }] })).toBe('base');
    expect(meaning('acme/tool', { references: [{ table }] })).toBe('external');
  });

  test('an unknown tag may be the one it lists', () => {
    const one = [{ table: { 'acme/tool:1': 'base' } }];
    const two = [{ table: { 'acme/tool:1': 'base', 'acme/tool:2': 'web' } }];
    expect(meaning(written('FROM acme/tool:$V'), { references: one })).toBe('base');
    expect(meaning(written('FROM acme/tool:$V'), { references: two })).toBe('unresolved-reference');
  });
});

test('of several rules the first counts whose directory holds an image', () => {
  const directory = fc.constantFrom('base', 'web', 'docker/java', 'none', '{x}', 'docker/{x}');
  const rule = fc.oneof(
    fc.record({ match: fc.constantFrom('r/{x}', 'r/base', 's/{x}'), directory }),
    fc.record({ regex: fc.constantFrom('r/(?<x>.*)', '(?<x>r)/base'), directory }),
    fc.record({
      match: fc.constant('r/{x}'),
      tags: fc.constantFrom<string[][]>(['1'], ['2', 'latest']),
      directory,
    }),
    fc.record({ match: fc.constant('r/{x}'), tag: fc.constantFrom('1', '{v}'), directory }),
    fc.record({ table: fc.constantFrom({ 'r/base': 'web' }, { 'r/java:1': 'base' }, { 'r/none': 'none' }) }),
  );
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 4 }),
      fc.constantFrom('r/base:1', 'r/java', 'r/java:1', 'r/web@sha256:00', 's/base:2'),
      (references, reference) => {
        const bound = references.filter(
          (each) =>
            !(
              'directory' in each &&
              each.directory.includes('{x}') &&
              'match' in each &&
              each.match === 'r/base'
            ),
        );
        const alone = bound.map((each) => meaning(reference, { references: [each] }));
        expect(meaning(reference, { references: bound })).toBe(
          alone.find((answer) => answer !== 'external') ?? 'external',
        );
      },
    ),
  );
});
