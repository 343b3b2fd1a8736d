import type { Change } from '../change.ts';
import { compileGlobs } from '../images/globs.ts';
import { neededFiles } from '../images/snapshot.ts';
import { SYMBOLIC_LINK } from '../tree.ts';
import { CONFIG_FILE } from './load-config.ts';
import type { LoadedSide } from './load-side.ts';

/**
 * Whether no change can make the base's images, edges and inputs differ from the head's, so that they need not be
 * read again: no config, no Dockerfile, no ignore file and no symbolic link is among the changes.
 */
export function sameImages({ head, changes }: { head: LoadedSide; changes: readonly Change[] }): boolean {
  const images = [...head.images.values()].map(({ image }) => image);
  const read = new Set(neededFiles(head.snapshot, images));
  const isDockerfile = compileGlobs(head.config.discover.dockerfiles);
  return !changes.some(
    ({ path, oldMode, newMode }) =>
      path === CONFIG_FILE ||
      path.endsWith('.dockerignore') ||
      oldMode === SYMBOLIC_LINK ||
      newMode === SYMBOLIC_LINK ||
      read.has(path) ||
      isDockerfile(path),
  );
}
