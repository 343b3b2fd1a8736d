import * as z from 'zod/mini';
import { NoAnswerError } from '../http/answer.ts';
import type { Reply } from '../http/fetch-once.ts';
import { type Ask, unlessAbsent } from './ask.ts';

/**
 * Lists the tags of a repository, page by page (distribution specification, "Listing Tags"); none where there is no such
 * repository.
 *
 * @throws {NoAnswerError}
 */
export async function listTags(ask: Ask): Promise<readonly string[]> {
  const tags = new Set<string>();
  let query = `?n=${PAGE}`;
  const seen = new Set<string>();
  for (;;) {
    seen.add(query);
    const reply = await unlessAbsent(ask({ method: 'GET', path: `tags/list${query}` }));
    if (reply === undefined) break;
    for (const tag of tagsIn(reply)) tags.add(tag);
    const next = nextQuery(reply.headers['link']);
    if (next === undefined) break;
    if (seen.has(next)) throw new NoAnswerError('the registry never ends its list of tags', 200);
    query = next;
  }
  return [...tags];
}

/** As many as GitLab's registry gives at once; others give fewer, or all. */
const PAGE = 1000;

const listing = z.object({ tags: z.nullish(z.array(z.string())) });

function tagsIn({ body }: Reply): readonly string[] {
  const parsed = listing.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data.tags ?? [];
  throw new NoAnswerError('the registry answers tags/list with what is no list of tags', 200);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Only where to go on is taken from the link (RFC 8288): the host it names may be one behind a proxy. */
function nextQuery(link: string | undefined): string | undefined {
  const [, target] = /<([^>]*)>\s*;(?:[^,]*;)?\s*rel="?next"?/i.exec(link ?? '') ?? [];
  if (target === undefined || !URL.canParse(target, 'http://registry')) return undefined;
  return new URL(target, 'http://registry').search || undefined;
}
