import { describe, expect, test } from 'vitest';
import { compileReferences, type WrittenReference } from '../../src/images/references.ts';
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
  const written = typeof reference === 'string' ? { reference, word: reference, unset: [] } : reference;
  const resolved = resolve(written);
  return resolved.kind === 'image'
    ? resolved.image
    : resolved.kind === 'external'
      ? 'external'
      : resolved.code;
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
    expect(resolve({ reference: '$CI_REGISTRY_IMAGE/x', word: '$R/x', unset: [] })).toEqual({
      kind: 'unknown',
      code: 'missing-image',
      detail:
        '"$CI_REGISTRY_IMAGE/x" belongs to $CI_REGISTRY_IMAGE but is no image of this repository; add a rule under "references" in affected.yml',
    });
    expect(resolve({ reference: '/x', word: '$R$S/x', unset: ['R', 'S'] })).toEqual({
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
  test.each<[word: string, reference: string, unset: string[], expected: string]>([
    ['quay.io/base:$TAG', 'quay.io/base:', ['TAG'], 'base'],
    ['quay.io/base:v${TAG}-x', 'quay.io/base:v-x', ['TAG'], 'base'],
    ['quay.io/base:${MAJOR}.${MINOR}', 'quay.io/base:2.', ['MINOR'], 'base'],
    ['$CI_REGISTRY_IMAGE/base:${TAG}', '$CI_REGISTRY_IMAGE/base:', ['TAG'], 'base'],
    ['${CI_REGISTRY_IMAGE}/base@${DIGEST}', '$CI_REGISTRY_IMAGE/base@', ['DIGEST'], 'base'],
    ['$CI_REGISTRY_IMAGE/base:1@sha256:${DIGEST}', '$CI_REGISTRY_IMAGE/base:1@sha256:', ['DIGEST'], 'base'],
    ['alpine:${TAG:+v:$TAG/}', 'alpine:', ['TAG'], 'external'],
    ['$NAME', '', ['NAME'], 'unresolved-reference'],
    ['${NAME}:1', ':1', ['NAME'], 'unresolved-reference'],
    ['host:$PORT/base', 'host:/base', ['PORT'], 'unresolved-reference'],
    ['quay.io/$X:$X', 'quay.io/:', ['X'], 'unresolved-reference'],
    ['quay.io/base${SUFFIX}', 'quay.io/base', ['SUFFIX'], 'unresolved-reference'],
    // The unset variable stands in the default of the one that the word shows: it may hide part of the name.
    ['quay.io/$NAME:1', 'quay.io/ba:1', ['REST'], 'unresolved-reference'],
    ['$HOST/base:$TAG', 'quay.io/base:1-', ['REST'], 'unresolved-reference'],
    ['$HOST/base:$TAG$REST', 'quay.io/base:', ['TAG', 'OTHER'], 'unresolved-reference'],
    // Not where the name shows no variable at all.
    ['quay.io/base:$TAG', 'quay.io/base:1-', ['REST'], 'base'],
    ['quay.io/base$*', 'quay.io/base', ['*'], 'unresolved-reference'],
  ])('%s, expanded to %s without %j, is %s', (word, reference, unset, expected) => {
    expect(meaning({ word, reference, unset }, { references })).toBe(expected);
  });

  test('a tag that is empty for want of a variable may be any tag', () => {
    expect(meaning('quay.io/base:', { references })).toBe('base');
  });
});
