import type { BuildRequest } from '../affected/requests.ts';
import { readBlobs } from '../git/read-blobs.ts';
import { openOrigin } from '../git/origin.ts';
import { originUrl } from '../git/repository.ts';
import { parseCommit, trailersOf } from '../git/trailers.ts';
import { labelRequests } from '../gitlab/labels.ts';
import { printable } from '../render/printable.ts';
import type { Surroundings } from '../run.ts';
import type { OpenHead } from './load-head.ts';

/**
 * What the merge request's labels, and the trailers `Affected: <names>` of the newest commit, ask to have built. Where
 * that commit is a merge, the commits it merged count too: of a merged results pipeline, the source branch's.
 */
export async function buildRequests(head: OpenHead, surroundings: Surroundings): Promise<BuildRequest[]> {
  const { commit } = head;
  const requests: BuildRequest[] = labelRequests(surroundings.env);
  const { parents, message } = parseCommit(await textOf(head, commit, surroundings));
  requests.push(...(await requestsIn(head, commit, message)));
  for (const merged of parents.slice(1)) {
    const text = await textOf(head, merged, surroundings);
    requests.push(...(await requestsIn(head, merged, parseCommit(text).message)));
  }
  return requests;
}

async function requestsIn(
  { repository }: OpenHead,
  commit: string,
  message: string,
): Promise<BuildRequest[]> {
  const values = await trailersOf(repository, { message, key: 'Affected' });
  const by = `trailer of ${commit.slice(0, 10)}`;
  return values.flatMap((value) => value.split(/[\s,]+/).filter(Boolean)).map((names) => ({ names, by }));
}

/** In a shallow clone a merged commit may be missing: in CI it is fetched, where origin gives it. */
async function textOf(
  { repository, tree, blobs }: OpenHead,
  commit: string,
  { env, stderr }: Surroundings,
): Promise<string> {
  await blobs.read(tree, [], [commit]);
  const text = blobs.object(commit);
  if (text !== undefined || !env['CI'] || (await originUrl(repository)) === undefined) return text ?? '';
  const say = (line: string) => stderr(`${printable(line.trimEnd())}\n`);
  const origin = openOrigin({ root: repository.root, budgetMs: 30_000, say });
  await origin.fetch({ commits: [commit], depth: 1 });
  return (await readBlobs(repository, [commit])).get(commit) ?? '';
}
