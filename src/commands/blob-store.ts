import { decodePath } from '../git/path-bytes.ts';
import { readBlobs } from '../git/read-blobs.ts';
import type { Tree, TreeEntry } from '../tree.ts';

/** Contents by object id, read once however many paths and commits share them. */
export interface BlobStore {
  read: (tree: Tree, paths: readonly string[]) => Promise<void>;
  text: (tree: Tree, path: string) => string | undefined;
}

export function createBlobStore(options: {
  repository: { root: string };
  onDisk: (path: string) => Promise<Buffer>;
  /** What is on disk where it differs from the commit; git may have no object for it. */
  dirty: ReadonlyMap<string, TreeEntry | undefined> | undefined;
  /** What is being read already, by object id. */
  ahead: Promise<ReadonlyMap<string, string>>;
}): BlobStore {
  const texts = new Map<string, string>();
  let ahead: Promise<ReadonlyMap<string, string>> | undefined = options.ahead;
  // The other side of a comparison may have the same path with another content, which git does have. All zeros stand
  // for what can't be read as a file, such as a pipe, which nothing would ever answer.
  const isOnDisk = (path: string, oid: string) =>
    options.dirty !== undefined && options.dirty.get(path)?.oid === oid && !/^0+$/.test(oid);
  return {
    async read(tree, paths) {
      if (ahead) {
        for (const [oid, text] of await ahead) texts.set(oid, text);
        ahead = undefined;
      }
      const unread = new Map<string, string>();
      const onDisk: Promise<void>[] = [];
      for (const path of paths) {
        const oid = tree.get(path)?.oid;
        if (oid === undefined || texts.has(oid)) continue;
        unread.set(oid, path);
        if (!isOnDisk(path, oid)) continue;
        const reading = options.onDisk(path).then(
          (content) => {
            texts.set(oid, decodePath(content));
            unread.delete(oid);
          },
          () => {},
        );
        onDisk.push(reading);
      }
      await Promise.all(onDisk);
      if (unread.size === 0) return;
      for (const [oid, text] of await readBlobs(options.repository, unread.keys())) texts.set(oid, text);
    },
    text(tree, path) {
      const entry = tree.get(path);
      return entry && texts.get(entry.oid);
    },
  };
}
