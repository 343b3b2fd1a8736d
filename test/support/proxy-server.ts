import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

export interface ProxyServer {
  /** `127.0.0.1:<port>` */
  host: string;
  /** Where a name leads, `name:port` → a port of this machine; the proxy knows no others. */
  routes: Map<string, number>;
  /** The `Proxy-Authorization` it wants, if any. */
  login: string | undefined;
  /** What it answers in the place of letting anything through. */
  refusal: number | undefined;
  /** Whether it never answers who wants a tunnel. */
  isMute: boolean;
  /** All requests so far: `CONNECT name:port`, `HEAD http://name/path`. */
  requests: string[];
  /** The log-in that each of them shows to the server behind. */
  logins: (string | undefined)[];
  close: () => Promise<void>;
}

/** An HTTP proxy on this machine: tunnels, and requests by their whole address. */
export async function startProxy(): Promise<ProxyServer> {
  const sockets = new Set<Socket>();
  const http = createServer((incoming, response) => {
    proxy.requests.push(`${incoming.method} ${incoming.url}`);
    proxy.logins.push(incoming.headers.authorization);
    const { hostname, port, pathname, search } = new URL(incoming.url as string);
    const refused = refusalOf(proxy, incoming);
    const route = proxy.routes.get(`${hostname}:${port || '80'}`);
    if (refused !== undefined || route === undefined) return void response.writeHead(refused ?? 502).end();
    const { method, headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: route, method, headers, path: pathname + search });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode as number, answer.headers);
      pipeline(answer, response, () => {});
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  http.on('connect', (incoming, socket) => {
    proxy.requests.push(`CONNECT ${incoming.url}`);
    proxy.logins.push(incoming.headers.authorization);
    if (proxy.isMute) return;
    const refused = refusalOf(proxy, incoming);
    const route = proxy.routes.get(incoming.url as string);
    if (refused !== undefined || route === undefined) {
      return void socket.end(`HTTP/1.1 ${refused ?? 502} Refused\r\n\r\n`);
    }
    const onward = connect(route, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    sockets.add(onward);
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const proxy: ProxyServer = {
    host: `127.0.0.1:${(http.address() as AddressInfo).port}`,
    routes: new Map(),
    login: undefined,
    refusal: undefined,
    isMute: false,
    requests: [],
    logins: [],
    close: () =>
      new Promise((closed) => {
        http.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return proxy;
}

function refusalOf({ login, refusal }: ProxyServer, { headers }: IncomingMessage): number | undefined {
  if (login !== undefined && headers['proxy-authorization'] !== login) return 407;
  return refusal;
}
