import type { Exchange, Request, Response } from './exchange.ts';
import type { Failure } from './failure.ts';
import { ProxyError } from './proxy-error.ts';

/** An answer of success. Header names are in lower case. */
export interface Reply {
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface FetchOptions {
  exchange: Exchange;
  /** For all of the answer, in milliseconds. */
  timeMs: number;
  /** What is read of an answer at most. */
  mostBytes: number;
  /** Whether a redirect to another server is followed, which then sees neither log-in nor token. */
  followsElsewhere: boolean;
}

type Outcome =
  | { reply: Reply; failure?: undefined; headers?: undefined }
  | { reply?: undefined; failure: Failure; headers: Readonly<Record<string, string>> };

/** Sends one request and reads all of its answer. */
export async function fetchOnce(request: Request, options: FetchOptions): Promise<Outcome> {
  const signal = AbortSignal.timeout(Math.max(1, Math.ceil(options.timeMs)));
  try {
    return await follow(request, options, signal);
  } catch (error) {
    return { failure: failureOf(error as Error, signal.aborted ? options.timeMs : undefined), headers: {} };
  }
}

function failureOf(error: Error, timedOutAfterMs: number | undefined): Failure {
  if (timedOutAfterMs !== undefined) return { kind: 'time-out', afterMs: timedOutAfterMs };
  if (error instanceof ProxyError) {
    const { proxy, reason, mayPass } = error;
    return { kind: 'proxy', proxy, reason, mayPass };
  }
  return { kind: 'connection', code: codeOf(error) };
}

/** fetch would carry a token's header along to any other server, as it knows it for none of its own. */
async function follow(request: Request, options: FetchOptions, signal: AbortSignal): Promise<Outcome> {
  const { exchange, mostBytes } = options;
  let { url, headers } = request;
  let isElsewhere = false;
  for (let hop = 0; ; hop++) {
    const response = await exchange({ ...request, url, headers }, signal);
    const body = await textOf(response, mostBytes);
    if (body === undefined) return { failure: { kind: 'too-much', mostBytes }, headers: {} };
    const { status } = response;
    if (status >= 200 && status < 300) return { reply: { headers: response.headers, body } };
    const { location } = response.headers;
    if (status < 300 || status >= 400 || location === undefined) {
      return {
        failure: { kind: 'status', status, body },
        headers: isElsewhere ? unasked(response.headers) : response.headers,
      };
    }
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    const leads = next !== undefined && (next.origin === url.origin || mayLeadTo(next, url, options));
    if (!leads || !READING.has(request.method) || hop === MOST_REDIRECTS) {
      // Such an address may hold a signature in its query.
      const to = next ? `${next.origin}${next.pathname}` : 'nowhere';
      return { failure: { kind: 'redirect', status, to }, headers: response.headers };
    }
    // Once another server led the way, what it leads to is its choice: also back to where the log-in is for.
    isElsewhere ||= next.origin !== url.origin;
    if (isElsewhere) headers = withoutSecrets(headers);
    url = next;
  }
}

const MOST_REDIRECTS = 3;

/** Never to where others can listen, nor with a log-in that an address brings along. */
function mayLeadTo(next: URL, from: URL, { followsElsewhere }: FetchOptions): boolean {
  return (
    followsElsewhere &&
    (next.protocol === 'https:' || (next.protocol === 'http:' && from.protocol === 'http:')) &&
    next.username + next.password === ''
  );
}

function withoutSecrets({ accept }: Request['headers']): Request['headers'] {
  return accept === undefined ? {} : { accept };
}

/** Another server gets no log-in, however it asks for one. */
function unasked(headers: Reply['headers']): Reply['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'www-authenticate'));
}

/** Undefined where it is longer; the rest is not waited for then. */
async function textOf({ body }: Response, mostBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Methods that change nothing, so that they can be repeated. */
export const READING = new Set(['GET', 'HEAD']);

/**
 * undici wraps what happened: `fetch failed`, `terminated`. What it refuses to send at all has no cause, and its words
 * repeat the header or the address that is wrong with it, a log-in included.
 */
function codeOf(error: Error): string {
  const { cause, name } = error;
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  return code ?? (error as NodeJS.ErrnoException).code ?? (cause === undefined ? name : error.message);
}
