import { pathsUnder } from '../tree.ts';
import { compileKeyPattern, type KeyPattern } from '../values/key-pattern.ts';
import { compileGlobs } from './globs.ts';
import type { Image } from './image.ts';
import { followLinks } from './links.ts';
import type { Snapshot } from './snapshot.ts';

/** Files of which only some keys are an input. */
export interface KeyedInput {
  glob: string;
  keys: readonly KeyPattern[];
  matches: (path: string) => boolean;
  /** Of the files it names through symbolic links, the links on the way and where they lead. */
  linked: LinkedFiles;
}

/** For each path that leads through links to a file, the paths that decide what its text is. */
export type LinkedFiles = ReadonlyMap<string, readonly string[]>;

/** A file with values, asked for some of its keys. */
export interface KeyedUse {
  file: string;
  input: KeyedInput;
}

/** The keyed inputs of any image of a snapshot. */
export function keyedInputsIn(snapshot: Snapshot): (image: Image) => readonly KeyedInput[] {
  const compiled = new Map<string, Pick<KeyedInput, 'glob' | 'matches' | 'linked'>>();
  let links: LinkedFiles | undefined;
  const compile = (glob: string) => {
    const matches = compileGlobs([glob]);
    links ??= linkedFiles(snapshot);
    const linked = new Map([...links].filter(([path]) => matches(path)));
    const found = { glob, matches, linked };
    compiled.set(glob, found);
    return found;
  };
  return ({ keyedInputs }) =>
    keyedInputs.flatMap(({ paths, keys }) => {
      const patterns = keys.map(compileKeyPattern);
      return paths.map((glob) => ({ ...(compiled.get(glob) ?? compile(glob)), keys: patterns }));
    });
}

/** All files that can be named through a symbolic link, be it one of a file or of a directory. */
export function linkedFiles(snapshot: Snapshot): LinkedFiles {
  const found = new Map<string, readonly string[]>();
  for (const link of snapshot.tree.links) {
    const { path: target } = followLinks(snapshot, link);
    if (target === undefined) continue;
    const below = pathsUnder(snapshot.tree, target).map((path) =>
      target === '' ? `/${path}` : path.slice(target.length),
    );
    for (const path of ['', ...below]) {
      const { path: file, links } = followLinks(snapshot, link + path);
      if (file !== undefined && snapshot.tree.get(file)) found.set(link + path, [...links, file]);
    }
  }
  return found;
}

/** The files whose values a change of `path` may change: itself, and those that lead through it. */
export function keyedUses(inputs: readonly KeyedInput[], path: string): readonly KeyedUse[] {
  return inputs.flatMap((input) => {
    const through = [...input.linked].filter(([, files]) => files.includes(path)).map(([file]) => file);
    const files = new Set(input.matches(path) ? [path, ...through] : through);
    return [...files].map((file) => ({ file, input }));
  });
}
