import type { ServerResponse } from 'node:http';
import type { FakeAnswer } from './answer.ts';

/** What goes wrong with one request. */
export type Fault =
  /** Another answer than GitLab's: 429 with Retry-After, 502 from what stands before it, 302, … */
  | { kind: 'answer'; answer: FakeAnswer }
  /** The answer comes late. */
  | { kind: 'slow'; ms: number }
  /** No answer ever comes; the connection stays open. */
  | { kind: 'hang' }
  /** The headers come, and the first half of the body. */
  | { kind: 'hang-in-body' }
  /** A log-in page or a proxy's, as a success. */
  | { kind: 'html' }
  | { kind: 'invalid-json' }
  /** The connection breaks off: before the answer, or in the middle of its body. */
  | { kind: 'cut' }
  | { kind: 'cut-in-body' };

/** 429 as GitLab's rack-attack gives it (lib/gitlab/rack_attack.rb), with the wait it asks for. */
export function tooManyRequests(retryAfter: string): Fault {
  const headers = { 'content-type': 'text/plain', 'retry-after': retryAfter, 'ratelimit-remaining': '0' };
  return { kind: 'answer', answer: { status: 429, headers, body: 'Retry later\n' } };
}

/** What a proxy says in the place of a GitLab that is down. */
export function badGateway(status: number): Fault {
  const headers = { 'content-type': 'text/html' };
  return {
    kind: 'answer',
    answer: { status, headers, body: '<html><body>GitLab is not responding</body></html>' },
  };
}

export function answerWith(response: ServerResponse, answer: FakeAnswer, fault: Fault | undefined): void {
  switch (fault?.kind) {
    case undefined:
      return write(response, answer);
    case 'answer':
      return write(response, fault.answer);
    case 'slow':
      setTimeout(() => write(response, answer), fault.ms);
      return;
    case 'hang':
      return;
    case 'hang-in-body':
      return void writeHalf(response, answer);
    case 'html':
      return write(response, {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!DOCTYPE html><title>Sign in</title>',
      });
    case 'invalid-json':
      return write(response, {
        ...answer,
        headers: { ...answer.headers, 'content-type': 'application/json' },
        body: '[{"id": 1,',
      });
    case 'cut':
      return void response.destroy();
    case 'cut-in-body':
      writeHalf(response, answer, () => response.destroy());
  }
}

function write(response: ServerResponse, { status, headers, body }: FakeAnswer): void {
  const text = Buffer.from(textOf(body));
  const length = { 'content-length': text.length };
  response.writeHead(status, { 'content-type': 'application/json', ...length, ...headers }).end(text);
}

function writeHalf(response: ServerResponse, { status, headers, body }: FakeAnswer, then?: () => void): void {
  const text = Buffer.from(textOf(body));
  response.writeHead(status, {
    'content-type': 'application/json',
    ...headers,
    'content-length': text.length,
  });
  response.write(text.subarray(0, Math.ceil(text.length / 2) - 1), then);
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
