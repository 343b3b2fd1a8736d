import { compileGlobs } from '../images/globs.ts';
import type { Widening } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';

import type { Reason } from './reasons.ts';

/** What a person asked to have built, whatever changed. */
export interface BuildRequest {
  /** `all`, the name of an image or of its variants together, or a glob of names. */
  names: string;
  /** Where it says so, such as `label "affected:all"`. */
  by: string;
  /** Why `names` can't be known; they are `all` then. */
  unknown?: string;
  /** Whether an image that was built before will do. */
  again?: true;
}

/**
 * The images each request names. What one that names no image means can't be known: all of them.
 *
 * @returns by image, its reasons; and the widenings.
 */
export function requestedImages(
  requests: readonly BuildRequest[],
  images: ReadonlyMap<string, ResolvedImage>,
): { requested: ReadonlyMap<string, readonly Reason[]>; widened: readonly Widening[] } {
  const requested = new Map<string, Reason[]>();
  const widened: Widening[] = [];
  for (const { names, by, unknown, again } of distinct(requests)) {
    const found = unknown === undefined ? namedBy(names, images) : [];
    if (found.length === 0 && images.size > 0) {
      const detail = unknown ?? `${by} asks for ${JSON.stringify(names)}, which is no image here`;
      widened.push({ scope: 'all', code: 'unknown-request', detail });
    }
    for (const name of found.length === 0 ? images.keys() : found) {
      requested.set(name, [
        ...(requested.get(name) ?? []),
        { kind: 'requested', by, ...(again && { again }) },
      ]);
    }
  }
  return { requested, widened };
}

const ALL = 'all';

/** A glob as long as that, or with as many wildcards, names nothing, and takes long to be read or held against a name. */
const LONGEST_GLOB = 4096;
const MOST_WILDCARDS = 4;

/** A trailer that stands twice in a commit asks for no more. */
function distinct(requests: readonly BuildRequest[]): readonly BuildRequest[] {
  return [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
}

/** Each that may stand for more or less text; one that repeats others counts as too many, as what it tries doubles. */
function wildcards(names: string): number {
  if (/[*+]\(/.test(names)) return Infinity;
  return names.match(/\*+|[([]/g)?.length ?? 0;
}

function namedBy(names: string, images: ReadonlyMap<string, ResolvedImage>): readonly string[] {
  if (images.has(names)) return [names];
  if (names === ALL) return [...images.keys()];
  if (names.length > LONGEST_GLOB || wildcards(names) > MOST_WILDCARDS) return [];
  const matches = compileGlobs([names]);
  return [...images.values()]
    .filter(({ image }) => image.repository === names || matches(image.name))
    .map(({ image }) => image.name);
}
