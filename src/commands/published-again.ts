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
  const open = [...compared.head.side.images.keys()].filter((image) => !affected.has(image));
  const requests: BuildRequest[] = [];
  const commits = open.length === 0 ? [] : new Set(published.map(({ commit }) => commit));
  for (const [index, commit] of [...commits].entries()) {
    const found = published.filter((one) => one.commit === commit);
    const asked = open.filter((name) => found.some(({ image = name }) => image === name));
    if (asked.length === 0) continue;
    const differing =
      index < MOST_COMPARED ? await compareWith(commit).then(namesOf, unlessMissing) : undefined;
    for (const name of asked.filter((one) => differing?.has(one) ?? true)) {
      const { pipeline } = found.find(({ image = name }) => image === name) as PublishedImage;
      const who = pipeline === undefined ? 'the push before' : `pipeline ${pipeline}`;
      const by = `${who}, which may have published it from ${commit.slice(0, 10)}`;
      requests.push({ names: name, by, again: true });
    }
  }
  return requests;
}

/** Each may take a fetch. What is not compared may differ. */
const MOST_COMPARED = 4;

function namesOf({ comparison }: Compared): ReadonlySet<string> {
  return new Set(comparison.affected.map(({ image }) => image.name));
}

/** A commit that a forced push took away may be gone, or be none that can be read: then anything may differ. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof AffectedError) return undefined;
  throw error;
}
