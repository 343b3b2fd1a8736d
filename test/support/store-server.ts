import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface StoreServer {
  origin: string;
  /** What it answers from now on. */
  answer: { status: number; headers: Record<string, string> };
  /** All requests so far, with those of their headers that could hold a secret. */
  requests: { request: string; headers: string[] }[];
}

/** A server of one file, such as registries lead to, for one test. */
export async function startStore(headers: Record<string, string> = {}): Promise<StoreServer> {
  const store: StoreServer = { origin: '', answer: { status: 200, headers }, requests: [] };
  const http = createServer(({ method, url, headers: shown }, response) => {
    const secret = Object.keys(shown).filter((name) => !HARMLESS.has(name));
    store.requests.push({ request: `${method} ${url}`, headers: secret });
    response.writeHead(store.answer.status, store.answer.headers).end();
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    http.close();
    http.closeAllConnections();
  });
  store.origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return store;
}

const HARMLESS = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'host',
  'sec-fetch-mode',
  'user-agent',
]);
