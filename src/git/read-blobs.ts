import { hashBlob } from './hash-blob.ts';
import { runGitUnchecked } from './run.ts';

/**
 * The contents of objects by id, read by one process. An id git has no object for is left out of the map: the caller
 * widens. In a partial clone git fetches a missing object from its promisor remote when it is asked for, as for any
 * other git command.
 *
 * Where git gives up in the middle (a damaged object, a promisor remote out of reach) the object it gave up at is
 * left out and the rest is read by a next process, a few times over; then what is still unread is left out too.
 *
 * @throws {AffectedError} where git can't be run at all.
 */
export async function readBlobs(
  repository: { root: string },
  oids: Iterable<string>,
): Promise<Map<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  let waiting = [...new Set(oids)];
  for (let attempt = 0; attempt < ATTEMPTS && waiting.length > 0; attempt += 1) {
    const input = waiting.map((oid) => `${oid}\n`).join('');
    const { stdout } = await runGitUnchecked({ cwd: repository.root, args: ['cat-file', '--batch'], input });
    const answered = parseBatch({ output: stdout, oids: waiting, blobs });
    waiting = waiting.slice(answered + 1);
  }
  return blobs;
}

const ATTEMPTS = 5;
const NEWLINE = 0x0a;

/**
 * Reads `git cat-file --batch`: `<id> blob <size>\n<contents>\n`, or `<id> missing\n`, for each id asked for. Adds
 * the objects to `blobs` and returns how many ids have a good answer: of a damaged object git can give less than it
 * promises, so that contents which are not what their id says, and all behind them, are no answer.
 */
export function parseBatch(options: {
  output: Buffer;
  oids: readonly string[];
  blobs: Map<string, Buffer>;
}): number {
  const { output, oids, blobs } = options;
  let start = 0;
  for (const [index, oid] of oids.entries()) {
    const headEnd = output.indexOf(NEWLINE, start);
    const [id, type, size] = output.toString('latin1', start, Math.max(start, headEnd)).split(' ');
    if (id !== oid) return index;
    start = headEnd + 1;
    if (type !== 'missing') {
      const end = start + Number(size);
      const contents = output.subarray(start, end);
      if (output[end] !== NEWLINE || hashBlob(contents, oid.length) !== oid) return index;
      blobs.set(oid, contents);
      start = end + 1;
    }
  }
  return oids.length;
}
