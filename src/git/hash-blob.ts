import { createHash } from 'node:crypto';

/** The blob id of contents, as they are: no filter touches them. */
export function hashBlob(contents: Buffer, oidLength: number): string {
  const hash = createHash(oidLength === 40 ? 'sha1' : 'sha256');
  return hash.update(`blob ${contents.length}\0`).update(contents).digest('hex');
}
