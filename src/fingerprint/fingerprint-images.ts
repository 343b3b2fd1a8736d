import { normalForm } from '../dockerfile/normal-form.ts';
import type { Config } from '../config/schema.ts';
import { imageGraph } from '../images/graph.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import type { Tree } from '../tree.ts';
import { contextFields } from './context-fields.ts';
import { declaredFields, type Expand, expandGlobs, type ValuesOf } from './declared-fields.ts';
import { type Fields, type Fingerprint, fingerprintOf } from './fingerprint.ts';
import { type Listing, listTree } from './listing.ts';

/** A commit's images with all that their fingerprints are made of. */
export interface FingerprintedSide {
  tree: Tree;
  images: ReadonlyMap<string, ResolvedImage>;
  config: Pick<Config, 'registry'>;
}

/** For each image, what its job is made of: names of files and templates, each with a text that tells it from another. */
export type JobParts = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The files of which `fingerprintImages` will ask what they hold by their keys. */
export function keyedFiles({ tree, images }: FingerprintedSide): readonly string[] {
  const inputs = [...images.values()].flatMap((image) => image.inputs.keyed);
  if (inputs.length === 0) return [];
  const expand = expandGlobs(listTree(tree));
  return [...new Set(inputs.flatMap((input) => expand(input).files))].sort();
}

/**
 * The fingerprint of each image of a commit, by name, from what git's trees list: every path is asked whether it is an
 * input, and nothing is compared with another commit. That makes it slow, and independent of what decides what a
 * change affects.
 */
export function fingerprintImages(
  side: FingerprintedSide,
  { valuesOf, jobs }: { valuesOf: ValuesOf; jobs: JobParts },
): ReadonlyMap<string, Fingerprint> {
  const listing = listTree(side.tree);
  const means: Means = { listing, expand: expandGlobs(listing), valuesOf, jobs };
  const found = new Map<string, Fingerprint>();
  for (const name of basesFirst(side.images)) {
    const resolved = side.images.get(name) as ResolvedImage;
    const why = whyUnknown(resolved, found);
    const fingerprint: Fingerprint =
      why === undefined ? fingerprintOf(() => fieldsOf(resolved, side, means, found)) : { known: false, why };
    found.set(name, fingerprint);
  }
  return found;
}

interface Means {
  listing: Listing;
  expand: Expand;
  valuesOf: ValuesOf;
  jobs: JobParts;
}

/** All images, each after those it needs, so far as they don't need each other; with a stack of its own. */
function basesFirst(images: FingerprintedSide['images']): ReadonlySet<string> {
  const graph = imageGraph(images);
  const done = new Set<string>();
  const begun = new Set<string>();
  for (const image of images.keys()) {
    const stack = [image];
    for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
      const waiting = (graph.get(name) ?? []).find((needed) => !done.has(needed) && !begun.has(needed));
      begun.add(name);
      if (waiting !== undefined) stack.push(waiting);
      else {
        done.add(name);
        stack.pop();
      }
    }
  }
  return done;
}

function whyUnknown(
  { dependencies, widenings: [widening] }: ResolvedImage,
  found: ReadonlyMap<string, Fingerprint>,
): string | undefined {
  if (widening) return widening.detail;
  for (const { image, instruction } of dependencies) {
    const base = found.get(image);
    // One that is not there yet needs this image.
    if (base?.known === true) continue;
    return `it needs ${image} (${instruction}): ${base?.why ?? 'the two need each other'}`;
  }
  return undefined;
}

function fieldsOf(
  { image, inputs, takesRegistry, external, dependencies }: ResolvedImage,
  { config }: FingerprintedSide,
  { listing, expand, valuesOf, jobs }: Means,
  found: ReadonlyMap<string, Fingerprint>,
): Fields {
  const text = inputs.dockerfileText as string;
  const registry = takesRegistry ? { CI_REGISTRY_IMAGE: config.registry } : {};
  return {
    dockerfile: new Map([['', normalForm(text, image.args) ?? text]]),
    target: new Map(image.target === undefined ? [] : [['', image.target]]),
    args: new Map(Object.entries({ ...registry, ...image.args })),
    ...contextFields(listing, inputs),
    ...declaredFields(listing, inputs, { expand, valuesOf }),
    job: jobs.get(image.name) ?? new Map(),
    external: inOrder(external.map(({ reference }) => reference)),
    bases: inOrder(
      dependencies.map(({ image: needed, bare }) => {
        const base = found.get(needed) as Extract<Fingerprint, { known: true }>;
        return bare === undefined ? base.sha256 : `${base.sha256} ${JSON.stringify(bare)}`;
      }),
    ),
  };
}

function inOrder(values: readonly string[]): ReadonlyMap<string, string> {
  return new Map(values.map((value, index) => [String(index), value]));
}
