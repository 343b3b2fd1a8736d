import { isList, isMapping } from './value.ts';
import type { Value } from './value.ts';

export interface Extent {
  /** About how many bytes Ruby holds a value in. */
  readonly bytes: number;
  /** How many lists and mappings stand within each other at most. */
  readonly depth: number;
}

/**
 * Measures a loaded file the way GitLab limits it: not by the length of its text but by what the strings, lists and
 * mappings weigh in memory, an anchored value once for each alias. Source: lib/gitlab/utils/deep_size.rb; the weights
 * are those of `ObjectSpace.memsize_of` on 64 bit.
 */
export function measure(value: Value): Extent {
  if (isList(value)) return enclose(listBytes(value.length), value.map(measure));
  if (!isMapping(value)) return { bytes: typeof value === 'string' ? stringBytes(value) : 0, depth: 0 };
  const keys = [...value.keys()].reduce((sum, key) => sum + stringBytes(key), 0);
  return enclose(mappingBytes(value.size) + keys, [...value.values()].map(measure));
}

function enclose(own: number, inner: readonly Extent[]): Extent {
  return inner.reduce<Extent>(
    (sum, { bytes, depth }) => ({ bytes: sum.bytes + bytes, depth: Math.max(sum.depth, depth + 1) }),
    { bytes: own, depth: 1 },
  );
}

function stringBytes(text: string): number {
  const length = Buffer.byteLength(text);
  return length <= 23 ? 40 : length + 41;
}

function listBytes(length: number): number {
  if (length <= 3) return 40;
  return 40 + 8 * Math.max(length, 20);
}

function mappingBytes(size: number): number {
  if (size <= 8) return 168;
  const capacity = Math.max(32, 2 ** Math.ceil(Math.log2(size)));
  return 96 + 24 * capacity + 2 * capacity * (capacity <= 128 ? 1 : 2);
}
