import { isAscii } from 'node:buffer';
import { hashBlob } from './hash-blob.ts';
import { decodePath, encodePath } from './path-bytes.ts';
import { runGitUnchecked } from './run.ts';

/**
 * The contents of objects by id, decoded as paths are, read by one process. An id git has no object for is left out of
 * the map: the caller widens. In a partial clone git fetches a missing object from its promisor remote when it is asked
 * for, as for any other git command.
 *
 * Where git gives up in the middle (a damaged object, a promisor remote out of reach) the object it gave up at is
 * left out and the rest is read by a next process, a few times over; then what is still unread is left out too.
 *
 * @throws {AffectedError} where git can't be run at all.
 */
export async function readBlobs(
  repository: { root: string },
  oids: Iterable<string>,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  let waiting = [...new Set(oids)];
  for (let attempt = 0; attempt < ATTEMPTS && waiting.length > 0; attempt += 1) {
    const answered = await readBatch(repository, waiting, texts);
    waiting = waiting.slice(answered + 1);
  }
  return texts;
}

const ATTEMPTS = 5;
// Where one piece of git's output is not ASCII, the others still need no decoding.
const PIECE = 1 << 16;

/** How many of the ids, in a row, git had an answer to; the objects are added to `texts`. */
async function readBatch(
  repository: { root: string },
  oids: readonly string[],
  texts: Map<string, string>,
): Promise<number> {
  const { stdout } = await runGitUnchecked({
    cwd: repository.root,
    args: ['cat-file', '--batch', '--buffer'],
    input: oids.map((oid) => `${oid}\n`).join(''),
    bulk: true,
  });
  const answered = readAll(stdout, oids, texts);
  // An object that holds less than it promises need not make git fail: but then answers behind it are missing.
  if (answered === oids.length) return answered;
  const seemingly = oids.slice(0, answered);
  const whole = await wholeAnswers(seemingly, texts);
  for (const oid of seemingly.slice(whole)) texts.delete(oid);
  return whole;
}

/** A piece of whole answers after the other, without a copy of any. */
function readAll(output: Buffer, oids: readonly string[], texts: Map<string, string>): number {
  let answered = 0;
  for (let start = 0, size = PIECE; answered < oids.length;) {
    const read = readAnswers({ bytes: output.subarray(start, start + size), oids, answered, texts });
    answered = read.answered;
    if (!read.isGood || (read.used === 0 && start + size >= output.length)) break;
    start += read.used;
    size = read.used === 0 ? 2 * size : PIECE;
  }
  return answered;
}

/**
 * How many objects in a row are what their ids say: of a damaged one git can give less than it promises before it fails,
 * so that what seems to be behind it may be no answer.
 */
export async function wholeAnswers(
  oids: readonly string[],
  texts: ReadonlyMap<string, string>,
): Promise<number> {
  for (const [index, oid] of oids.entries()) {
    const text = texts.get(oid);
    if (text !== undefined && (await hashBlob(encodePath(text), oid.length)) !== oid) return index;
  }
  return oids.length;
}

/**
 * Reads `git cat-file --batch` a piece after the other: `<id> blob <size>\n<contents>\n`, or `<id> missing\n`, for
 * each id asked for. Adds the objects to `texts` and counts how many ids have an answer of the right form.
 */
export function createBatchReader(
  oids: readonly string[],
  texts: Map<string, string>,
): { take: (chunk: Buffer) => void; answered: () => number } {
  let rest: Buffer = Buffer.alloc(0);
  let answered = 0;
  let isGood = true;
  return {
    answered: () => answered,
    take(chunk) {
      if (!isGood) return;
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const read = readAnswers({ bytes, oids, answered, texts });
      ({ answered, isGood } = read);
      rest = bytes.subarray(read.used);
    },
  };
}

/** The whole answers that the bytes begin with, from the id on that none has been read for. */
function readAnswers(options: {
  bytes: Buffer;
  oids: readonly string[];
  answered: number;
  texts: Map<string, string>;
}): { answered: number; used: number; isGood: boolean } {
  const { bytes, oids, texts } = options;
  // Byte for byte a character: where all of it is ASCII, parts of it need no decoding of their own.
  const output = bytes.toString('latin1');
  const decoded = isAscii(bytes) ? output : undefined;
  let used = 0;
  for (let answered = options.answered; answered < oids.length; answered += 1) {
    const oid = oids[answered] as string;
    const answer = answerAt(output, used, oid);
    if (typeof answer === 'string') return { answered, used, isGood: answer === 'incomplete' };
    const [from, to] = answer;
    if (to !== MISSING) texts.set(oid, decoded?.slice(from, to) ?? decodePath(bytes.subarray(from, to)));
    used = to === MISSING ? from : to + 1;
  }
  return { answered: oids.length, used, isGood: true };
}

const MISSING = -1;

/** Where the contents begin and end; where the next answer begins, and `MISSING`. */
function answerAt(
  output: string,
  start: number,
  oid: string,
): readonly [number, number] | 'incomplete' | 'bad' {
  const headEnd = output.indexOf('\n', start);
  if (headEnd === -1) return 'incomplete';
  if (!output.startsWith(oid, start)) return 'bad';
  if (output.startsWith(' missing', start + oid.length)) return [headEnd + 1, MISSING];
  const end = headEnd + 1 + Number(output.slice(output.lastIndexOf(' ', headEnd), headEnd));
  if (end >= output.length) return 'incomplete';
  return output[end] === '\n' ? [headEnd + 1, end] : 'bad';
}
