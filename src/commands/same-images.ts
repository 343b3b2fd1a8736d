import type { Change } from '../change.ts';
import { compileGlobs } from '../images/globs.ts';
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
  const read = new Set(head.files);
  const isDockerfile = compileGlobs(head.config.discover.dockerfiles);
  return ({ path, oldMode, newMode }) =>
    path === CONFIG_FILE ||
    path.endsWith('.dockerignore') ||
    oldMode === SYMBOLIC_LINK ||
    newMode === SYMBOLIC_LINK ||
    read.has(path) ||
    isDockerfile(path);
}
