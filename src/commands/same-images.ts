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
  const decidesLinks = decidesLinkedFiles(head);
  return (change) =>
    change.path === CONFIG_FILE ||
    change.path.endsWith('.dockerignore') ||
    decidesLinks(change) ||
    read.has(change.path) ||
    isDockerfile(change.path);
}

/**
 * Changes that may lead paths elsewhere: of a symbolic link, and where links name declared inputs, files that come or go
 * behind them.
 */
export function decidesLinkedFiles({ tree, images }: LoadedSide): (change: Change) => boolean {
  const hasInputs = [...images.values()].some(
    ({ inputs }) => inputs.declared.length > 0 || inputs.keyed.length > 0,
  );
  const mayName = tree.links.length > 0 && hasInputs;
  return ({ oldMode, newMode, status }) =>
    oldMode === SYMBOLIC_LINK || newMode === SYMBOLIC_LINK || (mayName && status !== 'modified');
}
