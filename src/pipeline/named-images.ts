import type { ImageReference } from '../dockerfile/evaluate.ts';
import { AffectedError } from '../errors.ts';
import { readDockerfiles } from '../images/readings.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import type { BakeOptions } from './bake-plan.ts';

/** Where nobody says for what is built, it is for the builder's own platform, and these are what builders run on. */
const LIKELY_PLATFORMS = ['linux/amd64', 'linux/arm64'];

/**
 * The images that each planned image's Dockerfile names, whichever platform it is built for; by the image's name.
 *
 * @throws AffectedError `bake` for a Dockerfile that can't be read.
 */
export function namedImages(
  options: Pick<BakeOptions, 'snapshot' | 'config' | 'meanings' | 'platforms'> & {
    planned: readonly ResolvedImage[];
  },
): ReadonlyMap<string, readonly ImageReference[]> {
  const { snapshot, config, meanings, platforms } = options;
  const images = options.planned.map(({ image }) => image);
  const found = new Map<string, Map<string, ImageReference>>(images.map(({ name }) => [name, new Map()]));
  for (const platform of platforms.length === 0 ? LIKELY_PLATFORMS : platforms) {
    const readings = readDockerfiles({ snapshot, images, config, findImage: meanings.findImage, platform });
    for (const { name, dockerfile } of images) {
      const reading = readings.get(name);
      if (reading?.kind !== 'read') {
        const why = reading?.kind === 'broken' ? reading.message : `${dockerfile} can't be read`;
        throw new AffectedError('bake', `${why}; what "${name}" is built from is not known`);
      }
      // Most Dockerfiles name the same on every platform.
      for (const reference of reading.says.references)
        found.get(name)?.set(JSON.stringify(reference), reference);
    }
  }
  return new Map([...found].map(([name, references]) => [name, [...references.values()]]));
}
