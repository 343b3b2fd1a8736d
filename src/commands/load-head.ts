import { resolve } from 'node:path';
import type { Arguments } from '../arguments.ts';
import type { Config } from '../config/schema.ts';
import { overlayTree } from '../git/change-sets.ts';
import { readTree } from '../git/read-tree.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { resolveRevision } from '../git/revisions.ts';
import { readWorkingTree, readWorkingTreeFile, type WorkingTree } from '../git/working-tree.ts';
import type { Surroundings } from '../run.ts';
import { createTree, type TreeEntry } from '../tree.ts';
import { type BlobStore, createBlobStore } from './blob-store.ts';
import { CONFIG_FILE, loadConfig, loadConfigFile } from './load-config.ts';
import { likelyPaths, type LoadedSide, loadSide } from './load-side.ts';

/** Where a command works, and the commit it looks at. */
export interface Location {
  repository: Repository;
  /** Where paths on the command line start. */
  cwd: string;
  commit: string;
}

/** The newer side of a comparison: a commit, or the working tree on top of it. */
export interface LoadedHead extends Location {
  /** The commit's own entries, without the working tree. */
  entries: ReadonlyMap<string, TreeEntry>;
  workingTree: WorkingTree | undefined;
  blobs: BlobStore;
  /** Set by `--config`: holds for both sides. */
  override: Config | undefined;
  side: LoadedSide;
}

/** What every command that looks at a repository is given. */
export type CommandOptions = Pick<Arguments, 'values'> & { surroundings: Surroundings };

/**
 * Finds the repository and the head's commit.
 *
 * @throws AffectedError `not-a-repository`, `unknown-revision` and their like.
 */
export async function locate({ values, surroundings }: CommandOptions): Promise<Location> {
  const cwd = resolve(surroundings.cwd, values.cwd ?? '');
  const [repository, commit] = await Promise.all([
    openRepository(cwd),
    resolveRevision({ repository: { root: cwd }, revision: values.head ?? 'HEAD', option: '--head' }),
  ]);
  return { repository, cwd, commit };
}

/**
 * Reads the head.
 *
 * @param options.includeWorkingTree adds uncommitted and untracked files, unless a head was named.
 * @throws AffectedError for what a person can mend: config, two images of one name.
 */
export async function loadHead(
  location: Location,
  options: CommandOptions & { includeWorkingTree: boolean },
): Promise<LoadedHead> {
  const { repository, commit } = location;
  const { values, surroundings } = options;
  const withWorkingTree = options.includeWorkingTree && repository.workTree && values.head === undefined;
  const [entries, workingTree, override] = await Promise.all([
    readTree(repository, commit),
    withWorkingTree ? readWorkingTree(repository, commit) : undefined,
    values.config === undefined ? undefined : loadConfigFile(surroundings.cwd, values.config),
  ]);
  const tree = createTree(workingTree ? overlayTree(entries, workingTree.dirty) : entries);
  const blobs = createBlobStore({
    repository,
    dirty: workingTree?.dirty,
    onDisk: (path) => readWorkingTreeFile(repository, path),
  });
  await blobs.read(tree, likelyPaths(tree));
  const config = override ?? (await loadConfig(blobs.text(tree, CONFIG_FILE), CONFIG_FILE));
  const side = await loadSide({ tree, blobs, config, repository });
  return { ...location, entries, workingTree, blobs, override, side };
}
