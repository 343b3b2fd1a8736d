import { type ImageReference, planDockerfile } from '../dockerfile/evaluate.ts';
import { DockerfileError, type ParsedDockerfile } from '../dockerfile/parse.ts';
import type { Image } from '../images/image.ts';
import { type ReferenceParts, takeApart } from '../images/reference-parts.ts';

/** A reference of an image's Dockerfile, and how it is written. */
export interface Use {
  image: Image;
  reference: ImageReference;
  /** Undefined where some of the repository hangs on an ARG without a value. */
  parts: ReferenceParts | undefined;
  /**
   * How the tag comes about. `latest`: it is that, or there is none. `argument`: an ARG sets the tag and nothing before
   * it, so that a build may ask for any. `unset`: that ARG has no value. `pinned`: written down. `digest`: one build of
   * an image, whatever its tag has come to mean since.
   */
  tag: 'latest' | 'argument' | 'unset' | 'pinned' | 'digest';
}

/** A Dockerfile that was read, by its image. */
export interface ReadImage {
  image: Image;
  dockerfile: ParsedDockerfile;
}

/** The references of the images' Dockerfiles with these build args. A Dockerfile that is broken has none. */
export function usesOf(images: readonly ReadImage[], args: Readonly<Record<string, string>>): readonly Use[] {
  return images.flatMap((read) => {
    const references = referencesOf(read, args);
    const byTag = tagArguments(read, references, args);
    return references.map((reference): Use => {
      const parts = takeApart(reference);
      return { image: read.image, reference, parts, tag: tagOf(reference, parts, byTag.has(reference)) };
    });
  });
}

function referencesOf({ dockerfile }: ReadImage, args: Readonly<Record<string, string>>) {
  try {
    return planDockerfile({ dockerfile, args }).references;
  } catch (error) {
    if (error instanceof DockerfileError) return [];
    throw error;
  }
}

/** What no tag is: a build arg with it shows which part of a reference hangs on its ARG. */
const OTHER = 'any-other-value';

/** The references in which some ARG changes the tag and nothing before it. */
function tagArguments(
  read: ReadImage,
  references: readonly ImageReference[],
  args: Readonly<Record<string, string>>,
): ReadonlySet<ImageReference> {
  const found = new Set<ImageReference>();
  if (!references.some(({ word }) => word.includes('$'))) return found;
  const { names } = planDockerfile({ dockerfile: read.dockerfile, args }).declared;
  for (const name of names) {
    const others = new Map(
      referencesOf(read, { ...args, [name]: OTHER }).map((other) => [placeOf(other), takeApart(other)]),
    );
    for (const reference of references) {
      const [parts, other] = [takeApart(reference), others.get(placeOf(reference))];
      if (parts && other && parts.repository === other.repository && parts.tag !== other.tag)
        found.add(reference);
    }
  }
  return found;
}

function placeOf({ instruction, line, column }: ImageReference): string {
  return `${instruction} ${line}:${column}`;
}

function tagOf(
  { unset }: ImageReference,
  parts: ReferenceParts | undefined,
  byArgument: boolean,
): Use['tag'] {
  if (parts?.tag === undefined && unset.length > 0) return 'unset';
  if (byArgument) return 'argument';
  if (parts?.digest) return 'digest';
  return parts?.tag === 'latest' ? 'latest' : 'pinned';
}

/** Where a reference is written, as in `pyspark/Dockerfile:3`. */
export function placeOfUse({ image, reference }: Use): string {
  return `${image.dockerfile}:${reference.line}`;
}
