import { decodePath } from '../git/path-bytes.ts';
import type { Tree, TreeEntry } from '../tree.ts';

/** Contents by object id, read once however many paths and commits share them. */
export interface BlobStore {
  /** @param objects ids of further objects, such as commits. */
  read: (tree: Tree, paths: readonly string[], objects?: readonly string[]) => Promise<void>;
  text: (tree: Tree, path: string) => string | undefined;
  /** What was read by its id. */
  object: (oid: string) => string | undefined;
}

export function createBlobStore(options: {
  /** Contents of git's objects by id; one it does not have is left out. */
  readObjects: (oids: Iterable<string>) => Promise<ReadonlyMap<string, string>>;
  onDisk: (path: string) => Promise<Buffer>;
  /** What is on disk where it differs from the commit; git may have no object for it. */
  dirty: ReadonlyMap<string, TreeEntry | undefined> | undefined;
}): BlobStore {
  const texts = new Map<string, string>();
  const reading = new Map<string, Promise<unknown>>();
  // The other side of a comparison may have the same path with another content, which git does have. All zeros stand
  // for what can't be read as a file, such as a pipe, which nothing would ever answer.
  const isOnDisk = (path: string, oid: string) =>
    options.dirty !== undefined && options.dirty.get(path)?.oid === oid && !/^0+$/.test(oid);
  const readAll = async (unread: Map<string, string>) => {
    const onDisk = [...unread].filter(([oid, path]) => isOnDisk(path, oid));
    await Promise.all(
      onDisk.map(async ([oid, path]) => {
        const content = await options.onDisk(path).catch(() => undefined);
        if (content === undefined) return;
        texts.set(oid, decodePath(content));
        unread.delete(oid);
      }),
    );
    if (unread.size === 0) return;
    for (const [oid, text] of await options.readObjects(unread.keys())) texts.set(oid, text);
  };
  return {
    async read(tree, paths, objects = []) {
      const unread = new Map<string, string>();
      const waiting = new Set<Promise<unknown>>();
      const ask = (oid: string | undefined, path: string) => {
        if (oid === undefined || texts.has(oid)) return;
        const begun = reading.get(oid);
        if (begun) waiting.add(begun);
        else unread.set(oid, path);
      };
      for (const path of paths) ask(tree.get(path)?.oid, path);
      // Behind the others: where git fails, what comes after an object that is no blob is read again.
      for (const oid of objects) ask(oid, '');
      if (unread.size > 0) {
        const begun = readAll(unread);
        for (const oid of unread.keys()) reading.set(oid, begun);
        waiting.add(begun);
      }
      await Promise.all(waiting);
    },
    text(tree, path) {
      const entry = tree.get(path);
      return entry && texts.get(entry.oid);
    },
    object: (oid) => texts.get(oid),
  };
}
