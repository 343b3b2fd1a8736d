import { pathsUnder, SUBMODULE, type Tree } from '../tree.ts';

/** All paths of a commit, each with its mode and object id as one text. */
export interface Listing {
  paths: readonly string[];
  entryOf: (path: string) => string | undefined;
  submodules: readonly string[];
  /** The files and links at or below a directory; what a submodule holds is not known here. */
  filesAt: (base: string) => readonly (readonly [path: string, entry: string])[];
}

export function listTree(tree: Tree): Listing {
  const { paths, submodules } = tree;
  const entryOf = (path: string) => {
    const entry = tree.get(path);
    return entry && `${entry.mode} ${entry.oid}`;
  };
  const listed = new Map<string, ReturnType<Listing['filesAt']>>();
  // Many images may have one build context, which is a large one then; thousands of small ones would fill the memory.
  const filesAt = (base: string) => {
    const known = listed.get(base);
    if (known) return known;
    const files: (readonly [string, string])[] = [];
    const add = (path: string) => {
      const entry = entryOf(path);
      if (entry !== undefined && !entry.startsWith(SUBMODULE)) files.push([path, entry]);
    };
    if (base !== '') add(base);
    for (const path of pathsUnder(tree, base)) add(path);
    if (files.length >= MANY_FILES) listed.set(base, files);
    return files;
  };
  return { paths, entryOf, submodules, filesAt };
}

const MANY_FILES = 100;
