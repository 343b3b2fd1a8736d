import type { BuildRequest } from '../affected/requests.ts';
import { AffectedError } from '../errors.ts';
import type { PublishedImage } from '../gitlab/built-commit.ts';
import type { Compared } from './compare-with-base.ts';

/**
 * Of the images that were published from other commits since the base was built, those that need a build for it: they are
 * still there, nothing else affects them, and they differ from what was published.
 *
 * @param options.compareWith compares the head with another commit, which may have to be fetched.
 */
export async function publishedAgain(options: {
  published: readonly PublishedImage[];
  compared: Compared;
  compareWith: (commit: string) => Promise<Compared>;
}): Promise<BuildRequest[]> {
  const { published, compared, compareWith } = options;
  const affected = namesOf(compared);
  const open = published.filter(({ image }) => compared.head.side.images.has(image) && !affected.has(image));
  const requests: BuildRequest[] = [];
  for (const commit of new Set(open.map((one) => one.commit))) {
    const differing = await compareWith(commit).then(namesOf, unlessMissing);
    const images = open.filter(
      (one) => one.commit === commit && (differing === undefined || differing.has(one.image)),
    );
    requests.push(
      ...images.map(({ image, pipeline }) => ({
        names: image,
        by: `pipeline ${pipeline}, which may have published it from ${commit.slice(0, 10)}`,
      })),
    );
  }
  return requests;
}

function namesOf({ comparison }: Compared): ReadonlySet<string> {
  return new Set(comparison.affected.map(({ image }) => image.name));
}

/** A commit that a forced push took away may be gone, or be none that can be read: then anything may differ. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof AffectedError) return undefined;
  throw error;
}
