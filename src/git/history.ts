import { lookDeeper } from './look-deeper.ts';
import { mergeBases, type MergeBases } from './merge-bases.ts';
import type { Origin, OriginAnswer } from './origin.ts';
import type { Repository } from './repository.ts';
import { resolveRevisions } from './revisions.ts';

interface Search {
  repository: Repository;
  head: string;
  /** A commit id; the commit itself may be missing. */
  target: string;
  /** `undefined`: nothing is fetched. */
  origin: Origin | undefined;
}

interface Found extends MergeBases {
  /** Why there could be no more history, where it took more. */
  failure?: string;
}

/** The merge bases of head and target, as `searchMergeBases` finds them, all fetched into this clone. */
export async function findMergeBases(options: Search): Promise<Found> {
  const { repository, origin } = options;
  const found = await searchMergeBases(options);
  if (origin === undefined) return found;
  const fetched = await fetchMissing(repository, found.commits, origin);
  return fetched.ok ? found : { commits: [], certain: false, failure: fetched.detail };
}

/**
 * The merge bases of head and target; they may be missing here. Where this clone's history does not tell, as much more
 * of it as it takes is looked at in a repository of its own, so that this clone keeps the history it has.
 */
export async function searchMergeBases(options: Search): Promise<Found> {
  const { repository, head, target, origin } = options;
  const here = await lookUp(repository, head, target);
  if (origin === undefined || here.certain) return here;
  const found = await lookDeeper({
    repository,
    head,
    tips: [target, head],
    origin,
    look: async (history) => {
      const deeper = await lookUp(history, head, target);
      return deeper.certain ? deeper : undefined;
    },
  });
  return found.ok ? found.value : { ...here, failure: found.detail };
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

async function fetchMissing(
  repository: Repository,
  commits: readonly string[],
  origin: Origin,
): Promise<OriginAnswer<void>> {
  if (commits.length === 0) return { ok: true, value: undefined };
  const known = new Set(await resolveRevisions(repository, commits));
  const missing = commits.filter((commit) => !known.has(commit));
  if (missing.length === 0) return { ok: true, value: undefined };
  return origin.fetch({ commits: missing, depth: 1 });
}
