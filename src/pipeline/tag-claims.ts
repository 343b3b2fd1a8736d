import type { TagPatterns } from '../config/tags.ts';
import { AffectedError } from '../errors.ts';
import type { Image } from '../images/image.ts';
import { patternLanguage, placeholdersOf } from './tag-patterns.ts';

/** A tag, and the pattern that gives it to an image in this pipeline. */
export interface GivenTag {
  tag: string;
  pattern: string;
  under: Published;
}

type Published = 'defaultBranch' | 'release';

/** What a pattern may give an image in any pipeline of its kind. */
interface Claim {
  pattern: string;
  under: Published;
  variant: string | undefined;
  holds: (tag: string) => boolean;
}

/**
 * Refuses tags that another pipeline could push as well, for another commit, version or variant: each tag of a repository
 * has one meaning. Of two patterns that can give the same tag, the looser one yields.
 *
 * @param options.family the images of the repository: one, or variants.
 * @param options.branch the slug of the default branch, where it is known.
 * @returns a check of the tags that one image of the family is given; it throws AffectedError `tag-name`.
 */
export function compileClaims(options: {
  patterns: TagPatterns;
  family: readonly Image[];
  branch: string | undefined;
  /** What a person can name otherwise, beside the patterns. */
  remedy: string;
}): (image: Image, given: readonly GivenTag[]) => void {
  const { family, remedy } = options;
  const claims = claimsOf(options);
  const ownerOf = endingOwner(family);
  return (image, given) => {
    for (const { tag, pattern, under } of given) {
      const refuse = (why: string) =>
        new AffectedError(
          'tag-name',
          `The image "${image.name}" would get the tag "${tag}" by "${pattern}" (tags.${under} in affected.yml), ${why}; ${remedy}`,
        );
      const sample = placeholdersOf(pattern).includes('sha') ? tag.replace(SHORT_SHA, SAMPLE_SHA) : tag;
      if (!TAG.test(sample))
        throw refuse(
          'which is none: letters, digits, _ . - only, at most 128 characters, not starting with . or -',
        );
      const [reserved] = RESERVED.exec(sample) ?? [];
      if (reserved !== undefined)
        throw refuse(
          `but what begins with ${reserved} is not published: candidates and marks of this tool do`,
        );
      const owner = isOwnTag(pattern, image) ? image.variant : ownerOf(sample);
      if (owner !== image.variant) throw refuse(`which is one of its variant "${owner}" by its ending`);
      const claim = claims.find(
        (other) =>
          strictness(pattern) <= strictness(other.pattern) &&
          other.holds(sample) &&
          !(other.variant === image.variant && given.some((each) => givenBy(each, other, tag))),
      );
      if (claim) throw refuse(`which is also one of ${wordsFor(claim, image)}`);
    }
  };
}

/** A tag (distribution reference grammar: `tag`). */
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
/** What candidates, fingerprints and markers begin with, and what tools attach to a digest. */
const RESERVED = /^(?:mr|branch|candidate|h|commit|sha256)-/;
const SHORT_SHA = /\$(?:CI_COMMIT_SHORT_SHA\b|\{CI_COMMIT_SHORT_SHA\})/g;
/** Any will do: tags that hold one are held against patterns that are as strict. */
const SAMPLE_SHA = 'c0ffee00';

function claimsOf(options: {
  patterns: TagPatterns;
  family: readonly Image[];
  branch: string | undefined;
}): readonly Claim[] {
  const { patterns, family, branch } = options;
  const ownerOf = endingOwner(family);
  return family.flatMap((image) =>
    (['defaultBranch', 'release'] as const).flatMap((under) =>
      patterns[under].flatMap((pattern): Claim[] => {
        const { variant } = image;
        if (pattern === '{tag}') return [];
        if (isOwnTag(pattern, image))
          return [{ pattern, under, variant, holds: (tag) => image.tags.includes(tag) }];
        const component = image.component?.as.replaceAll('.', '\\.').replace('{value}', '[\\w.-]+');
        const language = patternLanguage(pattern, { branch: branch || undefined, component });
        if (language === undefined) return [];
        const ending = variant === undefined ? '' : `-${variant}`;
        const holds = (tag: string) =>
          tag.endsWith(ending) &&
          ownerOf(tag) === variant &&
          language.test(tag.slice(0, tag.length - ending.length));
        return [{ pattern, under, variant, holds }];
      }),
    ),
  );
}

/** A Git tag may be called anything, a component's version nearly so; the rest has a form of its own. */
function strictness(pattern: string): number {
  const names = placeholdersOf(pattern);
  if (names.includes('tag')) return 0;
  return names.length > 0 && names.every((name) => name === 'component') ? 1 : 2;
}

/** A variant has its own tags where others have `latest`. */
export function isOwnTag(pattern: string, { variant }: Pick<Image, 'variant'>): boolean {
  return pattern === 'latest' && variant !== undefined;
}

/** Of two variants one of which ends in the other's name, the longer has the tags that end in it. */
function endingOwner(family: readonly Image[]): (tag: string) => string | undefined {
  const variants = family.flatMap(({ variant }) => variant ?? []).sort((a, b) => b.length - a.length);
  return (tag) => variants.find((variant) => tag.endsWith(`-${variant}`));
}

function givenBy(given: GivenTag, claim: Claim, tag: string): boolean {
  return given.tag === tag && given.pattern === claim.pattern && given.under === claim.under;
}

function wordsFor(claim: Claim, image: Image): string {
  const what = `"${claim.pattern}" (tags.${claim.under})`;
  return claim.variant === image.variant ? what : `its variant "${claim.variant}" by ${what}`;
}
