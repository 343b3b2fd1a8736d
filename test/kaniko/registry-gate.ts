import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Registry } from './registry.ts';

export interface GateOptions {
  /** A further user, who may read everything and write nothing. */
  readonly reader?: { readonly user: string; readonly password: string };
  /** What befalls a request before the registry sees it; true where it has been dealt with. */
  readonly fault?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** With a certificate, it speaks HTTPS alone; both in PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A door in front of a registry, with an address of its own, that knows rights and faults the registry does not. */
export async function openGate(registry: Registry, { reader, fault, tls }: GateOptions): Promise<Registry> {
  const readerLogin = reader && basic(reader.user, reader.password);
  const listen = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (fault?.(incoming, outgoing)) return;
    const isReader = readerLogin !== undefined && incoming.headers.authorization === readerLogin;
    if (isReader && incoming.method !== 'GET' && incoming.method !== 'HEAD') refuse(outgoing);
    else forward({ registry, incoming, outgoing, isReader, protocol: tls ? 'https' : 'http' });
  };
  const server = tls ? createTlsServer(tls, listen) : createServer(listen);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await registry.stop();
  };
  return { ...registry, host: `127.0.0.1:${port}`, stop };
}

interface Forwarded {
  readonly registry: Registry;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly isReader: boolean;
  readonly protocol: string;
}

/** The header Host stays, and the protocol is told, so that the registry's answers lead back through the gate. */
function forward({ registry, incoming, outgoing, isReader, protocol }: Forwarded): void {
  const [hostname, port] = registry.host.split(':');
  const authorization = isReader && basic(registry.user, registry.password);
  const onward = request(
    {
      hostname,
      port,
      path: incoming.url,
      method: incoming.method,
      headers: {
        'x-forwarded-proto': protocol,
        ...incoming.headers,
        ...(authorization && { authorization }),
      },
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

function refuse(outgoing: ServerResponse): void {
  outgoing.writeHead(403, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ errors: [{ code: 'DENIED', message: 'requested access is denied' }] }));
}

function basic(user: string, password: string): string {
  return `Basic ${btoa(`${user}:${password}`)}`;
}
