import type { Change } from '../change.ts';
import { compileGlobs } from '../images/globs.ts';
import { neededFiles } from '../images/snapshot.ts';
import { SYMBOLIC_LINK } from '../tree.ts';
import { CONFIG_FILE } from './load-config.ts';
import type { LoadedSide } from './load-side.ts';

/**
 * Whether no change can make the base's images, edges and inputs differ from the head's, so that they need not be
 * read again.
 */
export function sameImages({ head, changes }: { head: LoadedSide; changes: readonly Change[] }): boolean {
  return !changes.some(decidesImages(head));
}

/** Changes from which other images, edges or inputs can follow: of a config, Dockerfile, ignore file or symbolic link. */
export function decidesImages(head: LoadedSide): (change: Change) => boolean {
  const images = [...head.images.values()].map(({ image }) => image);
  const read = new Set(neededFiles(head.snapshot, images));
  const isDockerfile = compileGlobs(head.config.discover.dockerfiles);
  return ({ path, oldMode, newMode }) =>
    path === CONFIG_FILE ||
    path.endsWith('.dockerignore') ||
    oldMode === SYMBOLIC_LINK ||
    newMode === SYMBOLIC_LINK ||
    read.has(path) ||
    isDockerfile(path);
}
