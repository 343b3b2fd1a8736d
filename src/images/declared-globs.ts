import { pathsUnder, SUBMODULE } from '../tree.ts';
import { compileGlobs, mayMatchBelow } from './globs.ts';
import { followLinks } from './links.ts';
import { selfAndAncestors } from './paths.ts';
import type { Snapshot } from './snapshot.ts';

/** Files that the config names as inputs. */
export interface DeclaredGlob {
  glob: string;
  matches: (path: string) => boolean;
  /** Of the files it names through symbolic links, the links on the way and where they lead. */
  linked: LinkedFiles;
}

/** For each path that leads through links to a file, the paths that decide what its text is. */
export type LinkedFiles = ReadonlyMap<string, readonly string[]>;

export type DeclaredGlobs = (glob: string) => DeclaredGlob;

/** Each glob is compiled once, however many images name it. */
export function declaredGlobsIn(snapshot: Snapshot): DeclaredGlobs {
  const known = new Map<string, DeclaredGlob>();
  return (glob) => {
    const compiled = known.get(glob) ?? compile(snapshot, glob);
    known.set(glob, compiled);
    return compiled;
  };
}

/** The files that the glob names through a symbolic link, be it one of a file or of a directory. */
export function linkedFiles(snapshot: Snapshot, glob: string): LinkedFiles {
  const matches = compileGlobs([glob]);
  const found = new Map<string, readonly string[]>();
  const add = (path: string) => {
    if (!matches(path)) return;
    const { path: file, links } = followLinks(snapshot, path);
    const held = links.length > 0 && file !== undefined ? holderOf(snapshot, file) : undefined;
    if (held !== undefined) found.set(path, [...links, held]);
  };
  // A path without wildcards is followed through however many links; what lies below linked directories is listed.
  add(glob);
  for (const link of snapshot.tree.links) {
    add(link);
    const target = mayMatchBelow(glob, link) ? followLinks(snapshot, link).path : undefined;
    if (target === undefined) continue;
    for (const path of pathsUnder(snapshot.tree, target)) {
      add(target === '' ? `${link}/${path}` : link + path.slice(target.length));
    }
  }
  return found;
}

/** The file itself, or the submodule that would hold it; undefined where there is neither. */
function holderOf({ tree }: Snapshot, file: string): string | undefined {
  if (tree.has(file)) return file;
  for (const path of selfAndAncestors(file)) if (tree.get(path)?.mode === SUBMODULE) return path;
  return undefined;
}

/** Whether a change of `path` is one of what the glob names, by itself or through a link. */
export function declares({ matches, linked }: DeclaredGlob, path: string): boolean {
  if (matches(path)) return true;
  for (const files of linked.values()) if (files.includes(path)) return true;
  return false;
}

function compile(snapshot: Snapshot, glob: string): DeclaredGlob {
  const linked = snapshot.tree.links.length === 0 ? NOTHING : linkedFiles(snapshot, glob);
  return { glob, matches: compileGlobs([glob]), linked };
}

const NOTHING: LinkedFiles = new Map();
