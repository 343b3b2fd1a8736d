import type { Value, Values } from './value.ts';

/** The paths of all values that one file has and the other has not, or has with another type or text; in order. */
export function changedKeys(before: Values, after: Values): readonly (readonly string[])[] {
  const changed = new Map<string, readonly string[]>();
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(key), after.get(key)];
    if (old?.type === now?.type && old?.text === now?.text) continue;
    const { path } = (now ?? old) as Value;
    changed.set(JSON.stringify(path), path);
  }
  return [...changed.values()].sort((a, b) => (a.join('\0') < b.join('\0') ? -1 : 1));
}
