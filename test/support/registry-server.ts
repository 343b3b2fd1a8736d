import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeAnswer } from './gitlab-server/answer.ts';
import { answerWith, type Fault } from './gitlab-server/faults.ts';

export const USER = 'gitlab-ci-token';
export const PASSWORD = 'pa55-word:with/odd=characters';

/** How a registry lets requests in: all of them, by HTTP's own log-in, or by a token from its own service. */
export type RegistryAccess = 'anyone' | 'basic' | 'bearer';

export interface RegistryServer {
  /** `127.0.0.1:<port>`, as an image reference begins. */
  host: string;
  access: RegistryAccess;
  /** Manifests by `<repository>:<tag>`. */
  images: Map<string, string>;
  /** Whether answers name the digest; a registry need not. */
  namesDigests: boolean;
  /** One for each request to come, `undefined` for none. */
  faults: (Fault | undefined)[];
  /** All requests so far: `HEAD <repository>:<tag>`, `GET /token?…`. */
  requests: string[];
  close: () => Promise<void>;
}

/** A registry on this machine, as far as it is asked for manifests by their tags (distribution specification, v2). */
export async function startRegistry(access: RegistryAccess): Promise<RegistryServer> {
  const http = createServer((request, response) => {
    const url = new URL(request.url as string, `http://${registry.host}`);
    const [, repository = '', tag = ''] = MANIFEST.exec(url.pathname) ?? [];
    const isToken = url.pathname === '/token';
    registry.requests.push(`${request.method} ${isToken ? `/token${url.search}` : `${repository}:${tag}`}`);
    const answer = isToken
      ? tokenFor(request, url)
      : isAllowed(registry, request, repository)
        ? manifestOf(registry, `${repository}:${tag}`)
        : refusalOf(registry, repository);
    answerWith(response, answer, registry.faults.shift());
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const registry: RegistryServer = {
    host: `127.0.0.1:${(http.address() as AddressInfo).port}`,
    access,
    images: new Map(),
    namesDigests: true,
    faults: [],
    requests: [],
    close: () =>
      new Promise((closed) => {
        http.close(() => closed());
        http.closeAllConnections();
      }),
  };
  return registry;
}

export function digestOf(manifest: string): string {
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}

const MANIFEST = /^\/v2\/(.+)\/manifests\/([^/]+)$/;
const LOGIN = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

/** A token is good for one repository. */
function isAllowed({ access }: RegistryServer, { headers }: IncomingMessage, repository: string): boolean {
  if (access === 'anyone') return true;
  return headers.authorization === (access === 'basic' ? LOGIN : `Bearer token-of-${repository}`);
}

function tokenFor({ headers }: IncomingMessage, { searchParams }: URL): FakeAnswer {
  const [, repository] = /^repository:(.+):pull$/.exec(searchParams.get('scope') ?? '') ?? [];
  if (headers.authorization !== LOGIN || searchParams.get('service') !== 'container_registry') {
    return { status: 401, body: { errors: [{ code: 'UNAUTHORIZED' }] } };
  }
  return { status: 200, body: { token: `token-of-${repository}`, expires_in: 300 } };
}

function refusalOf({ access, host }: RegistryServer, repository: string): FakeAnswer {
  const challenge =
    access === 'basic'
      ? 'Basic realm="registry"'
      : `Bearer realm="http://${host}/token",service="container_registry",scope="repository:${repository}:pull"`;
  return { status: 401, headers: { 'www-authenticate': challenge }, body: { errors: [] } };
}

function manifestOf({ images, namesDigests }: RegistryServer, name: string): FakeAnswer {
  const manifest = images.get(name);
  if (manifest === undefined) return { status: 404, body: { errors: [{ code: 'MANIFEST_UNKNOWN' }] } };
  const headers = namesDigests ? { 'docker-content-digest': digestOf(manifest) } : {};
  return {
    status: 200,
    headers: { 'content-type': 'application/vnd.oci.image.index.v1+json', ...headers },
    body: manifest,
  };
}
