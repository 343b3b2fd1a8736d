import type { Origin, OriginAnswer } from './origin.ts';
import type { Repository } from './repository.ts';
import { findRevision } from './revisions.ts';

/**
 * The commit a revision names: from this clone, else from origin if it is a commit id, a tag or a branch there. Only its
 * tree is fetched, no history, and never what is here already: a fetch with a depth would cut off its history.
 */
export async function obtainCommit(options: {
  repository: Repository;
  revision: string;
  /** `undefined`: nothing is fetched. */
  origin: Origin | undefined;
}): Promise<OriginAnswer<string>> {
  const { repository, revision, origin } = options;
  const known = await findRevision(repository, revision);
  if (known !== undefined) return { ok: true, value: known };
  if (origin === undefined) return { ok: false, detail: 'it is not in this clone' };
  const isId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
  const commit = isId ? ({ ok: true, value: revision } as const) : await origin.tipOf(revision);
  if (!commit.ok) return commit;
  const fetched = await origin.fetch({
    commits: [commit.value],
    ...(repository.shallow ? { depth: 1 } : {}),
  });
  if (!fetched.ok) return fetched;
  // An id may be that of an annotated tag.
  const found = isId ? await findRevision(repository, revision) : commit.value;
  return found === undefined ? { ok: false, detail: 'it is no commit' } : { ok: true, value: found };
}
