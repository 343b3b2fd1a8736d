import type { Publication } from '../gitlab/publication.ts';
import type { Image } from '../images/image.ts';
import { candidateTag, tagsFor } from './destinations.ts';

/** The tags of an image, by what moves them; GitLab's variables are left for the job to expand. */
export interface ImageTags {
  /** Pushed by the build, whatever becomes of the image. */
  candidates: readonly string[];
  /** Put on the image once it is verified; */
  fixed: readonly string[];
  /** … and these where no newer commit's image was published before. */
  branch: readonly string[];
  /** Tells later pipelines which commit's image was published; where there are tags of the branch. */
  marker?: string;
}

/** What decides the tags of a pipeline's images. */
export interface Tagging {
  publication: Publication;
  /** The id of the pipeline that generates. */
  pipeline: string;
  /** Of the fingerprint, by image name: `h-…` where the ref is protected, else `candidate-h-…`. */
  fingerprintTags: ReadonlyMap<string, readonly string[]>;
}

/** Where something is published, the build pushes one tag that nobody takes for a published one. */
export function imageTags(
  image: Image,
  { publication, pipeline, fingerprintTags }: Tagging,
  { isBuilt }: { isBuilt: boolean },
): ImageTags {
  // What is not built is found by that of its fingerprint already.
  const own = isBuilt ? (fingerprintTags.get(image.name) ?? []) : [];
  const proven = own.filter((tag) => !tag.startsWith('candidate-'));
  const unproven = own.filter((tag) => tag.startsWith('candidate-'));
  const tags = tagsFor(publication, image);
  const candidate = isBuilt ? [candidateTag(pipeline, image.variant)] : [];
  switch (publication.kind) {
    case 'default-branch': {
      const isFixed = (tag: string) => tag.includes('$CI_COMMIT_SHORT_SHA');
      const ending = image.variant === undefined ? '$CI_COMMIT_SHA' : `\${CI_COMMIT_SHA}_${image.variant}`;
      return {
        candidates: [...candidate, ...unproven],
        fixed: [...proven, ...tags.filter(isFixed)],
        branch: tags.filter((tag) => !isFixed(tag)),
        marker: `commit-${ending}`,
      };
    }
    case 'tag':
      return { candidates: [...candidate, ...unproven], fixed: [...proven, ...tags], branch: [] };
    default:
      return { candidates: [...tags, ...unproven], fixed: proven, branch: [] };
  }
}
