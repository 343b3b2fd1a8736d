/** The blob id of contents, as they are: no filter touches them. */
export async function hashBlob(contents: Buffer, oidLength: number): Promise<string> {
  // Most runs hash nothing.
  const { hash } = await import('node:crypto');
  const object = Buffer.concat([Buffer.from(`blob ${contents.length}\0`), contents]);
  return hash(oidLength === 40 ? 'sha1' : 'sha256', object);
}
