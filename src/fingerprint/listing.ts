import { pathsUnder, SUBMODULE, type Tree } from '../tree.ts';

/** All paths of a commit, each with its mode and object id as one text. */
export interface Listing {
  tree: Tree;
  entries: ReadonlyMap<string, string>;
  submodules: readonly string[];
}

export function listTree(tree: Tree): Listing {
  const entries = new Map<string, string>();
  const submodules: string[] = [];
  for (const path of tree.paths) {
    const { mode, oid } = tree.get(path) as NonNullable<ReturnType<Tree['get']>>;
    entries.set(path, `${mode} ${oid}`);
    if (mode === SUBMODULE) submodules.push(path);
  }
  return { tree, entries, submodules };
}

/** The files and links at or below a directory; what a submodule holds is not known here. */
export function* filesAt({ tree, entries }: Listing, base: string): Generator<readonly [string, string]> {
  const own = base === '' ? undefined : entries.get(base);
  if (own !== undefined && !isSubmodule(own)) yield [base, own];
  for (const path of pathsUnder(tree, base)) {
    const entry = entries.get(path) as string;
    if (!isSubmodule(entry)) yield [path, entry];
  }
}

function isSubmodule(entry: string): boolean {
  return entry.startsWith(SUBMODULE);
}
