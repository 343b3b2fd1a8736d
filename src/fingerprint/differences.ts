import type { Dependency } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import type { FingerprintedSide } from './fingerprint-images.ts';
import { type Field, FIELDS, type Fields, type Fingerprint } from './fingerprint.ts';

/** How an image of the head differs from that of the base. */
export type Difference =
  | { kind: 'same' }
  | { kind: 'new' }
  /** On one of the sides something can't be known. */
  | { kind: 'unknown'; detail: string }
  /** `keys` of the first field that differs: paths, names of build args, images. */
  | { kind: 'differs'; field: Field; keys: readonly string[] }
  /**
   * What is told about the image differs, and nothing that would be built: an input was declared that did not change,
   * or a rule says of a reference what it means. Building it is neither needed nor wrong.
   */
  | { kind: 'told-otherwise'; field: Field };

export interface ComparableSide extends FingerprintedSide {
  fingerprints: ReadonlyMap<string, Fingerprint>;
}

/** Compares the fingerprints of each image of the head, in a fixed order. */
export function differences(base: ComparableSide, head: ComparableSide): ReadonlyMap<string, Difference> {
  const found = new Map<string, Difference>();
  const differenceOf = (name: string): Difference | undefined => {
    const after = head.fingerprints.get(name);
    const known = found.get(name);
    if (known || !after) return known;
    // Where one side's edge leads back here, that edge is no difference of its own.
    found.set(name, { kind: 'same' });
    const before = base.fingerprints.get(name);
    const difference: Difference = before
      ? compareTwo({ name, before, after, base, head, differenceOf })
      : { kind: 'new' };
    found.set(name, difference);
    return difference;
  };
  // They stand in the order in which they were made, an image after those it needs: no deep recursion.
  for (const name of head.fingerprints.keys()) differenceOf(name);
  return found;
}

interface Pair {
  name: string;
  before: Fingerprint;
  after: Fingerprint;
  base: ComparableSide;
  head: ComparableSide;
  /** Of an image that it needs; undefined for one that the head does not have. */
  differenceOf: (name: string) => Difference | undefined;
}

/** What only tells a difference where something else shows that it is one. */
const CONDITIONAL: ReadonlySet<Field> = new Set(['declared', 'keys', 'external', 'bases']);
/** What base images that are known to be ours say more about: their variables and triggers. */
const TAKEN: ReadonlySet<Field> = new Set(['context', 'outside', 'links', 'submodules']);

function compareTwo(pair: Pair): Difference {
  const { before, after } = pair;
  if (!after.known) return { kind: 'unknown', detail: after.why };
  if (!before.known) return { kind: 'unknown', detail: `at the base, ${before.why}` };
  if (before.sha256 === after.sha256) return { kind: 'same' };
  const changed = (field: Field) => changedKeys(before.fields, after.fields, field);
  const differing = FIELDS.filter((field) => changed(field).length > 0);
  const certain = differing.find((field) => !CONDITIONAL.has(field) && !TAKEN.has(field));
  if (certain !== undefined) return { kind: 'differs', field: certain, keys: changed(certain) };
  const bases = basesThatDiffer(pair);
  const isReread = bases.length === 0 && readsBasesOtherwise(pair);
  for (const field of differing) {
    if (!TAKEN.has(field)) continue;
    const keys = isReread
      ? changed(field).filter((key) => isOnBoth(key, before.fields[field], after.fields[field]))
      : changed(field);
    if (keys.length > 0) return { kind: 'differs', field, keys };
  }
  const paths = declaredChanges(pair, before.fields, after.fields);
  if (paths.length > 0) return { kind: 'differs', field: 'declared', keys: paths };
  const sameKeyed = keyedText(pair.base, pair.name) === keyedText(pair.head, pair.name);
  const values = changed('keys').filter(
    (key) => sameKeyed || isOnBoth(key, before.fields.keys, after.fields.keys),
  );
  if (values.length > 0) return { kind: 'differs', field: 'keys', keys: values };
  if (bases.length > 0) return { kind: 'differs', field: 'bases', keys: bases };
  return { kind: 'told-otherwise', field: differing[0] as Field };
}

function isOnBoth(
  key: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): boolean {
  return before.has(key) && after.has(key);
}

function changedKeys(before: Fields, after: Fields, field: Field): readonly string[] {
  const [old, now] = [before[field], after[field]];
  return [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key)).sort();
}

/** A declared file is nothing the build is known to read: what counts is that it changed, not that it was declared. */
function declaredChanges({ base, head }: Pair, before: Fields, after: Fields): readonly string[] {
  return changedKeys(before, after, 'declared').filter((path) => {
    const [old, now] = [base.tree.get(path), head.tree.get(path)];
    if (old?.oid === now?.oid && old?.mode === now?.mode) return false;
    // A side that lacks the path can't have read it, whatever it declares.
    return (old && before.declared.has(path)) || (now && after.declared.has(path));
  });
}

/** Which keys of which files are declared. */
function keyedText({ images }: FingerprintedSide, name: string): string {
  const keyed = images.get(name)?.inputs.keyed ?? [];
  return JSON.stringify(keyed.map(({ glob, keys }) => [glob, keys.map(({ pattern }) => pattern)]));
}

/**
 * The images that it needs on one of the sides and that differ, are gone, or are found by their bare name on that side
 * only: what a builder finds by that is another image.
 */
function basesThatDiffer({ name, base, head, differenceOf }: Pair): readonly string[] {
  const [old, now] = [base, head].map(({ images }) => images.get(name)?.dependencies ?? []) as [
    readonly Dependency[],
    readonly Dependency[],
  ];
  const edges = (dependencies: readonly Dependency[]) =>
    new Set(dependencies.map(({ image, word, bare }) => JSON.stringify([image, word, bare])));
  const [before, after] = [edges(old), edges(now)];
  const differing = [...old, ...now].filter(({ image, word, bare }) => {
    const difference = differenceOf(image)?.kind;
    if (difference !== 'same' && difference !== 'told-otherwise') return true;
    const edge = JSON.stringify([image, word, bare]);
    return bare !== undefined && before.has(edge) !== after.has(edge);
  });
  return [...new Set(differing.map(({ image }) => image))].sort();
}

/** Whether other rules for references tell more or less of its base images, or of what these are built on. */
function readsBasesOtherwise({ name, base, head, differenceOf }: Pair): boolean {
  const [old, now] = [base.images.get(name), head.images.get(name)];
  const read = (image: ResolvedImage | undefined) =>
    JSON.stringify([
      image?.dependencies.map(({ image: needed }) => needed),
      image?.external.map(({ reference }) => reference),
    ]);
  const isTold = ({ image }: Dependency) => differenceOf(image)?.kind === 'told-otherwise';
  return read(old) !== read(now) || (now?.dependencies.some(isTold) ?? false);
}
