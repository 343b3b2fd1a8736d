import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml';
import type { KeyPath } from './key-path.ts';

/** Where a setting stands; offsets into the text. What is missing stands where the mapping begins that lacks it. */
export interface Place {
  /** Whether it is there, be it without a value. */
  exists: boolean;
  /** Of an item of a list, the item. */
  keyOffset: number;
  /** Of an alias, the alias; of an empty value, its key. */
  valueOffset: number;
  /** The value, behind aliases. */
  node: Node | undefined;
}

/** Finds a setting in the text, through aliases and merge keys. */
export function locate(document: Document, path: KeyPath): Place {
  let place = placeOf(document, { value: document.contents, holder: 0 });
  for (const step of path) {
    const { node, valueOffset: holder } = place;
    if (isSeq(node)) place = placeOf(document, { value: node.items[Number(step)], holder });
    else {
      const { key, value } = findPair(document, node, String(step)) ?? {};
      place = placeOf(document, { key, value, holder });
    }
  }
  return place;
}

/** The text of a key, which the parser's `stringKeys` has made a string. */
export function keyText(key: unknown): string {
  return (key as Scalar<string>).value;
}

/** Where a node begins. */
export function startOf(node: unknown, otherwise = 0): number {
  return isNode(node) && node.range ? node.range[0] : otherwise;
}

/** What the value of a merge key `<<` brings in: one mapping or a list of them, mostly as aliases. */
export function mergeSources(document: Document, merge: Pair): (Node | undefined)[] {
  const value = resolveAlias(document, merge.value);
  return isSeq(value) ? value.items.map((item) => resolveAlias(document, item)) : [value];
}

function placeOf(
  document: Document,
  { key, value, holder }: { key?: unknown; value: unknown; holder: number },
): Place {
  const isEmpty = isScalar(value) && value.source === '' && value.value === null;
  const keyOffset = startOf(key, startOf(value, holder));
  const valueOffset = isEmpty ? keyOffset : startOf(value, keyOffset);
  return {
    exists: isNode(key) || isNode(value),
    keyOffset,
    valueOffset,
    node: resolveAlias(document, value),
  };
}

/** The last of equal keys counts, and a mapping's own keys before those it merges. */
function findPair(document: Document, node: Node | undefined, key: string): Pair | undefined {
  // The tag !!pairs makes mappings of what are none.
  if (!isMap(node)) return undefined;
  const own = node.items.findLast((pair) => keyText(pair.key) === key);
  if (own !== undefined) return own;
  return node.items
    .filter((pair) => keyText(pair.key) === '<<')
    .flatMap((pair) => mergeSources(document, pair))
    .map((source) => findPair(document, source, key))
    .find((pair) => pair !== undefined);
}

function resolveAlias(document: Document, value: unknown): Node | undefined {
  if (isAlias(value)) return value.resolve(document);
  return isNode(value) ? value : undefined;
}
