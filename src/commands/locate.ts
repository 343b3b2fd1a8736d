import { resolve } from 'node:path';
import type { Arguments } from '../arguments.ts';
import { readTree } from '../git/read-tree.ts';
import { openRepositoryAt, type Repository } from '../git/repository.ts';
import { resolveRevision } from '../git/revisions.ts';
import type { Surroundings } from '../run.ts';
import type { Tree } from '../tree.ts';

/** Where a command works, and the commit it looks at. */
export interface Location {
  repository: Repository;
  /** Where paths on the command line start. */
  cwd: string;
  commit: string;
  /** Ids of the commits that the command line's revisions name, where they were found at once. */
  named: ReadonlyMap<string, string>;
  /** The commit's own paths, without the working tree: git lists them while it is asked for other things. */
  listing: Promise<Tree>;
}

/**
 * Finds the repository and has git list the head's paths. It depends on nothing but git, so that git can be at work while
 * the rest of a command is still being loaded.
 *
 * @throws AffectedError `not-a-repository`, `unknown-revision` and their like.
 */
export async function locate(options: {
  values: Arguments['values'];
  surroundings: Surroundings;
}): Promise<Location> {
  const { values, surroundings } = options;
  const cwd = resolve(surroundings.cwd, values.cwd ?? '');
  const revision = values.ref ?? values.head ?? 'HEAD';
  const base = values.base ?? values.since;
  const { repository, commits: named } = await openRepositoryAt(
    cwd,
    base === undefined ? [revision] : [revision, base],
  );
  const commit =
    named.get(revision) ??
    (await resolveRevision({ repository, revision, option: values.ref === undefined ? '--head' : '--ref' }));
  const listing = readTree(repository, commit);
  // Told where it is waited for.
  listing.catch(() => {});
  return { repository, cwd, commit, named, listing };
}
