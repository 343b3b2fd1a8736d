import type { Config } from '../config/schema.ts';
import type { ImageInputs } from './inputs.ts';
import { compileMeanings, type ResolvedImage, resolveImages } from './resolve.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * What an image's inputs would be if it were built up to each of the stages that its target can do without, in the
 * order of the Dockerfile. This reads the Dockerfile once more for each of them: it is meant for a few images.
 */
export function inputsOfUnneededStages(
  { image, unneededStages }: ResolvedImage,
  side: { snapshot: Snapshot; images: ReadonlyMap<string, ResolvedImage>; config: Config },
): readonly ImageInputs[] {
  if (unneededStages.length === 0) return [];
  const among = [...side.images.values()].map((resolved) => resolved.image);
  const meanings = compileMeanings(among, side.config);
  return unneededStages.flatMap((index) => {
    const images = [{ ...image, target: String(index) }];
    const resolved = resolveImages({ snapshot: side.snapshot, images, meanings, config: side.config });
    return resolved.images.get(image.name)?.inputs ?? [];
  });
}
