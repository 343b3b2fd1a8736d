import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions, request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Exchange, Request } from './exchange.ts';
import type { Proxy } from './proxies.ts';
import { ProxyError } from './proxy-error.ts';

/**
 * Opens ways through proxies: for what speaks TLS a tunnel (CONNECT, RFC 9110, 9.3.6), so that the proxy sees no more than
 * the server's name; the rest is asked for by its whole address. Node's own fetch takes no proxy before Node 24.
 */
export function openProxies(): (proxy: Proxy) => Exchange {
  const known = new Map<Proxy, Exchange>();
  return (proxy) => {
    const exchange = known.get(proxy) ?? exchangeThrough(proxy);
    known.set(proxy, exchange);
    return exchange;
  };
}

function exchangeThrough(proxy: Proxy): Exchange {
  const url = proxy.url;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return () =>
      Promise.reject(new ProxyError(proxy, { reason: 'it is no address of an HTTP proxy', mayPass: false }));
  }
  const tunnels = tunnelsThrough(proxy, url);
  const connections = new (url.protocol === 'https:' ? HttpsAgent : HttpAgent)({ keepAlive: true });
  return async (request, signal) => {
    const { headers, bytes } = await encoded(request);
    const { method } = request;
    const isTls = request.url.protocol === 'https:';
    const outgoing = isTls
      ? httpsRequest(request.url, { method, headers, signal, agent: tunnels, ...{ until: signal } })
      : requestOf(url)({
          ...addressOf(url),
          method,
          headers: { ...headers, host: request.url.host, ...loginTo(url) },
          path: request.url.href,
          signal,
          agent: connections,
        });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.once('error', (error) => reject(isTls ? error : ProxyError.of(proxy, error)));
    });
    outgoing.end(bytes);
    const incoming = await answer;
    const status = incoming.statusCode as number;
    if (status === 407) {
      incoming.resume();
      throw ProxyError.ofStatus(proxy, status);
    }
    return { status, headers: joined(incoming.headers), body: incoming };
  };
}

/** Keeps the tunnels to a server open for the next requests. */
function tunnelsThrough(proxy: Proxy, url: URL): HttpsAgent {
  const agent = new HttpsAgent({ keepAlive: true });
  type Wanted = AgentOptions & Destination;
  type Done = (error: Error | null, socket?: Duplex) => void;
  // Node waits for the callback where nothing is returned.
  agent.createConnection = ((wanted: Wanted, done: Done) => {
    openTunnel(proxy, url, wanted).then(
      (socket) => done(null, connectTls({ ...wanted, socket })),
      (error: Error) => done(error),
    );
  }) as unknown as typeof agent.createConnection;
  return agent;
}

interface Destination {
  host: string;
  port: number;
  /** Of the request that the tunnel is opened for: Node keeps the signal it is given to itself. */
  until: AbortSignal;
}

function openTunnel(proxy: Proxy, url: URL, { host, port, until: signal }: Destination): Promise<Duplex> {
  const path = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const headers = { host: path, ...loginTo(url) };
  const outgoing = requestOf(url)({
    ...addressOf(url),
    method: 'CONNECT',
    path,
    headers,
    agent: false,
    signal,
  });
  return new Promise((resolve, reject) => {
    outgoing.once('connect', ({ statusCode: status = 0 }, socket: Duplex) => {
      if (status >= 200 && status < 300) return resolve(socket);
      socket.destroy();
      reject(ProxyError.ofStatus(proxy, status));
    });
    outgoing.once('error', (error) => reject(ProxyError.of(proxy, error)));
    outgoing.end();
  });
}

function requestOf({ protocol }: URL): typeof httpRequest {
  return protocol === 'https:' ? httpsRequest : httpRequest;
}

/** Of the address alone: Node would make a log-in in it one to the server behind the proxy. */
function addressOf({ protocol, hostname, port }: URL): { protocol: string; hostname: string; port: string } {
  return { protocol, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port };
}

function loginTo({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username + password === '') return {};
  const login = `${unescaped(username)}:${unescaped(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}

/** A per cent sign that escapes nothing stands for itself. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As fetch sends it. */
async function encoded({ headers, body }: Request): Promise<{
  headers: Record<string, string>;
  bytes: Buffer | undefined;
}> {
  const usual = { accept: '*/*', 'user-agent': 'node' };
  if (body === undefined) return { headers: { ...usual, ...headers }, bytes: undefined };
  const whole = new globalThis.Response(body);
  const type = whole.headers.get('content-type');
  return {
    headers: { ...usual, ...(type === null ? {} : { 'content-type': type }), ...headers },
    bytes: Buffer.from(await whole.arrayBuffer()),
  };
}

function joined(headers: IncomingMessage['headers']): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries);
}
