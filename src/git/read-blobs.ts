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
    const batch = createBatchReader(waiting, blobs);
    await runGitUnchecked({
      cwd: repository.root,
      args: ['cat-file', '--batch', '--buffer'],
      input,
      onOutput: batch.take,
    });
    waiting = waiting.slice(batch.answered() + 1);
  }
  return blobs;
}

const ATTEMPTS = 5;
const NEWLINE = 0x0a;

/**
 * Reads `git cat-file --batch` while git is still writing: `<id> blob <size>\n<contents>\n`, or `<id> missing\n`, for
 * each id asked for. Adds the objects to `blobs` and counts how many ids have a good answer: of a damaged object git can
 * give less than it promises, so that contents which are not what their id says, and all behind them, are no answer.
 */
export function createBatchReader(
  oids: readonly string[],
  blobs: Map<string, Buffer>,
): { take: (chunk: Buffer) => void; answered: () => number } {
  let rest: Buffer = Buffer.alloc(0);
  let answered = 0;
  let isGood = true;
  return {
    answered: () => answered,
    take(chunk) {
      if (!isGood) return;
      const output = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = 0;
      for (; answered < oids.length; answered += 1) {
        const oid = oids[answered] as string;
        const answer = readAnswer(output, start, oid);
        if (answer === 'incomplete') break;
        if (answer === 'bad') {
          isGood = false;
          break;
        }
        if (answer.contents) blobs.set(oid, answer.contents);
        start = answer.end;
      }
      rest = output.subarray(start);
    },
  };
}

type Answer = { contents: Buffer | undefined; end: number };

function readAnswer(output: Buffer, start: number, oid: string): Answer | 'incomplete' | 'bad' {
  const headEnd = output.indexOf(NEWLINE, start);
  if (headEnd === -1) return 'incomplete';
  const [id, type, size] = output.toString('latin1', start, headEnd).split(' ');
  if (id !== oid) return 'bad';
  if (type === 'missing') return { contents: undefined, end: headEnd + 1 };
  const end = headEnd + 1 + Number(size);
  if (end >= output.length) return 'incomplete';
  const contents = output.subarray(headEnd + 1, end);
  const isWhole = output[end] === NEWLINE && hashBlob(contents, oid.length) === oid;
  return isWhole ? { contents, end: end + 1 } : 'bad';
}
