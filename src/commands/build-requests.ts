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
  const { repository, tree, blobs, commit } = head;
  await blobs.read(tree, [], [commit]);
  // It was read with others: where git failed over one of these, it has to be asked for alone.
  const own = blobs.object(commit) ?? (await readBlobs(repository, [commit])).get(commit);
  if (own === undefined) return [unreadable(commit, "it can't be read; run git fsck")];
  const { parents, message } = parseCommit(own);
  const merged = parents.slice(1);
  await blobs.read(tree, [], merged);
  const missing = merged.filter((one) => blobs.object(one) === undefined);
  const obtained = await obtain(head, missing, surroundings);
  const requests: BuildRequest[] = labelRequests(surroundings.env);
  requests.push(...(await requestsIn({ head, surroundings, commit, message })));
  for (const one of merged) {
    const text = blobs.object(one) ?? obtained.texts.get(one);
    requests.push(
      ...(text === undefined
        ? [unreadable(one, obtained.failure)]
        : await requestsIn({ head, surroundings, commit: one, message: parseCommit(text).message })),
    );
  }
  return requests;
}

async function requestsIn(options: {
  head: OpenHead;
  surroundings: Surroundings;
  commit: string;
  message: string;
}): Promise<BuildRequest[]> {
  const { head, surroundings, commit, message } = options;
  const { values, misplaced } = await trailersOf(head.repository, { message, key: 'Affected' });
  const by = trailerOf(commit);
  if (misplaced) {
    surroundings.stderr(
      `${by}: a line "Affected: …" asks for nothing where it is: trailers are the last paragraph of a message, below its subject\n`,
    );
  }
  return values.flatMap((value) => value.split(/[\s,]+/).filter(Boolean)).map((names) => ({ names, by }));
}

/** What it asks for may be anything. */
function unreadable(commit: string, failure: string): BuildRequest {
  const unknown = `whether the commit ${commit} asks for images can't be known: ${failure}`;
  return { names: 'all', by: trailerOf(commit), unknown };
}

function trailerOf(commit: string): string {
  return `trailer of ${commit.slice(0, 10)}`;
}

/** In a shallow clone merged commits may be missing: in CI they are fetched, where origin gives them. */
async function obtain(
  { repository }: OpenHead,
  commits: readonly string[],
  { env, stderr }: Surroundings,
): Promise<{ texts: ReadonlyMap<string, string>; failure: string }> {
  const failure = 'it is not in this clone';
  const none = { texts: new Map<string, string>(), failure };
  if (commits.length === 0 || !env['CI'] || (await originUrl(repository)) === undefined) return none;
  const say = (line: string) => stderr(`${printable(line.trimEnd())}\n`);
  const origin = openOrigin({ root: repository.root, budgetMs: 30_000, say });
  const fetched = await origin.fetch({ commits, depth: 1 });
  return fetched.ok
    ? { texts: await readBlobs(repository, commits), failure }
    : { ...none, failure: fetched.detail };
}
