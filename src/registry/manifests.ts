import { createHash } from 'node:crypto';
import { NoAnswerError } from '../http/answer.ts';
import type { Reply } from '../http/fetch-once.ts';
import { type Ask, unlessAbsent } from './ask.ts';

/** Of an image for several platforms, the digest of the index is wanted. */
export const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** An image, or the index of one for several platforms, as the registry holds it. */
export interface Manifest {
  /** `sha256:…`, of exactly this text. */
  digest: string;
  mediaType: string;
  /** JSON, which is UTF-8 (RFC 8259, 8.1): of other bytes the digest would not come out. */
  text: string;
}

/**
 * Reads a manifest by tag or digest; `undefined` where there is none. Its text is held against the digest that was asked
 * for, or that the registry names.
 *
 * @throws {NoAnswerError}
 */
export async function readManifest(ask: Ask, reference: string): Promise<Manifest | undefined> {
  const path = `manifests/${reference}`;
  const reply = await unlessAbsent(ask({ method: 'GET', path, headers: { accept: MANIFESTS.join(', ') } }));
  if (reply === undefined) return undefined;
  const mediaType = mediaTypeOf(reply);
  if (!MANIFESTS.includes(mediaType)) {
    throw new NoAnswerError(
      `the registry answers ${path} with what is no image's manifest (${JSON.stringify(mediaType)})`,
      200,
    );
  }
  const digest = `sha256:${createHash('sha256').update(reply.body).digest('hex')}`;
  const promised = reference.startsWith('sha256:') ? reference : digestIn(reply);
  if (promised !== undefined && promised !== digest) {
    throw new NoAnswerError(`the registry answers ${path} with ${digest} in the place of ${promised}`, 200);
  }
  return { digest, mediaType, text: reply.body };
}

/**
 * Puts a tag on a manifest whose parts are in the repository.
 *
 * @throws {NoAnswerError}
 */
export async function putManifest(ask: Ask, tag: string, manifest: Manifest): Promise<void> {
  const { digest, mediaType, text } = manifest;
  const path = `manifests/${tag}`;
  const reply = await ask({ method: 'PUT', path, headers: { 'content-type': mediaType }, body: text });
  const put = digestIn(reply);
  if (put === undefined || put === digest) return;
  throw new NoAnswerError(
    `the registry was given ${digest} for ${path}, and says that it is ${put} now`,
    200,
  );
}

/**
 * Deletes a manifest, and with it its tags; `false` where it was not there.
 *
 * @throws {NoAnswerError}
 */
export async function deleteManifest(ask: Ask, digest: string): Promise<boolean> {
  return (await unlessAbsent(ask({ method: 'DELETE', path: `manifests/${digest}` }))) !== undefined;
}

export function digestIn({ headers }: Reply): string | undefined {
  const digest = headers['docker-content-digest'];
  return digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : undefined;
}

function mediaTypeOf({ headers }: Reply): string {
  return (headers['content-type'] ?? '').replace(/\s*;.*/s, '').toLowerCase();
}
