import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Publication } from '../../src/gitlab/publication.ts';
import { tagsFor } from '../../src/pipeline/destinations.ts';

const plain = { variant: undefined, tags: [] };
const variant = { variant: '21-slim', tags: ['21', 'latest'] };

describe('the tags of an image', () => {
  test.each<[Publication, string[], string[]]>([
    [
      { kind: 'merge-request', iid: '7' },
      ['mr-$CI_MERGE_REQUEST_IID', 'mr-$CI_MERGE_REQUEST_IID-$CI_COMMIT_SHORT_SHA'],
      ['mr-${CI_MERGE_REQUEST_IID}_21-slim', 'mr-$CI_MERGE_REQUEST_IID-${CI_COMMIT_SHORT_SHA}_21-slim'],
    ],
    [
      { kind: 'default-branch', branch: 'main' },
      ['latest', '$CI_COMMIT_SHORT_SHA'],
      ['21', 'latest', '21-slim-$CI_COMMIT_SHORT_SHA'],
    ],
    [
      { kind: 'branch' },
      ['branch-$CI_COMMIT_REF_SLUG', 'branch-$CI_COMMIT_REF_SLUG-$CI_COMMIT_SHORT_SHA'],
      ['branch-${CI_COMMIT_REF_SLUG}_21-slim', 'branch-$CI_COMMIT_REF_SLUG-${CI_COMMIT_SHORT_SHA}_21-slim'],
    ],
    [{ kind: 'tag', tag: 'v1', defaultBranch: 'main' }, ['v1'], ['v1-21-slim']],
    [{ kind: 'local' }, ['candidate-$CI_COMMIT_SHORT_SHA'], ['candidate-${CI_COMMIT_SHORT_SHA}_21-slim']],
  ])('%j', (publication, expected, expectedOfVariant) => {
    expect(tagsFor(publication, plain)).toEqual(expected);
    expect(tagsFor(publication, variant)).toEqual(expectedOfVariant);
  });

  test('a Git tag that is fine alone may be too long with the variant behind it', () => {
    const publication = { kind: 'tag', tag: 'v'.repeat(121), defaultBranch: 'main' } as const;
    expect(tagsFor(publication, plain)).toEqual(['v'.repeat(121)]);
    expect(() => tagsFor(publication, variant)).toThrow(
      `can't be the image tag "${'v'.repeat(121)}-21-slim": letters, digits`,
    );
    expect(() => tagsFor({ kind: 'tag', tag: 'a/b', defaultBranch: 'main' }, variant)).toThrow(
      'The Git tag "a/b" can\'t be the image tag "a/b-21-slim"',
    );
    expect(() => tagsFor({ kind: 'tag', tag: 'a/b', defaultBranch: 'main' }, plain)).toThrow(
      'The Git tag "a/b" can\'t be an image tag:',
    );
  });

  test('of a branch are tags, and no other branch’s or variant’s', () => {
    const slug = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
    const name = fc.option(fc.stringMatching(/^\w[\w.-]{0,39}$/), { nil: undefined });
    fc.assert(
      fc.property(slug, slug, name, name, (one, other, first, second) => {
        const tags = (branch: string, of: string | undefined) =>
          tagsFor({ kind: 'branch' }, { variant: of, tags: [] }).map((tag) =>
            tag
              .replace(/\$(?:CI_COMMIT_REF_SLUG\b|\{CI_COMMIT_REF_SLUG\})/, branch)
              .replace(/\$(?:CI_COMMIT_SHORT_SHA\b|\{CI_COMMIT_SHORT_SHA\})/, '1a2b3c4d'),
          );
        for (const tag of tags(one, first)) expect(tag).toMatch(/^\w[\w.-]{0,127}$/);
        fc.pre(one !== other || first !== second);
        expect(tags(one, first)[0]).not.toBe(tags(other, second)[0]);
      }),
    );
  });
});
