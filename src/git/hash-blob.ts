import { hash } from 'node:crypto';

/** The blob id of contents, as they are: no filter touches them. */
export function hashBlob(contents: Buffer, oidLength: number): string {
  const object = Buffer.concat([Buffer.from(`blob ${contents.length}\0`), contents]);
  return hash(oidLength === 40 ? 'sha1' : 'sha256', object);
}
