import type { TagPatterns } from '../config/tags.ts';
import { AffectedError } from '../errors.ts';
import type { Publication } from '../gitlab/publication.ts';
import type { Component } from '../images/component.ts';
import type { Image } from '../images/image.ts';
import { refSlug } from './ref-slug.ts';
import { releaseOf } from './release.ts';
import { compileClaims, type GivenTag, isOwnTag } from './tag-claims.ts';
import {
  fillPattern,
  placeholdersOf,
  placeholderValues,
  type PlaceholderValues,
  withBraces,
} from './tag-patterns.ts';
import type { ImageTags } from './tag-policy.ts';

type PublishedTags = Omit<ImageTags, 'candidates'>;

interface Context {
  patterns: TagPatterns;
  /** The images of the repository. */
  family: readonly Image[];
  component: Component | undefined;
}

/** @throws AffectedError `tag-name` */

export function branchTags(
  image: Image,
  publication: Extract<Publication, { kind: 'default-branch' }>,
  context: Context,
): PublishedTags {
  const { patterns, family, component } = context;
  const branch = refSlug(publication.branch);
  if (branch === '' && patterns.defaultBranch.some((pattern) => placeholdersOf(pattern).includes('branch'))) {
    throw new AffectedError(
      'tag-name',
      `The default branch "${publication.branch}" has no letter a-z and no digit that a tag could be made of; leave {branch} out of tags.defaultBranch in affected.yml`,
    );
  }
  const given = givenTags(image, 'defaultBranch', {
    ...context,
    values: placeholderValues(publication, component),
  });
  const remedy = 'change one of the tags';
  compileClaims({ patterns, family, branch, remedy })(image, given);
  const stays = ({ pattern }: GivenTag) => placeholdersOf(pattern).includes('sha');
  const follows = unique(given.filter((each) => !stays(each)).map(({ tag }) => tag));
  const marker = `commit-\${CI_COMMIT_SHA}${image.variant === undefined ? '' : `_${image.variant}`}`;
  return {
    fixed: unique(given.filter(stays).map(({ tag }) => tag)),
    branch: follows,
    version: undefined,
    marker: follows.length === 0 ? undefined : withBraces(marker),
  };
}

/** @throws AffectedError `tag-name` */
export function releaseTags(
  image: Image,
  publication: Extract<Publication, { kind: 'tag' }>,
  context: Context,
): PublishedTags {
  const { patterns, family, component } = context;
  const { tag: gitTag, defaultBranch } = publication;
  const release = releaseOf(gitTag);
  if (release?.build !== undefined) {
    throw new AffectedError(
      'tag-name',
      `The Git tag "${gitTag}" has build metadata, "+${release.build}", which no image tag can hold and no version is ordered by; name the Git tag without it`,
    );
  }
  const given = givenTags(image, 'release', {
    ...context,
    values: placeholderValues(publication, component),
  });
  const isFixed = ({ pattern }: GivenTag) =>
    placeholdersOf(pattern).some((name) => name === 'tag' || name === 'version');
  // A Git tag that is no version, and a pre-release, move nothing.
  const put = release && !release.isPrerelease ? given : given.filter(isFixed);
  if (put.length === 0) {
    throw new AffectedError(
      'tag-name',
      `The Git tag "${gitTag}" is no version such as v1.2.3, and no tag under tags.release in affected.yml is made of others; add "{tag}" there, or run no pipeline for it`,
    );
  }
  const remedy = 'name the Git tag otherwise, or change one of the tags';
  const branch = defaultBranch === undefined ? undefined : refSlug(defaultBranch);
  compileClaims({ patterns, family, branch, remedy })(image, put);
  const floating = put
    .filter((each) => !isFixed(each))
    .map(({ tag, pattern }) => ({ tag, line: lineOf(pattern, release) + endingOf(image) }));
  return {
    fixed: unique(put.filter(isFixed).map(({ tag }) => tag)),
    branch: [],
    version: release && {
      release: release.version,
      tags: [...new Map(floating.map((each) => [each.tag, each])).values()],
    },
    marker: undefined,
  };
}

function givenTags(
  image: Image,
  under: GivenTag['under'],
  { patterns, values }: Pick<Context, 'patterns'> & { values: PlaceholderValues },
): readonly GivenTag[] {
  return patterns[under].flatMap((pattern) => {
    const tags = isOwnTag(pattern, image)
      ? image.tags
      : [fillPattern(pattern, values, endingOf(image))].filter((tag) => tag !== undefined);
    return tags.map((tag) => ({ tag, pattern, under }));
  });
}

function endingOf({ variant }: Image): string {
  return variant === undefined ? '' : `-${variant}`;
}

function lineOf(pattern: string, release: ReturnType<typeof releaseOf>): string {
  const names = placeholdersOf(pattern);
  if (names.includes('minor')) return `${release?.major}.${release?.minor}`;
  return names.includes('major') ? `${release?.major}` : 'latest';
}

function unique(tags: readonly string[]): readonly string[] {
  return [...new Set(tags)];
}
