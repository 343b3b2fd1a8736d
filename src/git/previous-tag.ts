import { borrowHistory } from './borrowed-history.ts';
import { obtainCommit } from './obtain-commit.ts';
import { ALL_HISTORY, type Origin, type OriginAnswer } from './origin.ts';
import type { Repository } from './repository.ts';
import { runGit } from './run.ts';

/**
 * The newest tag in a commit's history, the commit's own left out; undefined where there is none. In a shallow clone all
 * of the history is looked at: no cut of it can tell which tag comes first.
 */
export async function findPreviousTag(options: {
  repository: Repository;
  head: string;
  origin: Origin | undefined;
}): Promise<OriginAnswer<{ tag: string; commit: string } | undefined>> {
  const { repository, origin } = options;
  const tags = origin === undefined ? await localTags(repository) : await origin.tags();
  if (!tags.ok) return tags;
  const past = await readPast(options);
  if (!past.ok) return past;
  const byCommit = new Map([...tags.value].map(([tag, commit]) => [commit, tag]));
  const commit = past.value.find((one) => byCommit.has(one));
  if (commit === undefined) return { ok: true, value: undefined };
  const obtained = await obtainCommit({ repository, revision: commit, origin });
  return obtained.ok ? { ok: true, value: { commit, tag: byCommit.get(commit) as string } } : obtained;
}

/** All commits before head, the newest first. */
async function readPast(options: {
  repository: Repository;
  head: string;
  origin: Origin | undefined;
}): Promise<OriginAnswer<readonly string[]>> {
  const { repository, head, origin } = options;
  if (!repository.shallow) return { ok: true, value: await listPast(repository, head) };
  if (origin === undefined)
    return { ok: false, detail: 'the history here is cut off, and there is no origin' };
  const history = await borrowHistory(repository);
  if (!history.ok) return history;
  const { remove, ...borrowed } = history.value;
  try {
    const fetched = await origin.fetchHistory({ ...borrowed, commits: [head], depth: ALL_HISTORY });
    return fetched.ok ? { ok: true, value: await listPast({ root: borrowed.into }, head) } : fetched;
  } finally {
    await remove();
  }
}

async function listPast(repository: { root: string }, head: string): Promise<string[]> {
  const { stdout } = await runGit({ cwd: repository.root, args: ['rev-list', head] });
  return stdout.toString('latin1').split('\n').slice(1, -1);
}

async function localTags(repository: Repository): Promise<OriginAnswer<ReadonlyMap<string, string>>> {
  const format = '--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)';
  const { stdout } = await runGit({ cwd: repository.root, args: ['for-each-ref', format, 'refs/tags'] });
  const lines = stdout.toString('utf8').split('\n').slice(0, -1);
  const tags = lines.map((line): [string, string] => {
    const [name = '', own = '', peeled] = line.split('\0');
    return [name, peeled || own];
  });
  return { ok: true, value: new Map(tags) };
}
