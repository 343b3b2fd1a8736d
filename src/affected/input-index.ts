import { compileGlobs } from '../images/globs.ts';
import type { ImageInputs } from '../images/inputs.ts';
import { selfAndAncestors } from '../images/paths.ts';
import type { ResolvedImage } from '../images/resolve.ts';

/** Finds the images a path may be an input of without asking each one: thousands of images share no directory. */
export type InputIndex = (path: string) => ReadonlySet<ResolvedImage>;

export function indexInputs(images: Iterable<ResolvedImage>): InputIndex {
  const byFile = new Map<string, ResolvedImage[]>();
  const byDirectory = new Map<string, ResolvedImage[]>();
  const byGlob = new Map<string, ResolvedImage[]>();
  for (const resolved of images) {
    for (const file of files(resolved.inputs)) add(byFile, file, resolved);
    for (const directory of resolved.inputs.reach.directories) add(byDirectory, directory, resolved);
    for (const { glob } of resolved.inputs.declared) add(byGlob, glob, resolved);
  }
  const globs = [...byGlob].map(([glob, users]) => ({ matches: compileGlobs([glob]), users }));
  return (path) => {
    const found = new Set(byFile.get(path));
    for (const directory of selfAndAncestors(path)) {
      for (const resolved of byDirectory.get(directory) ?? []) found.add(resolved);
    }
    for (const { matches, users } of globs)
      if (matches(path)) for (const resolved of users) found.add(resolved);
    return found;
  };
}

function files({ dockerfile, reach, ciFile }: ImageInputs): readonly string[] {
  return [...dockerfile, ...reach.links, ...(ciFile === undefined ? [] : [ciFile])];
}

function add(map: Map<string, ResolvedImage[]>, key: string, resolved: ResolvedImage): void {
  const present = map.get(key);
  if (present) present.push(resolved);
  else map.set(key, [resolved]);
}
