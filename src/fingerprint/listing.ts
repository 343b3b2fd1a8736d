import { pathsUnder, SUBMODULE, type Tree } from '../tree.ts';

/** All paths of a commit, each with its mode and object id as one text. */
export interface Listing {
  entries: ReadonlyMap<string, string>;
  submodules: readonly string[];
  /** The files and links at or below a directory; what a submodule holds is not known here. */
  filesAt: (base: string) => readonly (readonly [path: string, entry: string])[];
}

export function listTree(tree: Tree): Listing {
  const entries = new Map<string, string>();
  const submodules: string[] = [];
  for (const path of tree.paths) {
    const { mode, oid } = tree.get(path) as NonNullable<ReturnType<Tree['get']>>;
    entries.set(path, `${mode} ${oid}`);
    if (mode === SUBMODULE) submodules.push(path);
  }
  const listed = new Map<string, ReturnType<Listing['filesAt']>>();
  // Many images may have one build context.
  const filesAt = (base: string) => {
    const known = listed.get(base);
    if (known) return known;
    const files = [...(entries.has(base) ? [base] : []), ...pathsUnder(tree, base)]
      .map((path) => [path, entries.get(path) as string] as const)
      .filter(([, entry]) => !entry.startsWith(SUBMODULE));
    listed.set(base, files);
    return files;
  };
  return { entries, submodules, filesAt };
}
