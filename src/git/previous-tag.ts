import { ALL_HISTORY, type Origin, type OriginAnswer } from './origin.ts';
import type { Repository } from './repository.ts';
import { runGit } from './run.ts';

/**
 * The newest tag in a commit's history, the commit's own left out; undefined where there is none. A shallow clone is
 * made complete for it: no cut of the history can tell which tag comes first.
 */
export async function findPreviousTag(options: {
  repository: Repository;
  head: string;
  origin: Origin | undefined;
}): Promise<OriginAnswer<{ tag: string; commit: string } | undefined>> {
  const { repository, head, origin } = options;
  const tags = origin === undefined ? await localTags(repository) : await origin.tags();
  if (!tags.ok) return tags;
  if (repository.shallow) {
    if (origin === undefined)
      return { ok: false, detail: 'the history here is cut off, and there is no origin' };
    const fetched = await origin.fetch({ commits: [head], depth: ALL_HISTORY });
    if (!fetched.ok) return fetched;
  }
  const byCommit = new Map([...tags.value].map(([tag, commit]) => [commit, tag]));
  const { stdout } = await runGit({ cwd: repository.root, args: ['rev-list', head] });
  const past = stdout.toString('latin1').split('\n').slice(1, -1);
  const commit = past.find((one) => byCommit.has(one));
  return {
    ok: true,
    value: commit === undefined ? undefined : { commit, tag: byCommit.get(commit) as string },
  };
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
