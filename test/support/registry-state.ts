import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Fault } from './gitlab-server/faults.ts';

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
  /** Manifests that had a tag, by `<repository>:<digest>`. */
  untagged: Map<string, string>;
  /** Digests of blobs and manifests that garbage collection took. */
  collected: Set<string>;
  /** What the log-in may do. */
  rights: Set<string>;
  /** Tags of a page, where the list has pages. */
  pageSize: number | undefined;
  /** Whether answers name the digest; a registry need not. */
  namesDigests: boolean;
  /** One for each request to come, `undefined` for none. What it befalls is not done, unless its answer breaks off. */
  faults: (Fault | undefined)[];
  /** Decides for a single request where `faults` is used up. */
  faultFor: ((request: string) => Fault | undefined) | undefined;
  /** All requests so far: `HEAD <repository>:<tag>`, `HEAD <repository>/blobs/<digest>`, `GET /token?…`. */
  requests: string[];
  close: () => Promise<void>;
}

/** A request, as far as its answer depends on it. */
export interface Asked {
  method: string;
  what: string;
  repository: string;
  kind: 'token' | 'manifest' | 'blob' | 'tags' | undefined;
  /** Tag or digest. */
  reference: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
}

export function digestOf(manifest: string): string {
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}
