import type { Change } from '../change.ts';
import type { InputRule } from '../images/inputs.ts';
import { type KeyedInput, type KeyedUse, keyedUses } from '../images/keyed-inputs.ts';
import type { Side } from './side.ts';

/**
 * For each file that is an input by its keys, the paths of the keys that differ between the two commits. A file that
 * is not there is one of which nothing is known, so that any key may differ.
 */
export type KeyChanges = ReadonlyMap<string, readonly (readonly string[])[]>;

/** Keys that are named in a reason; of more there is only their number. */
const MOST_NAMED = 8;

/** The files of which must be known what changed in them, in order. */
export function keyedFilesReached(changes: readonly Change[], sides: readonly Side[]): readonly string[] {
  const inputs = new Map<string, KeyedInput>();
  for (const [index, { images }] of sides.entries()) {
    for (const { inputs: found } of images.values()) {
      for (const input of found.keyed) inputs.set(`${index} ${input.glob}`, input);
    }
  }
  const files = changes.flatMap(({ path }) => keyedUses([...inputs.values()], path).map(({ file }) => file));
  return [...new Set(files)].sort();
}

/** The rule of a keyed input with the keys that changed, in place of the patterns; undefined when none of its keys did. */
export function changedKeysRule(uses: readonly KeyedUse[], keyChanges: KeyChanges): InputRule | undefined {
  const keys = new Set<string>();
  let glob: string | undefined;
  for (const { file, input } of uses) {
    const changed = keyChanges.get(file);
    const found = changed
      ? changed
          .filter((path) => input.keys.some(({ matches }) => matches(path)))
          .map((path) => path.join('.'))
      : input.keys.map(({ pattern }) => pattern);
    if (found.length > 0) glob ??= input.glob;
    for (const key of found) keys.add(key);
  }
  if (glob === undefined) return undefined;
  const named = [...keys].slice(0, MOST_NAMED);
  const more = keys.size - named.length;
  return { kind: 'declared-input', glob, keys: named, ...(more > 0 ? { moreKeys: more } : {}) };
}
