import type { DeclaredGlob } from '../images/declared-globs.ts';
import { mayMatchBelow } from '../images/globs.ts';
import type { ImageInputs } from '../images/inputs.ts';
import type { Values } from '../values/value.ts';
import type { Fields } from './fingerprint.ts';
import type { Listing } from './listing.ts';

/** What a file holds by its keys; undefined where it can't be read as such a file. */
export type ValuesOf = (file: string) => Values | undefined;

/** Finds what a glob names among all paths. */
export type Expand = (glob: DeclaredGlob) => ExpandedGlob;

interface ExpandedGlob {
  /** The paths it names, also through a link. */
  files: readonly string[];
  /** For each of them, the paths that decide what its text is. */
  behind: (file: string) => readonly string[];
  /** Submodules that it names or that may hold what it names. */
  submodules: readonly string[];
}

/** Each glob is held against all paths once, however many images declare it. */
export function expandGlobs({ paths, entryOf, submodules }: Listing): Expand {
  const known = new Map<string, ExpandedGlob>();
  const expand = ({ glob, matches, linked }: DeclaredGlob): ExpandedGlob => ({
    files: [...new Set([...paths.filter(matches), ...linked.keys()])]
      .filter((path) => !submodules.includes(path))
      .sort(),
    behind: (file) => [...(entryOf(file) === undefined ? [] : [file]), ...(linked.get(file) ?? [])],
    submodules: submodules.filter((path) => matches(path) || mayMatchBelow(glob, path)),
  });
  return (declared) => {
    const found = known.get(declared.glob) ?? expand(declared);
    known.set(declared.glob, found);
    return found;
  };
}

/** Declared files by mode and object id, of those declared by keys only what these hold. */
export function declaredFields(
  { entryOf }: Listing,
  inputs: Pick<ImageInputs, 'declared' | 'keyed'>,
  { expand, valuesOf }: { expand: Expand; valuesOf: ValuesOf },
): Pick<Fields, 'declared' | 'keys'> {
  const declared = new Map<string, string>();
  const keys = new Map<string, string>();
  const addAll = (paths: readonly string[]) => {
    for (const path of paths) declared.set(path, entryOf(path) as string);
  };
  for (const glob of inputs.declared) {
    const { files, behind, submodules } = expand(glob);
    addAll([...files.flatMap(behind), ...submodules]);
  }
  for (const input of inputs.keyed) {
    const { files, behind, submodules } = expand(input);
    addAll(submodules);
    for (const file of files) {
      const values = valuesOf(file);
      if (values === undefined) addAll(behind(file));
      for (const [place, { path, type, text }] of values ?? []) {
        if (!input.keys.some(({ matches }) => matches(path))) continue;
        keys.set(JSON.stringify([file, place]), JSON.stringify([type, text]));
      }
    }
  }
  return { declared, keys };
}
