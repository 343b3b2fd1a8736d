import { declaredArguments } from '../dockerfile/declared-arguments.ts';
import type { Image } from '../images/image.ts';
import { directoryOf, joinPath, selfAndAncestors } from '../images/paths.ts';
import type { Tree } from '../tree.ts';
import type { ReadImage } from './uses.ts';

/** A file that may give build args to images. */
export interface BakeFile {
  path: string;
  /** Those whose Dockerfiles declare some; never none. */
  images: readonly Image[];
}

/** The files that `docker buildx bake` reads without being told to (docs.docker.com, "Bake file reference"). */
const NAMES = [
  'docker-bake.hcl',
  'docker-bake.json',
  'docker-bake.override.hcl',
  'docker-bake.override.json',
];

/**
 * Finds the bake files beside the Dockerfiles, and for images without one those above: what they say is in no Dockerfile,
 * and mostly it is the version of what is built.
 */
export function findBakeFiles(
  tree: Tree,
  images: readonly ReadImage[],
): { beside: readonly BakeFile[]; above: readonly BakeFile[] } {
  const files = new Map<string, Image[]>();
  for (const { image, dockerfile } of images) {
    const { names } = declaredArguments(dockerfile.instructions, { escape: dockerfile.escape, triggers: [] });
    if (![...names].some((name) => !isOfPlatform(name))) continue;
    const near = [...selfAndAncestors(image.directory)]
      .map((directory) => NAMES.map((name) => joinPath(directory, name)).filter((path) => tree.has(path)))
      .find((paths) => paths.length > 0);
    for (const path of near ?? []) files.set(path, [...(files.get(path) ?? []), image]);
  }
  const beside: BakeFile[] = [];
  const above: BakeFile[] = [];
  for (const [path, all] of [...files].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const isBeside = ({ directory }: Image) => directory === directoryOf(path);
    const [own, others] = [all.filter(isBeside), all.filter((image) => !isBeside(image))];
    if (own.length > 0) beside.push({ path, images: own });
    if (others.length > 0) above.push({ path, images: others });
  }
  return { beside, above };
}

/** The builder gives these itself. */
function isOfPlatform(name: string): boolean {
  return /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/.test(name);
}
