import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { NoAnswerError } from './answer.ts';
import { exchangeBy, type Request } from './exchange.ts';
import { causeOf, CERTIFICATE, type FailedRequest, type Failure, NO_TLS, seconds } from './failure.ts';
import { fetchOnce, READING, type Reply } from './fetch-once.ts';
import type { ProxyOf } from './proxies.ts';
import { retryAfterMs } from './retry-after.ts';

export interface SendOptions {
  /** What went wrong, and what a person can do about it, in the words of who asks. */
  explain: (failure: Failure, failed: FailedRequest) => string;
  /** Time for everything that is asked, from now on, waits included. */
  budgetMs: number;
  /** Time for one request. */
  requestMs: number;
  /** The first wait before a request is repeated; each further one is twice as long. */
  retryMs: number;
  /** Is told each request before it is sent, and each wait, a line each; of a wait the server and what it is for, too. */
  say: (line: string, cause?: string) => void;
  proxyOf: ProxyOf;
  /** What is read of one answer at most. */
  mostBytes: number;
  /** Whether a redirect to another server is followed, without log-in and token. */
  followsElsewhere: boolean;
}

/**
 * Sends requests, within one budget for all of them. Where the server has no time (429, 502, 503, 504), does not answer
 * or the connection breaks off, a request is repeated if that does no harm, after as long a wait as it asks for.
 *
 * @throws {NoAnswerError}
 */
export function openSender(options: SendOptions): (request: Request) => Promise<Reply> {
  const { explain, budgetMs, requestMs, retryMs, say } = options;
  const exchange = exchangeBy(options.proxyOf);
  // A clock that can't be set: another may jump while a request is under way.
  const end = performance.now() + budgetMs;
  const left = () => end - performance.now();
  return async (request) => {
    const { method, isIdempotent = READING.has(request.method) } = request;
    const { origin, pathname, search } = request.url;
    const failed = { method, request: `${method} ${origin}${pathname}`, server: origin };
    for (let tries = 1; ; tries++) {
      const fail = (failure: Failure, of: Reply['headers'] = {}, askedToWaitMs?: number) =>
        new NoAnswerError(
          explain(failure, { ...failed, tries, askedToWaitMs }),
          failure.kind === 'status' ? failure.status : undefined,
          of,
        );
      const timeMs = Math.min(requestMs, left());
      const spent: Failure = { kind: 'budget', afterMs: budgetMs };
      if (timeMs <= 0) throw fail(spent);
      say(`${failed.request}${search}\n`);
      const { reply, failure, headers } = await fetchOnce(request, { ...options, exchange, timeMs });
      if (reply) return reply;
      if (failure.kind === 'time-out' && timeMs < requestMs) throw fail(spent);
      if (!isIdempotent || tries === MOST_TRIES || !isPassing(failure)) throw fail(failure, headers);
      const asked = retryAfterMs(headers) ?? 0;
      const waitMs = Math.max(asked, retryMs * 2 ** (tries - 1));
      if (waitMs >= left()) throw fail(failure, headers, asked > 0 ? asked : undefined);
      const line = `${explain(failure, { ...failed, tries: 1 })}; trying again in ${seconds(waitMs)}\n`;
      say(line, `${origin} ${causeOf(failure)}`);
      await delay(waitMs);
    }
  };
}

const MOST_TRIES = 4;

/** Whether the same request may get an answer a little later. */
function isPassing(failure: Failure): boolean {
  if (failure.kind === 'status') return [429, 502, 503, 504].includes(failure.status);
  if (failure.kind === 'connection') return !CERTIFICATE.test(failure.code) && !NO_TLS.test(failure.code);
  if (failure.kind === 'proxy') return failure.mayPass;
  return failure.kind === 'time-out';
}
