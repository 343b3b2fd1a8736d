import { SYMBOLIC_LINK } from '../tree.ts';
import { directoryOf, joinPath, resolvePath } from './paths.ts';
import type { Snapshot } from './snapshot.ts';

/** As many links as Linux follows in one path (MAXSYMLINKS) before it reports a loop. */
export const MAXIMUM_LINKS = 40;

const NO_LINKS: readonly string[] = [];

/**
 * Follows the symbolic links in `path`, in its directories too.
 *
 * @returns where the path leads (undefined: out of the repository, a loop, or an unreadable link) and the links
 *   passed on the way, each of which can change what the path means.
 */
export function followLinks(
  snapshot: Snapshot,
  path: string,
): { path: string | undefined; links: readonly string[] } {
  if (snapshot.tree.links.length === 0) return { path, links: NO_LINKS };
  const links: string[] = [];
  let current: string | undefined = path;
  while (current !== undefined) {
    const link = firstLink(snapshot, current);
    if (link === undefined) return { path: current, links };
    if (links.length === MAXIMUM_LINKS) break;
    links.push(link);
    const target = snapshot.text(link);
    const resolved = target === undefined ? undefined : resolvePath(directoryOf(link), target);
    current = resolved === undefined ? undefined : resolvePath(resolved, current.slice(link.length + 1));
  }
  return { path: undefined, links };
}

function firstLink(snapshot: Snapshot, path: string): string | undefined {
  const entry = snapshot.tree.get(path);
  if (entry !== undefined && entry.mode !== SYMBOLIC_LINK) return undefined;
  let prefix = '';
  for (const segment of path.split('/')) {
    prefix = joinPath(prefix, segment);
    if (snapshot.tree.get(prefix)?.mode === SYMBOLIC_LINK) return prefix;
  }
  return undefined;
}
