/**
 * The paths of one commit (or of the working tree), without their contents.
 *
 * A path is repo-relative, POSIX, and decoded as UTF-8 with each invalid byte kept as a lone surrogate
 * (U+DC80–U+DCFF), so that any byte a file name may hold survives.
 */
export interface TreeEntry {
  /** git's mode: 100644, 100755, 120000 (symbolic link), 160000 (submodule). */
  mode: string;
  /** Object id of the blob, or of the commit for a submodule. */
  oid: string;
}

/** Asked for what a command needs rather than walked: most of many thousand paths are never looked at. */
export interface Tree {
  has(path: string): boolean;
  get(path: string): TreeEntry | undefined;
  /** All paths in ascending order of their UTF-16 code units. */
  readonly paths: readonly string[];
  /** The paths whose text ends so, in the order of `paths`. */
  endingWith(suffix: string): readonly string[];
  /** The symbolic links, in the order of `paths`. */
  readonly links: readonly string[];
  /** The submodules, in the order of `paths`. */
  readonly submodules: readonly string[];
}

export const SYMBOLIC_LINK = '120000';
export const SUBMODULE = '160000';

/** Builds a tree from its entries, in any order. */
export function createTree(entries: ReadonlyMap<string, TreeEntry>): Tree {
  const paths = [...entries.keys()].sort();
  const ofMode = (mode: string) => paths.filter((path) => entries.get(path)?.mode === mode);
  return {
    has: (path) => entries.has(path),
    get: (path) => entries.get(path),
    paths,
    endingWith: (suffix) => paths.filter((path) => path.endsWith(suffix)),
    links: ofMode(SYMBOLIC_LINK),
    submodules: ofMode(SUBMODULE),
  };
}

/** A tree with some entries of its own (`undefined`: it lacks the path) in front of another's. */
export function overlayTree(below: Tree, entries: ReadonlyMap<string, TreeEntry | undefined>): Tree {
  if (entries.size === 0) return below;
  const present = createTree(
    new Map([...entries].filter((entry): entry is [string, TreeEntry] => !!entry[1])),
  );
  const merged = (over: readonly string[], under: readonly string[]) =>
    [...under.filter((path) => !entries.has(path)), ...over].sort();
  return {
    has: (path) => (entries.has(path) ? entries.get(path) !== undefined : below.has(path)),
    get: (path) => (entries.has(path) ? entries.get(path) : below.get(path)),
    get paths() {
      const paths = merged(present.paths, below.paths);
      Object.defineProperty(this, 'paths', { value: paths });
      return paths;
    },
    endingWith: (suffix) => merged(present.endingWith(suffix), below.endingWith(suffix)),
    links: merged(present.links, below.links),
    get submodules() {
      return merged(present.submodules, below.submodules);
    },
  };
}

/** The paths at or below `directory` (`''` is the whole tree), by binary search. */
export function pathsUnder(tree: Tree, directory: string): readonly string[] {
  if (directory === '') return tree.paths;
  const from = lowerBound(tree.paths, `${directory}/`);
  // '0' is the character after '/', so this is the end of everything that starts with `directory/`.
  return tree.paths.slice(from, lowerBound(tree.paths, `${directory}0`));
}

/** Whether some path lies below `path`, which git knows no other way. */
export function isDirectory(tree: Tree, path: string): boolean {
  if (path === '') return true;
  return tree.paths[lowerBound(tree.paths, `${path}/`)]?.startsWith(`${path}/`) ?? false;
}

function lowerBound(sorted: readonly string[], value: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
