import type { Proxy, ProxyOf } from './proxies.ts';

export interface Request {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string | FormData | undefined;
  /** Whether sent twice it does what it does sent once, though it changes something (RFC 9110, 9.2.2). */
  isIdempotent?: boolean;
}

/** A server's answer as it begins. Header names are in lower case. */
export interface Response {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: AsyncIterable<Uint8Array> | null;
}

/** Sends one request, and follows no redirect. */
export type Exchange = (request: Request, signal: AbortSignal) => Promise<Response>;

/** Asks servers themselves, or through the proxy there is for them; how is loaded only where there is one. */
export function exchangeBy(proxyOf: ProxyOf): Exchange {
  let opening: Promise<(proxy: Proxy) => Exchange> | undefined;
  return async (request, signal) => {
    const proxy = proxyOf(request.url);
    if (proxy === undefined) return exchangeDirectly(request, signal);
    opening ??= import('./through-proxy.ts').then(({ openProxies }) => openProxies());
    return (await opening)(proxy)(request, signal);
  };
}

async function exchangeDirectly({ url, method, headers, body }: Request, signal: AbortSignal) {
  const response = await fetch(url, { method, headers, body: body ?? null, signal, redirect: 'manual' });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: response.body };
}
