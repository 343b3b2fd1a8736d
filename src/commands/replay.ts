import type { Config } from '../config/schema.ts';
import { AffectedError } from '../errors.ts';
import { openObjectReader } from '../git/object-reader.ts';
import { type CommitWithParent, recentCommits } from '../git/recent-commits.ts';
import type { CommandOptions } from '../run.ts';
import { type BlobStore, createBlobStore } from './blob-store.ts';
import { askedPaths } from './changes-since-base.ts';
import { type Compared, compareWithBase } from './compare-with-base.ts';
import { CONFIG_FILE, loadConfigFile } from './load-config.ts';
import { loadHead, openTree } from './load-head.ts';
import { problemsError, widenProblems } from './load-side.ts';
import { type Step, walkHistory } from './walk-history.ts';

/**
 * What `affected --base <parent> --head <commit>` says. Where that is an error, there still is a comparison if all that is
 * wrong are files of some images: these count as affected.
 */
export interface Replayed extends CommitWithParent {
  compared: Compared | undefined;
  error: AffectedError | undefined;
  /** Neither `--config` nor the commit itself has a config. */
  isByDefault: boolean;
}

/** The commits of a replay, and what it says about each, one after the other. */
export interface Replay {
  commits: readonly CommitWithParent[];
  results: AsyncGenerator<Replayed>;
}

/**
 * Compares each of the last commits before `options.location` with its parent, newest first, in one process: what two
 * commits share is read once. What is wrong with one commit's files ends no replay.
 *
 * @throws AffectedError for what is wrong with the repository or the config that was named.
 */
export async function replay(
  options: Pick<CommandOptions, 'values' | 'surroundings' | 'location'> & {
    count: number;
    /** Holds for all commits; else the one that `--config` names does, or each commit's own. */
    config?: Config;
  },
): Promise<Replay> {
  const { values, surroundings, count } = options;
  const location = await options.location;
  const { repository, commit: from } = location;
  const [commits, override] = await Promise.all([
    recentCommits({ repository, from, count }),
    options.config ??
      (values.config === undefined ? undefined : loadConfigFile(surroundings.cwd, values.config)),
  ]);
  return { commits, results: results() };

  async function* results(): AsyncGenerator<Replayed> {
    const objects = openObjectReader(repository);
    const blobs = createBlobStore({
      readObjects: objects.read,
      dirty: undefined,
      onDisk: () => Promise.reject(new Error('a replay reads commits only')),
    });
    try {
      for await (const step of walkHistory({ location, commits })) {
        yield await compareStep({ step, blobs, override, options });
      }
    } finally {
      objects.close();
    }
  }
}

async function compareStep(context: {
  step: Step;
  blobs: BlobStore;
  override: Config | undefined;
  options: Pick<CommandOptions, 'values' | 'surroundings'>;
}): Promise<Replayed> {
  const { step, blobs, override, options } = context;
  const { commit, parent, location } = step;
  let isByDefault = false;
  try {
    const since = await step.since();
    const tree = await location.listing;
    isByDefault = override === undefined && tree.get(CONFIG_FILE) === undefined;
    const opened = await openTree({ ...location, tree, workingTree: undefined, blobs, override });
    const asked = askedPaths(since);
    const head = await loadHead(opened, asked);
    const side = widenProblems(head.side);
    const compared = await compareWithBase({ head: { ...head, side }, since, asked, options });
    return { commit, parent, compared, error: problemsError(head.side.problems), isByDefault };
  } catch (error) {
    if (!(error instanceof AffectedError)) throw error;
    return { commit, parent, compared: undefined, error, isByDefault };
  }
}
