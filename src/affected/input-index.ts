import { compileGlobs } from '../images/globs.ts';
import { selfAndAncestors, withAncestors } from '../images/paths.ts';
import type { ResolvedImage } from '../images/resolve.ts';

/** Finds the images a changed path may be an input of without asking each one: thousands of images share no directory. */
export type InputIndex = (path: string) => ReadonlySet<ResolvedImage>;

/** @param paths all paths the index will be asked for: images out of their reach are left out of it. */
export function indexInputs(images: Iterable<ResolvedImage>, paths: Iterable<string>): InputIndex {
  const changed = new Set(paths);
  const directories = withAncestors(changed);
  const byFile = new Map<string, ResolvedImage[]>();
  const byDirectory = new Map<string, ResolvedImage[]>();
  const byGlob = new Map<string, ResolvedImage[]>();
  for (const resolved of images) {
    const { dockerfile, ciFile, structureTest, reach, declared, keyed } = resolved.inputs;
    for (const file of dockerfile) if (changed.has(file)) add(byFile, file, resolved);
    for (const link of reach.links) if (changed.has(link)) add(byFile, link, resolved);
    if (ciFile !== undefined && changed.has(ciFile)) add(byFile, ciFile, resolved);
    if (changed.has(structureTest)) add(byFile, structureTest, resolved);
    for (const directory of reach.directories) {
      if (directories.has(directory)) add(byDirectory, directory, resolved);
    }
    if (declared.length + keyed.length === 0) continue;
    for (const { glob, linked } of [...declared, ...keyed]) {
      add(byGlob, glob, resolved);
      for (const files of linked.values()) for (const file of files) add(byFile, file, resolved);
    }
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

function add(map: Map<string, ResolvedImage[]>, key: string, resolved: ResolvedImage): void {
  const present = map.get(key);
  if (present) present.push(resolved);
  else map.set(key, [resolved]);
}
