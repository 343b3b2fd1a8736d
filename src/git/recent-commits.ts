import { AffectedError } from '../errors.ts';
import { runGit } from './run.ts';

export interface CommitWithParent {
  commit: string;
  parent: string;
}

/**
 * The last commits that have one parent, newest first, as `git log` lists them. A merge says nothing new, and before the
 * first commit, or the last that a shallow clone has, there is nothing to compare with.
 */
export async function recentCommits(options: {
  repository: { root: string };
  from: string;
  /** At most so many; all when absent. */
  count?: number;
  /** A commit whose history is left out. */
  without?: string;
}): Promise<CommitWithParent[]> {
  const { repository, from, count, without } = options;
  const args = ['rev-list', '--parents', '--min-parents=1', '--max-parents=1'];
  if (count !== undefined) args.push(`--max-count=${count}`);
  args.push(from);
  if (without !== undefined) args.push(`^${without}`);
  const { stdout } = await runGit({ cwd: repository.root, args, bulk: true });
  const lines = stdout.toString('latin1').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [commit, parent] = line.split(' ') as [string, string];
    return { commit, parent };
  });
}

/** What to say where there are none, which is no answer. */
export function nothingTo(verb: 'replay' | 'verify', where: string): AffectedError {
  return new AffectedError(
    `nothing-to-${verb}`,
    `there is nothing to ${verb} in ${where}: it has no commit with one parent, merges aside, or the parents are not here; in a shallow clone fetch them first, with git fetch --unshallow`,
  );
}
