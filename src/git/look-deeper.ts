import { borrowHistory } from './borrowed-history.ts';
import type { Origin, OriginAnswer } from './origin.ts';
import type { Repository } from './repository.ts';
import { runGit } from './run.ts';

/**
 * Looks at as much of origin's history as it takes, in a repository of its own, so that this clone keeps the history it
 * has: twice as much each time, until it is certain.
 *
 * @param options.tips Commit ids whose history counts; they may be missing here.
 * @param options.look `undefined` where it can't tell from the history there.
 */
export async function lookDeeper<Found>(options: {
  repository: Repository;
  head: string;
  tips: readonly string[];
  origin: Origin;
  look: (history: { root: string; shallow: boolean }) => Promise<Found | undefined>;
}): Promise<OriginAnswer<Found>> {
  const { repository, head, tips, origin, look } = options;
  const history = await borrowHistory(repository);
  if (!history.ok) return history;
  const { remove, ...borrowed } = history.value;
  try {
    let depth = await firstDepth(repository, head);
    for (; ; depth = depth === undefined ? undefined : 2 * depth) {
      const answer = await origin.fetchHistory({ ...borrowed, commits: tips, depth });
      if (!answer.ok) return answer;
      const found = await look({ root: borrowed.into, shallow: depth !== undefined });
      if (found !== undefined) return { ok: true, value: found };
      if (depth === undefined || 2 * depth > DEEPEST) break;
    }
    return { ok: false, detail: `the last ${depth ?? 0} commits of both were looked at` };
  } finally {
    await remove();
  }
}

/** As far back as is looked, in commits from each tip: some megabytes of them. */
const DEEPEST = 1 << 15;
const FIRST_DEPTH = 128;

/** More than is here, or there is nothing new in it; none in a clone that has all history but the target's latest. */
async function firstDepth(repository: Repository, head: string): Promise<number | undefined> {
  if (!repository.shallow) return undefined;
  const { stdout } = await runGit({ cwd: repository.root, args: ['rev-list', '--count', head] });
  return Math.max(FIRST_DEPTH, 2 * Number(stdout.toString('latin1')));
}
