import type { Config } from '../config/schema.ts';
import { AffectedError } from '../errors.ts';
import { openObjectReader } from '../git/object-reader.ts';
import { type CommitWithParent, recentCommits } from '../git/recent-commits.ts';
import type { CommandOptions } from '../run.ts';
import { type BlobStore, createBlobStore } from './blob-store.ts';
import { askedPaths } from './changes-since-base.ts';
import { type Compared, compareWithBase } from './compare-with-base.ts';
import { loadConfigFile } from './load-config.ts';
import { loadHead, openTree } from './load-head.ts';
import { refuseProblems } from './load-side.ts';
import { type Step, walkHistory } from './walk-history.ts';

/** What `affected --base <parent> --head <commit>` says; `error` is why it says nothing. */
export type Replayed = CommitWithParent & ({ compared: Compared } | { error: AffectedError });

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
  options: Pick<CommandOptions, 'values' | 'surroundings' | 'location'> & { count: number },
): Promise<Replay> {
  const { values, surroundings, count } = options;
  const location = await options.location;
  const { repository, commit: from } = location;
  const [commits, override] = await Promise.all([
    recentCommits({ repository, from, count }),
    values.config === undefined ? undefined : loadConfigFile(surroundings.cwd, values.config),
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
        const { commit, parent } = step;
        const result = await orError(() => compareStep({ step, blobs, override, options }));
        yield { commit, parent, ...(result instanceof AffectedError ? { error: result } : { compared: result }) };
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
}): Promise<Compared> {
  const { step, blobs, override, options } = context;
  const since = await step.since();
  const tree = await step.location.listing;
  const opened = await openTree({ ...step.location, tree, workingTree: undefined, blobs, override });
  const asked = askedPaths(since);
  const head = await loadHead(opened, asked);
  refuseProblems(head.side.problems);
  return compareWithBase({ head, since, asked, options });
}

async function orError<T>(attempt: () => Promise<T>): Promise<T | AffectedError> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof AffectedError)) throw error;
    return error;
  }
}
