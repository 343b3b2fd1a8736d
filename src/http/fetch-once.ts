import type { Failure } from './failure.ts';

export interface Request {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string | FormData | undefined;
}

/** An answer of success. Header names are in lower case. */
export interface Reply {
  headers: Readonly<Record<string, string>>;
  body: string;
}

type Outcome =
  | { reply: Reply; failure?: undefined; headers?: undefined }
  | { reply?: undefined; failure: Failure; headers: Readonly<Record<string, string>> };

/** Sends one request and reads all of its answer, in so many milliseconds at most. */
export async function fetchOnce(request: Request, timeMs: number): Promise<Outcome> {
  const signal = AbortSignal.timeout(Math.max(1, Math.ceil(timeMs)));
  try {
    return await follow(request, signal);
  } catch (error) {
    const failure: Failure = signal.aborted
      ? { kind: 'time-out', afterMs: timeMs }
      : { kind: 'connection', code: codeOf(error as Error) };
    return { failure, headers: {} };
  }
}

/** fetch would carry a token's header along to any other server, as it knows it for none of its own. */
async function follow(request: Request, signal: AbortSignal): Promise<Outcome> {
  let { url } = request;
  for (let hop = 0; ; hop++) {
    const { method, headers, body = null } = request;
    const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
    const answer = { headers: Object.fromEntries(response.headers), body: await response.text() };
    const { status } = response;
    if (response.ok) return { reply: answer };
    const location = response.headers.get('location');
    if (status < 300 || status >= 400 || location === null) {
      return { failure: { kind: 'status', status, body: answer.body }, headers: answer.headers };
    }
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (next?.origin !== url.origin || !READING.has(method) || hop === MOST_REDIRECTS) {
      // Such an address may hold a signature in its query.
      const to = next ? `${next.origin}${next.pathname}` : 'nowhere';
      return { failure: { kind: 'redirect', status, to }, headers: answer.headers };
    }
    url = next;
  }
}

const MOST_REDIRECTS = 3;

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
