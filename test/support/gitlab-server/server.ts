import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerWith, type Fault } from './faults.ts';
import type { PageHeaders } from './paging.ts';
import { route } from './routes.ts';
import type { GitLabState } from './state.ts';

export interface SeenRequest {
  method: string;
  /** Below `/api/v4`, decoded, with the query. */
  path: string;
  token: 'private' | 'job' | undefined;
}

export interface GitLabServer {
  /** What a job has in `CI_API_V4_URL`. */
  url: string;
  /** May be replaced or changed between requests. */
  state: GitLabState;
  /** One for each request to come, `undefined` for none; then every answer is GitLab's own. */
  faults: (Fault | undefined)[];
  /** Decides for a single request where `faults` is used up. */
  faultFor: ((request: SeenRequest) => Fault | undefined) | undefined;
  pageHeaders: PageHeaders;
  /** Items of a page; GitLab's own limit is 100. */
  maxPerPage: number;
  /** All requests since the start, or since it was emptied. */
  requests: SeenRequest[];
  close: () => Promise<void>;
}

/**
 * A GitLab on this machine: what `state` holds, seen through its API as far as this project asks it.
 *
 * @param options.basePath where GitLab does not stand at the root of its host, such as `/gitlab`.
 */
export async function startGitLab(options: { basePath?: string } = {}): Promise<GitLabServer> {
  const base = `${options.basePath ?? ''}/api/v4`;
  const http = createServer((request, response) => {
    const seen = seenRequest(request, base);
    server.requests.push(seen);
    const fault = server.faults.length > 0 ? server.faults.shift() : server.faultFor?.(seen);
    const url = new URL(request.url as string, server.url);
    const isApi = url.pathname.startsWith(`${base}/`);
    const answer = !isReadable(url.pathname)
      ? { status: 400, headers: { 'content-type': 'text/html' }, body: '<h1>400</h1>' }
      : isApi
        ? route({
            state: server.state,
            method: seen.method,
            path: url.pathname.slice(base.length),
            url,
            headers: request.headers,
            pages: { headers: server.pageHeaders, maxPerPage: server.maxPerPage },
          })
        : { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>404</h1>' };
    answerWith(response, answer, fault);
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const { port } = http.address() as AddressInfo;
  const server: GitLabServer = {
    url: `http://127.0.0.1:${port}${base}`,
    state: { projects: [], tokens: [] },
    faults: [],
    faultFor: undefined,
    pageHeaders: 'both',
    maxPerPage: 100,
    requests: [],
    close: () =>
      new Promise((closed) => {
        http.close(() => closed());
        http.closeAllConnections();
      }),
  };
  return server;
}

/** An address at which nothing listens. */
export async function refusingUrl(): Promise<string> {
  const server = await startGitLab();
  await server.close();
  return server.url;
}

function seenRequest({ method = '', url = '', headers }: IncomingMessage, base: string): SeenRequest {
  const below = url.startsWith(base) ? url.slice(base.length) : url;
  const path = isReadable(below) ? decodeURIComponent(below) : below;
  const token = headers['job-token'] ? 'job' : headers['private-token'] ? 'private' : undefined;
  return { method, path, token };
}

function isReadable(encoded: string): boolean {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}
