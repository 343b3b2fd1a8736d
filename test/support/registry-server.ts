import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerWith } from './gitlab-server/faults.ts';
import { answerTo } from './registry-answers.ts';
import { type Asked, digestOf, type RegistryAccess, type RegistryServer } from './registry-state.ts';

export { digestOf, PASSWORD, type RegistryAccess, type RegistryServer, USER } from './registry-state.ts';

/** A registry on this machine, as far as it is asked for manifests, tags and the presence of blobs (distribution specification, v2). */
export async function startRegistry(access: RegistryAccess): Promise<RegistryServer> {
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url as string, `http://${registry.host}`);
      const asked = readRequest(request, url, Buffer.concat(chunks).toString('utf8'));
      const line = `${asked.method} ${asked.what}`;
      registry.requests.push(line);
      const fault = registry.faults.length > 0 ? registry.faults.shift() : registry.faultFor?.(line);
      const isDone = fault === undefined || fault.kind === 'cut-in-body' || fault.kind === 'slow';
      answerWith(response, answerTo(registry, asked, isDone), fault);
    });
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const registry: RegistryServer = {
    host: `127.0.0.1:${(http.address() as AddressInfo).port}`,
    access,
    images: new Map(),
    untagged: new Map(),
    collected: new Set(),
    rights: new Set(['pull', 'push', 'delete']),
    pageSize: undefined,
    namesDigests: true,
    faults: [],
    faultFor: undefined,
    requests: [],
    close: () =>
      new Promise((closed) => {
        http.close(() => closed());
        http.closeAllConnections();
      }),
  };
  return registry;
}

/** An image whose parts this registry has, as long as they are not collected. */
export function imageManifest(content: string): string {
  const part = (name: string) => ({ mediaType: 'application/x', size: 1, digest: digestOf(name + content) });
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: part('config of '),
    layers: [part('layer of ')],
  });
}

function readRequest(request: IncomingMessage, url: URL, body: string): Asked {
  const { method = '', headers } = request;
  const of = { method, url, headers, body };
  if (url.pathname === '/token') {
    return { ...of, kind: 'token', repository: '', reference: '', what: `/token${url.search}` };
  }
  const [, repository = '', kind, reference = ''] =
    /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^/]+)$/.exec(url.pathname) ?? [];
  switch (kind) {
    case 'blobs':
      return { ...of, kind: 'blob', repository, reference, what: `${repository}/blobs/${reference}` };
    case 'tags':
      return { ...of, kind: 'tags', repository, reference, what: `${repository}/tags/list${url.search}` };
    case 'manifests':
      return { ...of, kind: 'manifest', repository, reference, what: `${repository}:${reference}` };
    default:
      return { ...of, kind: undefined, repository, reference, what: `${repository}:${reference}` };
  }
}
