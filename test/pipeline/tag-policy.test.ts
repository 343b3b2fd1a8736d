import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultTags } from '../../src/config/default-tags.ts';
import type { TagPatterns } from '../../src/config/tags.ts';
import { AffectedError } from '../../src/errors.ts';
import type { Publication } from '../../src/gitlab/publication.ts';
import type { Component } from '../../src/images/component.ts';
import type { Image } from '../../src/images/image.ts';
import { type ImageTags, tagPolicy } from '../../src/pipeline/tag-policy.ts';
import { imagesOf } from '../support/snapshot.ts';

const onMain = { kind: 'default-branch', branch: 'main' } as const;
const onTag = (tag: string) => ({ kind: 'tag', tag, defaultBranch: 'main' }) as const;
const nessie = { version: '0.104.2', tag: 'nessie-0.104.2' };

/** An image, with its variants where it has some. */
function family(variants?: Record<string, string[]>, component?: { arg: string; as: string }) {
  const settings = {
    ...(variants && {
      variants: Object.fromEntries(Object.entries(variants).map(([name, own]) => [name, { tags: own }])),
    }),
    ...(component && { component }),
  };
  return imagesOf({ 'a/Dockerfile': 'FROM x\n' }, { images: { a: settings } });
}

const [plain] = family();
const java = family({ '21': ['21', 'latest'], '21-slim': ['21-slim'] });

function tags(
  publication: Publication,
  image = plain as Image,
  options: { patterns?: Partial<TagPatterns>; component?: Component; images?: readonly Image[] } = {},
): ImageTags {
  const patterns = { ...defaultTags, ...options.patterns };
  const images = options.images ?? [image];
  return tagPolicy({ patterns, publication, pipeline: '42', images })(image, options.component);
}

const none = { candidates: [], fixed: [], branch: [], version: undefined, marker: undefined };

describe('without a policy', () => {
  test.each<[Publication, string[], string[]]>([
    [
      { kind: 'merge-request', iid: '7' },
      ['mr-$CI_MERGE_REQUEST_IID', 'mr-$CI_MERGE_REQUEST_IID-$CI_COMMIT_SHORT_SHA'],
      ['mr-${CI_MERGE_REQUEST_IID}_21', 'mr-$CI_MERGE_REQUEST_IID-${CI_COMMIT_SHORT_SHA}_21'],
    ],
    [
      { kind: 'branch' },
      ['branch-$CI_COMMIT_REF_SLUG', 'branch-$CI_COMMIT_REF_SLUG-$CI_COMMIT_SHORT_SHA'],
      ['branch-${CI_COMMIT_REF_SLUG}_21', 'branch-$CI_COMMIT_REF_SLUG-${CI_COMMIT_SHORT_SHA}_21'],
    ],
    [{ kind: 'local' }, ['candidate-$CI_COMMIT_SHORT_SHA'], ['candidate-${CI_COMMIT_SHORT_SHA}_21']],
  ])('%j pushes candidates alone', (publication, expected, expectedOfVariant) => {
    expect(tags(publication)).toEqual({ ...none, candidates: expected });
    expect(tags(publication, java[0], { images: java })).toEqual({ ...none, candidates: expectedOfVariant });
  });

  test('the default branch publishes what follows it, and its commit', () => {
    expect(tags({ kind: 'default-branch', branch: 'Feature/Main' })).toEqual({
      candidates: ['candidate-pipeline-42'],
      fixed: ['$CI_COMMIT_SHORT_SHA'],
      branch: ['latest', 'feature-main'],
      version: undefined,
      marker: 'commit-$CI_COMMIT_SHA',
    });
  });

  test('a variant has its own tags for latest, and its name behind the others', () => {
    expect(tags(onMain, java[0], { images: java })).toEqual({
      candidates: ['candidate-pipeline-42_21'],
      fixed: ['$CI_COMMIT_SHORT_SHA-21'],
      branch: ['21', 'latest', 'main-21'],
      version: undefined,
      marker: 'commit-${CI_COMMIT_SHA}_21',
    });
  });

  test('a component has a tag that follows the branch', () => {
    const [image] = family(undefined, { arg: 'N', as: 'nessie-{value}' });
    expect(tags(onMain, image, { component: nessie }).branch).toEqual(['latest', 'main', 'nessie-0.104.2']);
    const images = family({ slim: ['slim'] }, { arg: 'N', as: 'nessie-{value}' });
    expect(tags(onMain, images[0], { component: nessie, images }).branch).toEqual([
      'slim',
      'main-slim',
      'nessie-0.104.2-slim',
    ]);
  });

  test('a Git tag publishes a version, and moves what is below it', () => {
    expect(tags(onTag('v1.2.3'))).toEqual({
      candidates: ['candidate-pipeline-42'],
      fixed: ['v1.2.3', '1.2.3'],
      branch: [],
      version: {
        release: '1.2.3',
        tags: [
          { tag: '1.2', line: '1.2' },
          { tag: '1', line: '1' },
        ],
      },
      marker: undefined,
    });
    expect(tags(onTag('1.2.3')).fixed).toEqual(['1.2.3']);
    expect(tags(onTag('v1.2.3'), java[1], { images: java })).toMatchObject({
      fixed: ['v1.2.3-21-slim', '1.2.3-21-slim'],
      version: {
        release: '1.2.3',
        tags: [
          { tag: '1.2-21-slim', line: '1.2-21-slim' },
          { tag: '1-21-slim', line: '1-21-slim' },
        ],
      },
    });
  });

  test('a pre-release moves nothing', () => {
    expect(tags(onTag('v1.3.0-rc.1'))).toMatchObject({
      fixed: ['v1.3.0-rc.1', '1.3.0-rc.1'],
      version: { release: '1.3.0-rc.1', tags: [] },
    });
  });

  test('a release named after a date moves nothing', () => {
    expect(tags(onTag('v20261120.1.0'))).toMatchObject({
      fixed: ['v20261120.1.0', '20261120.1.0'],
      version: { release: '20261120.1.0', tags: [] },
    });
    expect(tags(onTag('v202611.1.0')).version?.tags.map(({ tag }) => tag)).toEqual(['202611.1', '202611']);
  });

  test.each(['nightly', 'v1.2', '2026-11-20', '20261120', 'release_1'])(
    'the Git tag %s, which is no version, is one tag',
    (tag) => {
      expect(tags(onTag(tag))).toMatchObject({ fixed: [tag], version: undefined });
    },
  );
});

describe('a policy of one’s own', () => {
  test('replaces what it names', () => {
    const patterns = {
      mergeRequest: ['mr-{iid}-x.{sha}'],
      branch: ['branch-{branch}.{sha}', 'branch-{branch}.{sha}'],
      defaultBranch: ['edge', 'sha_{sha}', '{component}-{sha}'],
      release: ['{version}', 'stable', 'v{major}', 'latest', '{component}-{major}.{minor}'],
    };
    const [image] = family(undefined, { arg: 'N', as: 'nessie-{value}' });
    const own = { patterns, component: nessie };
    expect(tags({ kind: 'merge-request', iid: '7' }, image, own).candidates).toEqual([
      'mr-$CI_MERGE_REQUEST_IID-x.$CI_COMMIT_SHORT_SHA',
    ]);
    expect(tags({ kind: 'branch' }, image, own).candidates).toEqual([
      'branch-$CI_COMMIT_REF_SLUG.$CI_COMMIT_SHORT_SHA',
    ]);
    expect(tags(onMain, image, own)).toMatchObject({
      fixed: ['sha_$CI_COMMIT_SHORT_SHA', 'nessie-0.104.2-$CI_COMMIT_SHORT_SHA'],
      branch: ['edge'],
    });
    expect(tags(onTag('v1.2.3'), image, own)).toMatchObject({
      fixed: ['1.2.3'],
      version: {
        tags: [
          { tag: 'stable', line: 'latest' },
          { tag: 'v1', line: '1' },
          { tag: 'latest', line: 'latest' },
          { tag: 'nessie-0.104.2-1.2', line: '1.2' },
        ],
      },
    });
  });

  test('may have the component with more behind it: it yields where its version looks like that', () => {
    const [image] = family(undefined, { arg: 'N', as: 'nessie-{value}' });
    const patterns = {
      defaultBranch: ['{component}', '{component}-{sha}'],
      release: ['{version}', '{component}-{version}'],
    };
    const of = (publication: Publication, version: string) =>
      tags(publication, image, { patterns, component: { version, tag: `nessie-${version}` } });
    expect(of(onMain, '1.2')).toMatchObject({
      fixed: ['nessie-1.2-$CI_COMMIT_SHORT_SHA'],
      branch: ['nessie-1.2'],
    });
    expect(of(onTag('v3.0.0'), '1.2').fixed).toEqual(['3.0.0', 'nessie-1.2-3.0.0']);
    expect(() => of(onMain, '1.2-a1b2c3d4')).toThrow('one of "{component}-{sha}" (tags.defaultBranch)');
    expect(() => of(onMain, '1.2-3.0.0')).toThrow('one of "{component}-{version}" (tags.release)');
  });

  test('gives releases the tags of a variant, by latest', () => {
    const patterns = { defaultBranch: [], release: ['{version}', 'latest'] };
    expect(tags(onTag('1.0.0'), java[0], { patterns, images: java }).version?.tags).toEqual([
      { tag: '21', line: 'latest-21' },
      { tag: 'latest', line: 'latest-21' },
    ]);
  });

  test('may publish nothing from the default branch', () => {
    expect(tags(onMain, plain, { patterns: { defaultBranch: [] } })).toEqual({
      ...none,
      candidates: ['candidate-pipeline-42'],
    });
  });
});

describe('refused is', () => {
  const why = (...given: Parameters<typeof tags>) => {
    try {
      tags(...given);
    } catch (error) {
      if (error instanceof AffectedError && error.code === 'tag-name') return error.message;
      throw error;
    }
    return undefined;
  };
  const git = 'name the Git tag otherwise, or change one of the tags';
  const byTag = (tag: string) =>
    `The image "a" would get the tag "${tag}" by "{tag}" (tags.release in affected.yml)`;

  test.each([
    ['a/b', 'which is none: letters, digits, _ . - only, at most 128 characters, not starting with . or -'],
    ['-a', 'which is none: letters, digits, _ . - only, at most 128 characters, not starting with . or -'],
    [
      '$CI_COMMIT_SHORT_SHA',
      'which is none: letters, digits, _ . - only, at most 128 characters, not starting with . or -',
    ],
    ['mr-7', 'but what begins with mr- is not published: candidates and marks of this tool do'],
    ['h-0a', 'but what begins with h- is not published: candidates and marks of this tool do'],
    ['commit-0a', 'but what begins with commit- is not published: candidates and marks of this tool do'],
    ['sha256-0a.sig', 'but what begins with sha256- is not published: candidates and marks of this tool do'],
    ['latest', 'which is also one of "latest" (tags.defaultBranch)'],
    ['main', 'which is also one of "{branch}" (tags.defaultBranch)'],
    ['1a2b3c4d', 'which is also one of "{sha}" (tags.defaultBranch)'],
    ['1.2', 'which is also one of "{major}.{minor}" (tags.release)'],
    ['12', 'which is also one of "{major}" (tags.release)'],
  ])('the Git tag %s', (tag, reason) => {
    expect(why(onTag(tag))).toBe(`${byTag(tag)}, ${reason}; ${git}`);
  });

  test('a Git tag with build metadata, and one that gives no tag', () => {
    expect(why(onTag('v1.2.3+4'))).toBe(
      'The Git tag "v1.2.3+4" has build metadata, "+4", which no image tag can hold and no version is ordered by; name the Git tag without it',
    );
    const patterns = { release: ['{version}', '{major}'] };
    expect(why(onTag('nightly'), plain, { patterns })).toBe(
      'The Git tag "nightly" is no version such as v1.2.3, and no tag under tags.release in affected.yml is made of others; add "{tag}" there, or run no pipeline for it',
    );
  });

  test('a Git tag that is a component’s, or another version’s in other words', () => {
    const [image] = family(undefined, { arg: 'N', as: 'nessie-{value}' });
    expect(why(onTag('nessie-1'), image, { component: nessie })).toContain(
      'which is also one of "{component}" (tags.defaultBranch)',
    );
    expect(why(onTag('r-1.0.0'), plain, { patterns: { release: ['{tag}', 'r-{version}'] } })).toContain(
      'which is also one of "r-{version}" (tags.release)',
    );
  });

  test.each([
    ['latest', { release: ['{tag}', 'latest'] }, 'which is also one of "latest" (tags.release)'],
    ['1.2', { defaultBranch: ['1.2'] }, 'which is also one of "{major}.{minor}" (tags.release)'],
    ['1.2.3-rc', { defaultBranch: ['1.2.3-rc'] }, 'which is also one of "{version}" (tags.release)'],
  ])('%s for the default branch, where releases have it', (tag, patterns, reason) => {
    expect(why(onMain, plain, { patterns })).toContain(`"${tag}"`);
    expect(why(onMain, plain, { patterns })).toContain(`${reason}; change one of the tags`);
  });

  test.each([
    ['1', 'which is also one of "{major}" (tags.release); change one of the tags'],
    ['deadbeef', 'which is also one of "{sha}" (tags.defaultBranch); change one of the tags'],
    ['mr/7', 'but what begins with mr- is not published'],
    [
      '日本',
      'has no letter a-z and no digit that a tag could be made of; leave {branch} out of tags.defaultBranch',
    ],
  ])('a default branch called %s', (branch, reason) => {
    expect(why({ kind: 'default-branch', branch })).toContain(reason);
  });

  test('a variant’s tag that another variant has, or an ending that is another’s', () => {
    const images = family({ slim: ['slim'], b: ['main-slim', 'x'] });
    expect(
      why(
        onMain,
        images.find(({ variant }) => variant === 'slim'),
        { images },
      ),
    ).toContain('which is also one of its variant "b" by "latest" (tags.defaultBranch)');
    const [slim, jdkSlim] = ['slim', 'jdk-slim'].map((name) =>
      family({ slim: ['slim'], 'jdk-slim': ['jdk-slim'] }).find(({ variant }) => variant === name),
    ) as [Image, Image];
    const both = { images: [slim, jdkSlim] };
    expect(tags(onTag('v1.0.0'), jdkSlim, both).fixed).toEqual(['v1.0.0-jdk-slim', '1.0.0-jdk-slim']);
    expect(why(onTag('v1.0.0-jdk'), slim, both)).toContain(
      'which is one of its variant "jdk-slim" by its ending',
    );
  });
});

test('whatever the pipelines, no two of them push the same tag for another reason', () => {
  const variantName = fc.constantFrom('21', 'slim', '21-slim', 'rc.1', 'main', '1', 'a1b2c3d4');
  const families = fc.uniqueArray(variantName, { maxLength: 3 }).map((names) =>
    family(names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, [name]])), {
      arg: 'N',
      as: 'nessie-{value}',
    }),
  );
  const patterns = fc.record({
    mergeRequest: fc.constantFrom<string[]>(['mr-{iid}', 'mr-{iid}-{sha}'], ['mr-{iid}.{sha}']),
    branch: fc.constantFrom<string[]>(['branch-{branch}'], ['branch-{branch}.{sha}']),
    defaultBranch: fc.subarray([
      ...defaultTags.defaultBranch,
      '{component}-{sha}',
      'stable',
      '{branch}-{sha}',
    ]),
    release: fc
      .subarray([
        '{tag}',
        '{major}.{minor}',
        '{major}',
        '{component}-{version}',
        'stable',
        'r{major}',
        'latest',
      ])
      .map((some) => ['{version}', ...some]),
  });
  const sha = fc.constantFrom('a1b2c3d4', 'c0ffee00', '1234567a');
  const version = fc.constantFrom('1', '0.104.2', 'main', '1-1.0.0', 'a1b2c3d4', '1-a1b2c3d4', '1-slim');
  const gitTag = fc.constantFrom(
    ...['v1.0.0', '1.0.0', 'v1.0.0-21', 'v1.0.0-rc.1', '1.0.0-slim', '1', '1.0', 'latest', 'main', 'x', 'r1'],
    ...['stable', 'a1b2c3d4', 'nessie-1', 'main-a1b2c3d4', 'x-21', 'main-21', 'mr-1', 'nessie-1-1.0.0', '21'],
    ...['20261120', 'v20261120.0.0'],
  );
  const pipeline = fc.oneof(
    fc.record({
      publication: fc.oneof(
        fc.constantFrom('1', '12').map((iid) => ({ kind: 'merge-request', iid }) as const),
        fc.constant({ kind: 'branch' } as const),
        fc.constant(onMain),
        gitTag.map(onTag),
      ),
      slug: fc.constantFrom('main', 'a', 'a-21', 'mr-1'),
      sha,
      version,
    }),
  );
  let compared = 0;
  fc.assert(
    fc.property(
      families,
      patterns,
      fc.array(pipeline, { minLength: 2, maxLength: 6 }),
      (images, policy, runs) => {
        const meanings = new Map<string, string>();
        for (const run of runs) {
          for (const image of images) {
            const component = { version: run.version, tag: `nessie-${run.version}` };
            let found: ImageTags;
            try {
              found = tags(run.publication, image, { patterns: policy, component, images });
            } catch (error) {
              if (error instanceof AffectedError) continue;
              throw error;
            }
            for (const [meaning, tag] of meaningsOf(found, run, image)) {
              const expanded = tag
                .replace(/\$\{?CI_COMMIT_SHORT_SHA\}?/, run.sha)
                .replace(/\$\{?CI_COMMIT_SHA\}?/, run.sha.repeat(5))
                .replace(/\$\{?CI_COMMIT_REF_SLUG\}?/, run.slug)
                .replace(/\$\{?CI_MERGE_REQUEST_IID\}?/, 'iid' in run.publication ? run.publication.iid : '');
              expect(expanded).toMatch(/^\w[\w.-]{0,127}$/);
              compared += meanings.has(expanded) ? 1 : 0;
              expect([expanded, meanings.get(expanded) ?? meaning]).toEqual([expanded, meaning]);
              meanings.set(expanded, meaning);
            }
          }
        }
      },
    ),
  );
  expect(compared).toBeGreaterThan(0);
});

type Run = { publication: Publication; slug: string; sha: string };

/** What each tag says: two pipelines may push one only if it says the same in both. */
function meaningsOf(
  found: ImageTags,
  { publication, slug, sha }: Run,
  { variant }: Image,
): [string, string][] {
  const of = `of ${variant}`;
  const { kind } = publication;
  const whose = kind === 'merge-request' ? publication.iid : kind === 'branch' ? slug : '';
  const release = found.version?.release;
  const what = kind === 'tag' ? (release ?? `Git tag ${publication.tag}`) : sha;
  return [
    ...found.candidates.map((tag): [string, string] => [
      kind === 'merge-request' || kind === 'branch'
        ? `candidate of ${kind} ${whose} ${of}`
        : `pipeline ${of}`,
      tag,
    ]),
    ...found.fixed.map((tag): [string, string] => [`${kind} ${what} ${of}`, tag]),
    ...found.branch.map((tag): [string, string] => [`follows ${of}`, tag]),
    ...(found.version?.tags ?? []).map(({ tag, line }): [string, string] => [
      `highest of ${line} ${of}`,
      tag,
    ]),
    ...(found.marker === undefined ? [] : [[`marker ${sha} ${of}`, found.marker] as [string, string]]),
  ];
}
