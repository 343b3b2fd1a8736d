import { compileSource } from '../dockerfile/copy-source.ts';
import { MAXIMUM_LINKS } from './links.ts';
import { directoryOf, joinPath, relativeTo, resolvePath } from './paths.ts';
import type { Snapshot } from './snapshot.ts';

/** What a COPY source depends on because it names or passes through symbolic links. */
export interface LinkedSources {
  /** The links themselves: each decides where the source leads. */
  links: readonly string[];
  targets: readonly LinkTarget[];
  /** Those of the links whose content is not in this clone. */
  unreadable: readonly string[];
}

/** Files a source reaches through `link`: at `base` itself and below, or the part `matches` selects. */
interface LinkTarget {
  base: string;
  link: string;
  /** Asked with a path relative to `base`, `''` for `base` itself. */
  matches: (relativePath: string) => boolean;
}

/**
 * A builder follows a link that a source names or passes through (a link inside a copied directory stays a link).
 * So a change where the link leads changes the image. Chains are followed, loops end; a target outside the
 * repository is nothing git can see change. Kaniko sees the whole checkout, so a target out of the context counts.
 *
 * @param options.links all symbolic links of the tree.
 * @param options.source a COPY source relative to `base`; its `matches` semantics are `compileSource`'s.
 */
export function findLinkedSources(options: {
  snapshot: Snapshot;
  links: readonly string[];
  base: string;
  source: string;
  literal: boolean;
}): LinkedSources {
  const { snapshot, literal } = options;
  const passed = new Set<string>();
  const unreadable = new Set<string>();
  const targets = new Map<string, LinkTarget>();
  const queue = [{ base: options.base, segments: segmentsOf(options.source), followed: 0 }];
  for (let item = queue.pop(); item; item = queue.pop()) {
    for (const { link, rest } of linksOnTheWay(item, options)) {
      passed.add(link);
      const target = snapshot.text(link);
      if (target === undefined) unreadable.add(link);
      const base = target === undefined ? undefined : resolvePath(directoryOf(link), target);
      const key = `${base}\0${rest.join('/')}`;
      if (base === undefined || targets.has(key) || item.followed === MAXIMUM_LINKS) continue;
      targets.set(key, { base, link, matches: compile(rest, literal) });
      const followed = item.followed + 1;
      queue.push({ base, segments: rest, followed });
      // Where the target is a link itself or passes through one, look from the root of the repository again.
      queue.push({ base: '', segments: segmentsOf(joinPath(base, rest.join('/'))), followed });
    }
  }
  return { links: [...passed], targets: [...targets.values()], unreadable: [...unreadable] };
}

/** The links that the source's first segments name, with the segments behind each. */
function linksOnTheWay(
  { base, segments }: { base: string; segments: readonly string[] },
  { links, literal }: { links: readonly string[]; literal: boolean },
): { link: string; rest: readonly string[] }[] {
  return links.flatMap((link) => {
    const relative = relativeTo(base, link);
    const depth = relative === undefined ? 0 : relative.split('/').length;
    if (relative === undefined || depth > segments.length) return [];
    return compile(segments.slice(0, depth), literal)(relative)
      ? [{ link, rest: segments.slice(depth) }]
      : [];
  });
}

function segmentsOf(source: string): readonly string[] {
  return source.split('/').filter((segment) => segment !== '' && segment !== '.');
}

function compile(segments: readonly string[], literal: boolean): (path: string) => boolean {
  return compileSource({ source: segments.join('/') || '.', parents: false, exclude: [], literal });
}
