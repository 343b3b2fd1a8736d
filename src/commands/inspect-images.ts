import { AffectedError } from '../errors.ts';
import type { Answer } from '../http/answer.ts';
import { decideTags, type TagDecision } from '../publish/decide-tags.ts';
import type { ImagePublication } from '../publish/image-publication.ts';
import { publishedCommits } from '../publish/marker.ts';
import type { Manifest } from '../registry/manifests.ts';
import type { Repository } from '../registry/repositories.ts';
import { atATime } from './at-a-time.ts';
import type { FindPlace } from './find-place.ts';

/** An image that stands whole in the registry, and what becomes of each of its tags. */
export interface InspectedImage {
  image: ImagePublication;
  repository: Repository;
  manifest: Manifest;
  /** In the order in which they are put. */
  tags: readonly (TagDecision & { held: Manifest | undefined })[];
}

const IMAGES_AT_A_TIME = 8;

/**
 * Reads and decides all there is to, before any tag moves.
 *
 * @throws AffectedError `not-published`, which names every image that can't be, and why.
 */
export async function inspectImages(options: {
  images: readonly ImagePublication[];
  open: (name: string) => Repository;
  findPlace: FindPlace;
}): Promise<readonly InspectedImage[]> {
  const { images, open, findPlace } = options;
  const found = await forEach(images, (image) => findImage(image, open));
  const asked = found.flatMap(({ image, existing }) =>
    image.marker && image.branchTags.length > 0 ? [...publishedCommits(existing, image.marker)] : [],
  );
  const marker = images.find(({ branchTags }) => branchTags.length > 0)?.marker;
  const place = marker && (await findPlace(marker.commit, new Set(asked)));
  return forEach(found, async ({ image, repository, manifest, existing }) => {
    const decisions = decideTags(image, { existing, place });
    const tags = [];
    for (const decision of decisions) {
      const held =
        decision.stays === undefined ? unwrap(await repository.readManifest(decision.tag)) : undefined;
      tags.push({ ...decision, held });
    }
    return { image, repository, manifest, tags };
  });
}

interface FoundImage {
  image: ImagePublication;
  repository: Repository;
  manifest: Manifest;
  existing: readonly string[];
}

async function findImage(image: ImagePublication, open: (name: string) => Repository): Promise<FoundImage> {
  for (const { repository, tag } of image.after) {
    if (unwrap(await open(repository).readManifest(tag)) !== undefined) continue;
    throw new Unpublishable(
      `it is built from ${repository}, which this pipeline has not published: see its job that publishes, then run this one again`,
    );
  }
  const repository = open(image.repository);
  const manifest = unwrap(await repository.readManifest(image.source));
  if (manifest === undefined) {
    throw new Unpublishable(
      `${image.repository} has no ${image.source}: it was deleted, or never pushed; run the job that builds it again`,
    );
  }
  const missing = unwrap(await repository.missingPart(manifest.digest));
  if (missing !== undefined) {
    throw new Unpublishable(
      `${image.repository}@${manifest.digest} is not whole: ${missing} is gone; run the job that builds it again`,
    );
  }
  const movesByTags = image.branchTags.length + image.versionTags.length > 0;
  const existing = movesByTags ? unwrap(await repository.tags()) : [];
  return { image, repository, manifest, existing };
}

/** Why one image can't be published. */
class Unpublishable extends Error {}

function unwrap<Value>(answer: Answer<Value>): Value {
  if (answer.ok) return answer.value;
  throw new Unpublishable(answer.detail);
}

/** A release is complete, or nothing of it is published: what is wrong with each is told at once. */
async function forEach<Item extends { image: ImagePublication } | ImagePublication, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const wrong: string[] = [];
  const results = await atATime(IMAGES_AT_A_TIME, items, async (item) => {
    try {
      return await work(item);
    } catch (error) {
      if (!(error instanceof Unpublishable)) throw error;
      const { name } = 'image' in item ? item.image : item;
      wrong.push(`${name}: ${error.message}`);
      return undefined;
    }
  });
  if (wrong.length === 0) return results as Result[];
  const [first = '', ...others] = wrong.sort().slice(0, MOST_NAMED);
  const more = wrong.length > MOST_NAMED ? [`and ${wrong.length - MOST_NAMED} more images`] : [];
  throw new AffectedError('not-published', [
    `no tag was moved: ${first}`,
    ...others.map((line) => `  ${line}`),
    ...more.map((line) => `  ${line}`),
  ]);
}

const MOST_NAMED = 10;
