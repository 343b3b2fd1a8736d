import type { TagPatterns } from '../config/tags.ts';
import type { Publication } from '../gitlab/publication.ts';
import type { Component } from '../images/component.ts';
import type { Image } from '../images/image.ts';
import { byRepository } from '../images/variants.ts';
import { candidateTag } from './candidate-tags.ts';
import { branchTags, releaseTags } from './published-tags.ts';
import { fillPattern, placeholderValues } from './tag-patterns.ts';

/** The tags of an image in one pipeline, with GitLab's variables left for the job to expand. */
export interface ImageTags {
  /** What the build pushes; never none. */
  candidates: readonly string[];
  /** What publishing puts whatever there is. */
  fixed: readonly string[];
  /** What follows the branch: the newest commit's that was published. */
  branch: readonly string[];
  /** What a release moves, if no higher one has it; undefined where a Git tag is no version. */
  version: ReleaseTags | undefined;
  /** Says that this commit was published, where tags follow the branch. */
  marker: string | undefined;
}

export interface ReleaseTags {
  /** As in `1.2.3` or `1.3.0-rc.1`. */
  release: string;
  /** None for a pre-release. */
  tags: readonly FloatingTag[];
}

export interface FloatingTag {
  tag: string;
  /** Of which releases it is the highest: `1.2`, `1`, or `latest` for all; a variant's with its ending, `1.2-slim`. */
  line: string;
}

/**
 * The tags of images by the policy of the config. Only the default branch and Git tags publish; what others push begins as
 * nothing published does. A variant's name comes last: behind a `_` in candidates, which no slug and no number holds, and
 * behind a `-` in what is published.
 *
 * @param options.pipeline the id of the pipeline that generates.
 * @param options.images all images of the commit.
 * @returns the tags of one image; it throws AffectedError `tag-name` for what is no image tag, and for a tag that could mean
 *   something else as well.
 */
export function tagPolicy(options: {
  patterns: TagPatterns;
  publication: Publication;
  pipeline: string;
  images: Iterable<Image>;
}): (image: Image, component: Component | undefined) => ImageTags {
  const families = byRepository([...options.images]);
  const familyOf = (image: Image) => families.get(image.repository) ?? [image];
  // Of thousands of images most have no variants and no component: what is right for one is right for all.
  let plain: ImageTags | undefined;
  return (image, component) => {
    if (image.variant !== undefined || image.component !== undefined)
      return tagsOf(image, component, { ...options, family: familyOf(image) });
    plain ??= tagsOf(image, undefined, { ...options, family: [image] });
    return plain;
  };
}

interface Context {
  patterns: TagPatterns;
  publication: Publication;
  pipeline: string;
  family: readonly Image[];
}

function tagsOf(image: Image, component: Component | undefined, context: Context): ImageTags {
  const { patterns, publication, pipeline } = context;
  const values = placeholderValues(publication, component);
  const candidates = (own: readonly string[]): ImageTags => {
    const ending = image.variant === undefined ? '' : `_${image.variant}`;
    const tags = own.flatMap((pattern) => fillPattern(pattern, values, ending) ?? []);
    return { candidates: distinct(tags), fixed: [], branch: [], version: undefined, marker: undefined };
  };
  switch (publication.kind) {
    case 'merge-request':
      return candidates(patterns.mergeRequest);
    case 'branch':
      return candidates(patterns.branch);
    case 'local':
      return candidates(['candidate-{sha}']);
    case 'default-branch':
    case 'tag': {
      const own = { ...context, component };
      const published =
        publication.kind === 'tag'
          ? releaseTags(image, publication, own)
          : branchTags(image, publication, own);
      return { candidates: [candidateTag(pipeline, image.variant)], ...published };
    }
  }
}

function distinct(tags: readonly string[]): readonly string[] {
  return [...new Set(tags)];
}
