import { mergeBases, type MergeBases } from './merge-bases.ts';
import { ALL_HISTORY, type Origin } from './origin.ts';
import type { Repository } from './repository.ts';
import { resolveRevisions } from './revisions.ts';
import { runGit } from './run.ts';

/**
 * The merge bases of head and target, with as much more history from origin as it takes. A shallow clone is deepened
 * from both tips in growing steps, never by so little that it loses history, and made complete in the end.
 *
 * @returns What the history here tells, and in `failure` why there could be no more of it.
 */
export async function findMergeBases(options: {
  repository: Repository;
  head: string;
  /** A commit id; the commit itself may be missing. */
  target: string;
  /** `undefined`: nothing is fetched. */
  origin: Origin | undefined;
}): Promise<MergeBases & { failure?: string }> {
  const { repository, head, target, origin } = options;
  let found = await lookUp(repository, head, target);
  if (origin === undefined || found.certain) return found;
  for (const depth of await depthsFor(repository, head)) {
    const answer = await origin.fetch({ commits: [target, head], ...(depth === undefined ? {} : { depth }) });
    if (!answer.ok) return { ...found, failure: answer.detail };
    found = await lookUp(
      { ...repository, shallow: repository.shallow && depth !== ALL_HISTORY },
      head,
      target,
    );
    if (found.certain) break;
  }
  return found;
}

async function lookUp(
  repository: { root: string; shallow: boolean },
  head: string,
  target: string,
): Promise<MergeBases> {
  try {
    return await mergeBases({ repository, one: head, other: target });
  } catch (error) {
    const [present] = await resolveRevisions(repository, [target]);
    if (present !== undefined) throw error;
    return { commits: [], certain: false };
  }
}

/**
 * A fetch with a depth cuts what lies deeper, also where it was here before. The number of commits here is more than
 * the depth of any, so that nothing is lost.
 */
async function depthsFor(repository: Repository, head: string): Promise<readonly (number | undefined)[]> {
  if (!repository.shallow) return [undefined];
  const { stdout } = await runGit({ cwd: repository.root, args: ['rev-list', '--count', head] });
  const first = Math.max(100, 2 * Number(stdout.toString('latin1')));
  return [first, 4 * first, ALL_HISTORY];
}
