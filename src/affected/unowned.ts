import { directoryOf, joinPath, selfAndAncestors } from '../images/paths.ts';
import type { Side } from './side.ts';

/** What follows when a path that belongs to no image changes: nothing, every image is affected, or the run fails. */
export type UnownedPolicy = 'ignore' | 'all' | 'error';

export interface UnownedSettings {
  policy: UnownedPolicy;
  /** Paths that are the tool's own, such as its config, or declared to change no image. */
  isKnown: (path: string) => boolean;
}

/**
 * Those of the paths that belong to no image: they lie below the directory of none, and no image finds its files by
 * them. An image at the root of the repository owns nothing that way, or everything would be its own.
 *
 * @param paths changed paths that no image of either side has as an input.
 */
export function unownedPaths(
  paths: readonly string[],
  options: { base: Side; head: Side; isKnown: (path: string) => boolean },
): readonly string[] {
  const unknown = paths.filter((path) => !options.isKnown(path));
  if (unknown.length === 0) return [];
  const directories = new Set<string>();
  const files = new Set<string>();
  for (const images of new Set([options.head.images, options.base.images])) {
    for (const { image, inputs } of images.values()) {
      if (image.directory !== '') directories.add(image.directory);
      // By their names: one that is yet to come decides as much as one that is there.
      files.add(`${image.dockerfile}.dockerignore`).add(joinPath(inputs.context, '.dockerignore'));
      for (const file of [...(inputs.ignoreFile?.files ?? []), ...inputs.contextLinks]) files.add(file);
    }
  }
  return unknown.filter((path) => !files.has(path) && !liesBelow(path, directories));
}

function liesBelow(path: string, directories: ReadonlySet<string>): boolean {
  for (const directory of selfAndAncestors(directoryOf(path))) if (directories.has(directory)) return true;
  return false;
}
