import type * as z from 'zod/mini';
import { NoAnswerError } from '../http/answer.ts';
import type { Reply } from '../http/fetch-once.ts';

/** Parameters of one page, in the library's words. */
export interface Page {
  page: number;
  perPage: number;
  /** The headers are asked for too. */
  showExpanded: true;
}

/**
 * Reads a list page by page, until it has so many items or GitLab tells of no further page. A page may hold fewer items
 * than were asked for, even none, and not be the last: GitLab leaves out what may not be read after it has counted.
 *
 * @throws {NoAnswerError} where an answer is not what GitLab documents.
 */
export async function readPages<Item>(
  schema: z.ZodMiniType<Item[]>,
  atMost: number,
  read: (page: Page) => Promise<Reply>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let page: number | undefined = 1;
  while (page !== undefined && items.length < atMost) {
    const { body, headers }: Reply = await read({ page, perPage: 100, showExpanded: true });
    items.push(...parse(schema, body));
    const next = nextPage(headers);
    page = next !== undefined && next > page ? next : undefined;
  }
  return items.slice(0, atMost);
}

/** `x-next-page`, which is empty on the last page; or, where something on the way leaves that out, `Link`. */
function nextPage(headers: Reply['headers']): number | undefined {
  const named = headers['x-next-page'];
  if (named !== undefined && /^\d*$/.test(named)) return named === '' ? undefined : Number(named);
  const link = /<([^>]*)>\s*;\s*rel="?next"?/.exec(headers['link'] ?? '')?.[1];
  const page = link === undefined ? undefined : /[?&]page=(\d+)/.exec(link)?.[1];
  return page === undefined ? undefined : Number(page);
}

function parse<Value>(schema: z.ZodMiniType<Value>, body: string): Value {
  if (/^\s*</.test(body)) {
    throw new NoAnswerError(
      'GitLab answered with a web page instead of data: CI_API_V4_URL has to name its API, and no log-in page or proxy may stand before it',
    );
  }
  const result = schema.safeParse(json(body));
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0] as z.core.$ZodIssue;
  const where = path.length === 0 ? 'it' : path.join('.');
  throw new NoAnswerError(`GitLab's answer is not as it documents it: ${where}: ${message}`);
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new NoAnswerError("GitLab's answer is no JSON, or breaks off in the middle");
  }
}
