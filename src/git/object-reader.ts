import { createBatchReader, readBlobs } from './read-blobs.ts';
import { startGit } from './run.ts';

/** Reads objects as `readBlobs` does, by a process that stays for the next ones. */
export interface ObjectReader {
  read: (oids: Iterable<string>) => Promise<ReadonlyMap<string, string>>;
  close: () => void;
}

/** A name that no object and no branch can have: git says that it is missing, and has said all before. */
const END = '.end';

/** Where the process ends too early (a damaged object, a promisor remote out of reach), `readBlobs` takes over. */
export function openObjectReader(repository: { root: string }): ObjectReader {
  const child = startGit({
    cwd: repository.root,
    args: ['cat-file', '--batch'],
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let hasEnded = false;
  let waiting: { take: (chunk: Buffer) => void; fail: () => void } | undefined;
  const fail = () => {
    hasEnded = true;
    waiting?.fail();
  };
  child.on('error', fail);
  child.on('close', fail);
  // The broken pipe says nothing that the end of the process does not.
  child.stdin?.on('error', () => {});
  child.stdout?.on('data', (chunk: Buffer) => waiting?.take(chunk));

  /** Undefined where the process has no answer to all of them. */
  const ask = (oids: readonly string[]): Promise<ReadonlyMap<string, string> | undefined> =>
    new Promise((resolve) => {
      const texts = new Map<string, string>();
      const asked = [...oids, END];
      const reader = createBatchReader(asked, texts);
      const saysTheEnd = createMarkFinder(`${END} missing\n`);
      const done = (answer: ReadonlyMap<string, string> | undefined) => {
        waiting = undefined;
        resolve(answer);
      };
      waiting = {
        take(chunk) {
          reader.take(chunk);
          const isEnd = saysTheEnd(chunk);
          if (reader.answered() === asked.length) done(texts);
          // Of a damaged object git can give less than it promises, and wait for more questions.
          else if (isEnd) child.kill();
        },
        fail: () => done(undefined),
      };
      child.stdin?.write(asked.map((name) => `${name}\n`).join(''));
    });

  // One after the other, so that each chunk is an answer to the same question.
  let last: Promise<unknown> = Promise.resolve();
  return {
    read(oids) {
      const wanted = [...new Set(oids)];
      const answer = last.then(async () => {
        const texts = hasEnded || wanted.length === 0 ? undefined : await ask(wanted);
        return texts ?? readBlobs(repository, wanted);
      });
      last = answer.catch(() => {});
      return answer;
    },
    close: () => child.stdin?.end(),
  };
}

/** Tells whether a text is in the pieces so far, or goes over from one to the next; to be asked no more when it is. */
export function createMarkFinder(mark: string): (chunk: Buffer) => boolean {
  let before: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const seam = Buffer.concat([before, chunk.subarray(0, mark.length)]);
    const last = Buffer.concat([before, chunk.subarray(-mark.length)]);
    before = last.subarray(-mark.length);
    return seam.includes(mark) || chunk.includes(mark);
  };
}
