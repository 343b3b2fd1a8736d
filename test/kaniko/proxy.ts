import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Proxy {
  /** `<address>:<port>` on loopback. */
  readonly host: string;
  readonly user: string;
  readonly password: string;
  /** What it was asked for, in turn: `CONNECT <host>:<port>`, or `GET <url>`. */
  readonly asked: readonly string[];
}

/**
 * Starts a proxy for the running test, which ends it. It wants a login, knows its own hosts alone, and answers requests
 * for plain HTTP itself, with `by the proxy`.
 *
 * @param hosts to where it leads, by host and port: `<address>:<port>`.
 */
export async function startProxy(hosts: Readonly<Record<string, string>>): Promise<Proxy> {
  const [user, password] = ['someone', 'proxy-secret'];
  const asked: string[] = [];
  const isAllowed = (headers: IncomingHttpHeaders) =>
    headers['proxy-authorization'] === `Basic ${btoa(`${user}:${password}`)}`;
  const server = createServer(({ method, url, headers }, response) => {
    asked.push(`${method} ${url}`);
    if (!isAllowed(headers)) response.writeHead(407).end();
    else response.end('by the proxy\n');
  });
  server.on('connect', ({ url = '', headers }, socket) => {
    asked.push(`CONNECT ${url}`);
    const [address, port] = hosts[url]?.split(':') ?? [];
    if (!isAllowed(headers) || address === undefined) {
      socket.end(`HTTP/1.1 ${isAllowed(headers) ? 502 : 407} No\r\n\r\n`);
      return;
    }
    const onward = connect(Number(port), address, () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, user, password, asked };
}
