import { createHash } from 'node:crypto';
import type { Registry } from './registry.ts';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly config: Descriptor;
  /** From the lowest up. */
  readonly layers: readonly Descriptor[];
}

export const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';
const ociManifest = 'application/vnd.oci.image.manifest.v1+json';

/** A repository's image by tag or digest; undefined where there is none. */
export async function readManifest(
  registry: Registry,
  repository: string,
  reference: string,
): Promise<{ digest: string; manifest: Manifest } | undefined> {
  const response = await request(registry, `${repository}/manifests/${reference}`, {
    headers: { accept: `${dockerManifest}, ${ociManifest}` },
    allowed: [404],
  });
  if (response.status === 404) return undefined;
  const bytes = Buffer.from(await response.arrayBuffer());
  return { digest: digestOf(bytes), manifest: JSON.parse(bytes.toString('utf8')) as Manifest };
}

export async function readBlob(registry: Registry, repository: string, digest: string): Promise<Buffer> {
  const response = await request(registry, `${repository}/blobs/${digest}`);
  return Buffer.from(await response.arrayBuffer());
}

/** Takes a blob away, as a registry's garbage collection may. */
export async function deleteBlob(registry: Registry, repository: string, digest: string): Promise<void> {
  await request(registry, `${repository}/blobs/${digest}`, { method: 'DELETE' });
}

/** The tags of a repository, sorted; none where nothing was ever pushed. */
export async function readTags(registry: Registry, repository: string): Promise<readonly string[]> {
  const response = await request(registry, `${repository}/tags/list`, { allowed: [404] });
  const { tags } = (await response.json()) as { tags?: string[] | null };
  return (tags ?? []).toSorted();
}

export async function pushBlob(registry: Registry, repository: string, bytes: Buffer): Promise<void> {
  const started = await request(registry, `${repository}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(started.headers.get('location') ?? '', `http://${registry.host}`);
  location.searchParams.set('digest', digestOf(bytes));
  await request(registry, location, { method: 'PUT', body: bytes });
}

export async function pushManifest(
  registry: Registry,
  { repository, tag, manifest }: { repository: string; tag: string; manifest: Manifest },
): Promise<void> {
  await request(registry, `${repository}/manifests/${tag}`, {
    method: 'PUT',
    headers: { 'content-type': manifest.mediaType },
    body: Buffer.from(JSON.stringify(manifest)),
  });
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Statuses that are no failure, beside those of success. */
  readonly allowed?: readonly number[];
}

/** Source: the registry's own api.md. */
async function request(
  registry: Registry,
  path: string | URL,
  { method = 'GET', headers = {}, body, allowed = [] }: Request = {},
): Promise<Response> {
  const url = typeof path === 'string' ? new URL(`http://${registry.host}/v2/${path}`) : path;
  const authorization = `Basic ${btoa(`${registry.user}:${registry.password}`)}`;
  const response = await fetch(url, {
    method,
    headers: { ...headers, authorization },
    ...(body && { body: new Uint8Array(body) }),
  });
  if (response.ok || allowed.includes(response.status)) return response;
  throw new Error(`${method} ${url.href}: ${response.status} ${await response.text()}`);
}
