import type { Config } from '../config/schema.ts';
import { readBlobs } from '../git/read-blobs.ts';
import { readWorkingTree, readWorkingTreeFile, type WorkingTree } from '../git/working-tree.ts';
import type { CommandOptions } from '../run.ts';
import { overlayTree, type Tree } from '../tree.ts';
import { type BlobStore, createBlobStore } from './blob-store.ts';
import { CONFIG_FILE, loadTreeConfig, loadConfigFile, preloadParser } from './load-config.ts';
import { likelyPaths, type LoadedSide, loadSide } from './load-side.ts';
import type { Location } from './locate.ts';
import { MANY_IMAGES, prepareForMany } from './prepare-for-many.ts';

/** The newer side of a comparison: a commit, or the working tree on top of it. */
export interface LoadedHead extends Location {
  workingTree: WorkingTree | undefined;
  blobs: BlobStore;
  /** Set by `--config`: holds for both sides. */
  override: Config | undefined;
  side: LoadedSide;
}

/** Uncommitted and untracked files, which join the head unless one was named. */
export async function workingTreeOf(
  { repository, commit }: Location,
  { values }: CommandOptions,
): Promise<WorkingTree | undefined> {
  return repository.workTree && values.head === undefined ? readWorkingTree(repository, commit) : undefined;
}

/** A head whose images are still to be read. */
export interface OpenHead extends Pick<LoadedHead, 'workingTree' | 'blobs' | 'override'>, Location {
  /** The paths of the commit, and of the working tree on top of it. */
  tree: Tree;
  config: Config;
}

/**
 * Reads the head's config, and has git read the Dockerfiles.
 *
 * @param options.workingTree undefined when only the commit counts.
 * @throws AffectedError for what a person can mend in the config.
 */
export async function openHead(options: {
  location: Location;
  workingTree: Promise<WorkingTree | undefined> | undefined;
  options: CommandOptions;
}): Promise<OpenHead> {
  const { location } = options;
  const { repository } = location;
  // It may fail before anybody waits for it, which would end the program.
  options.workingTree?.catch(() => {});
  const committed = await location.listing;
  const { values, surroundings } = options.options;
  if (values.config !== undefined || committed.get(CONFIG_FILE)) preloadParser();
  if (likelyPaths(committed).length >= MANY_IMAGES) await prepareForMany();
  const [workingTree, override] = await Promise.all([
    options.workingTree,
    values.config === undefined ? undefined : loadConfigFile(surroundings.cwd, values.config),
  ]);
  const tree = workingTree ? overlayTree(committed, workingTree.dirty) : committed;
  const blobs = createBlobStore({
    readObjects: (oids) => readBlobs(repository, oids),
    dirty: workingTree?.dirty,
    onDisk: (path) => readWorkingTreeFile(repository, path),
  });
  return openTree({ ...location, tree, workingTree, blobs, override });
}

/** As `openHead`, of paths that are known already. */
export async function openTree(head: Omit<OpenHead, 'config'>): Promise<OpenHead> {
  const { tree, blobs, override } = head;
  const first = blobs.read(tree, [CONFIG_FILE, ...tree.links]);
  // Who needs them waits for them.
  blobs.read(tree, likelyPaths(tree), [head.commit]).catch(() => {});
  await first;
  return { ...head, config: override ?? (await loadTreeConfig(tree, blobs)) };
}

/**
 * Reads the head's images.
 *
 * @param changed all paths that will be asked for; undefined when any may be.
 * @throws AffectedError for what a person can mend: two images of one name.
 */
export async function loadHead(
  head: OpenHead,
  changed?: ReadonlySet<string> | undefined,
): Promise<LoadedHead> {
  return { ...head, side: await loadSide({ ...head, changed }) };
}
