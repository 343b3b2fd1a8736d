import type { Config } from '../config/schema.ts';
import { AffectedError } from '../errors.ts';
import type { ComparableSide } from '../fingerprint/differences.ts';
import { fingerprintImages, type JobParts, keyedFiles } from '../fingerprint/fingerprint-images.ts';
import type { Fingerprint } from '../fingerprint/fingerprint.ts';
import { readBlobs } from '../git/read-blobs.ts';
import { readTree } from '../git/read-tree.ts';
import { imageGraph } from '../images/graph.ts';
import { followLinks } from '../images/links.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { CiPlain, CiReference, type CiValue } from '../pipeline/ci-yaml.ts';
import type { Template } from '../pipeline/templates.ts';
import { pathsUnder } from '../tree.ts';
import { type BlobStore, createBlobStore } from './blob-store.ts';
import { CONFIG_FILE, loadTreeConfig } from './load-config.ts';
import type { LoadedHead } from './load-head.ts';
import { type LoadedSide, loadSide, readImages, widenProblems } from './load-side.ts';
import { templatesReached } from './load-templates.ts';
import { readValues } from './read-values.ts';
import { isTemplateFile, TEMPLATE_DIRECTORY } from './template-file.ts';
import { loadCiFiles } from './template-uses.ts';

/** Reads commits by their ids; what several of them hold is read once. */
export type FingerprintCommit = (commit: string) => Promise<ComparableSide>;

/**
 * Computes fingerprints of all images of a commit, from git's objects alone. Nothing is shared with what a comparison
 * reads, nor left out because it did not change.
 *
 * @param options.override a config in the place of the commits' own.
 * @returns a function that throws AffectedError for a commit whose config can't be used, or with two images of one name.
 */
export function createFingerprinter(options: {
  repository: { root: string };
  override: Config | undefined;
}): FingerprintCommit {
  const { repository, override } = options;
  const onDisk = () => Promise.reject(new Error('no working tree is read'));
  const readObjects = (oids: Iterable<string>) => readBlobs(repository, oids);
  const blobs = createBlobStore({ readObjects, onDisk, dirty: undefined });
  return async (commit) => {
    const tree = await readTree(repository, commit);
    await blobs.read(tree, [CONFIG_FILE, ...tree.links]);
    const config = override ?? (await loadTreeConfig(tree, blobs));
    const side = widenProblems(await loadSide({ tree, blobs, config, repository }));
    const { images } = side;
    return { tree, images, config, fingerprints: await fingerprintsOf(side, blobs) };
  };
}

/**
 * Computes fingerprints of images of a commit that was compared, and of all they are built from, from what the comparison
 * has read: the commit's paths, config and images, but for ignore files that it had no need of.
 *
 * @param head as it was compared, without a working tree.
 */
export async function fingerprintsAtHead(
  head: Pick<LoadedHead, 'side' | 'blobs'>,
  wanted: Iterable<string>,
): Promise<ReadonlyMap<string, Fingerprint>> {
  const { side, blobs } = head;
  const images = withBases(side.images, wanted);
  const isWhole = ({ inputs }: ResolvedImage) => inputs.ignoreFile?.text !== undefined || !inputs.ignoreFile;
  const whole = new Map([...images].filter(([, image]) => isWhole(image)));
  if (whole.size === images.size) return fingerprintsOf({ ...side, images }, blobs);
  const found = { ...side.found, images: side.found.images.filter(({ name }) => images.has(name)) };
  const reread = await readImages({ ...side, blobs, found, shared: () => whole });
  return fingerprintsOf(widenProblems(reread), blobs);
}

/** The images of these names and all they are built from, in their order. */
function withBases(images: LoadedSide['images'], names: Iterable<string>): LoadedSide['images'] {
  const graph = imageGraph(images);
  const needed = new Set(names);
  for (const name of needed) for (const base of graph.get(name) ?? []) needed.add(base);
  return needed.size === images.size ? images : new Map([...images].filter(([name]) => needed.has(name)));
}

async function fingerprintsOf(side: LoadedSide, blobs: BlobStore): Promise<ReadonlyMap<string, Fingerprint>> {
  const files = keyedFiles(side);
  const targets = files.flatMap((file) => followLinks(side.snapshot, file).path ?? []);
  await blobs.read(side.tree, targets);
  const valuesOf = (file: string) => {
    const reading = readValues(side.snapshot, file, { single: false });
    return reading.kind === 'read' ? reading.values : undefined;
  };
  return fingerprintImages(side, { valuesOf, jobs: await jobParts(side, blobs) });
}

/** The hidden job that each image's job extends, the repository's own templates it reaches, and its own CI file. */
async function jobParts(side: LoadedSide, blobs: BlobStore): Promise<JobParts> {
  const definitionsOf = await templateReader(side, blobs);
  const parts = [...side.images.values()].map(async ({ image, inputs }) => {
    const files = { 'ci-file': inputs.ciFile, 'structure-test': inputs.structureTest };
    const found = new Map([['template', image.template]]);
    for (const [name, value] of Object.entries(image.runner?.variables ?? {})) found.set(`$${name}`, value);
    for (const [key, path] of Object.entries(files)) {
      const entry = path === undefined ? undefined : side.tree.get(path);
      if (entry) found.set(key, `${entry.mode} ${entry.oid}`);
    }
    for (const [name, text] of await definitionsOf(image.name)) found.set(name, text);
    return [image.name, found] as const;
  });
  return new Map(await Promise.all(parts));
}

/** What the repository's templates say that an image's jobs reach; all files of them, where that can't be told. */
async function templateReader(
  side: LoadedSide,
  blobs: BlobStore,
): Promise<(image: string) => Promise<readonly (readonly [string, string])[]>> {
  const { tree } = side;
  const files = pathsUnder(tree, TEMPLATE_DIRECTORY).filter(isTemplateFile);
  if (files.length === 0) return () => Promise.resolve([]);
  const wholeFiles = files.map((file) => [file, tree.get(file)?.oid ?? ''] as const);
  const reached = await unlessBroken(() => templatesReached(tree, blobs));
  if (reached === undefined) return () => Promise.resolve(wholeFiles);
  return async (image) =>
    (await unlessBroken(() => definitionsReached({ image, side, blobs, reached }))) ?? wholeFiles;
}

async function definitionsReached(options: {
  image: string;
  side: LoadedSide;
  blobs: BlobStore;
  reached: (job: CiValue) => readonly Template[];
}): Promise<readonly (readonly [string, string])[]> {
  const { image, side, blobs, reached } = options;
  const ciFile = (await loadCiFiles([image], side, blobs)).get(image);
  const own = { extends: side.images.get(image)?.image.template as string };
  return [own, ...(ciFile?.entries.map(({ value }) => value) ?? [])]
    .flatMap(reached)
    .map(({ name, definition }) => [name, JSON.stringify(definition, withTags)] as const);
}

/** What is no plain string or mapping must not look like one. */
function withTags(_key: string, value: unknown): unknown {
  if (value instanceof CiPlain) return ['\0plain', value.text];
  return value instanceof CiReference ? ['\0reference', ...value.path] : value;
}

async function unlessBroken<T>(attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof AffectedError) return undefined;
    throw error;
  }
}
