import type { TagPatterns } from '../config/tags.ts';
import type { Publication } from '../gitlab/publication.ts';
import type { Component } from '../images/component.ts';
import type { Image } from '../images/image.ts';
import { candidateTag } from './candidate-tags.ts';
import { type ImageTags, tagPolicy } from './tag-policy.ts';

/**
 * The tags of the images of one pipeline: those of the policy, and that of what each is made of, by which later pipelines
 * find it. `h-…` says that an image was verified, and is put last; `candidate-h-…` says nothing, and is pushed by the build.
 *
 * @param options.images all images of the commit.
 * @param options.fingerprintTags by image name.
 */
export function imageTags(options: {
  patterns: TagPatterns;
  publication: Publication;
  pipeline: string;
  images: Iterable<Image>;
  fingerprintTags: ReadonlyMap<string, readonly string[]>;
}): (image: Image, component: Component | undefined, reused: { verified: boolean } | undefined) => ImageTags {
  const tagsOf = tagPolicy(options);
  return (image, component, reused) => {
    const tags = tagsOf(image, component);
    const fingerprints = options.fingerprintTags.get(image.name) ?? [];
    const isCandidate = (tag: string) => tag.startsWith('candidate-');
    if (reused !== undefined) {
      // It is found by that of its fingerprint already; if it was not verified, not by the one that says so.
      const own = candidateTag(options.pipeline, image.variant);
      const verified = reused.verified ? [] : fingerprints.filter((tag) => !isCandidate(tag));
      return {
        ...tags,
        candidates: reused.verified ? tags.candidates.filter((tag) => tag !== own) : tags.candidates,
        fixed: [...verified, ...tags.fixed],
      };
    }
    return {
      ...tags,
      candidates: [...tags.candidates, ...fingerprints.filter(isCandidate)],
      fixed: [...fingerprints.filter((tag) => !isCandidate(tag)), ...tags.fixed],
    };
  };
}

/** What is put on an image once it is verified. */
export type PublishedTags = Omit<ImageTags, 'candidates'>;

export function isPublished({ fixed, branch, version }: PublishedTags): boolean {
  return fixed.length + branch.length + (version?.tags.length ?? 0) > 0;
}
