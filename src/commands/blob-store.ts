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
}): BlobStore {
  const texts = new Map<string, string>();
  const isOnDisk = (tree: Tree, path: string) => {
    const oid = options.dirty?.get(path)?.oid;
    // The other side of a comparison may have the same path with another content, which git does have. All zeros stand
    // for what can't be read as a file, such as a pipe, which nothing would ever answer.
    return oid !== undefined && oid === tree.get(path)?.oid && !/^0+$/.test(oid);
  };
  return {
    async read(tree, paths) {
      const wanted = paths.filter((path) => {
        const entry = tree.get(path);
        return entry !== undefined && !texts.has(entry.oid);
      });
      await Promise.all(
        wanted
          .filter((path) => isOnDisk(tree, path))
          .map(async (path) => {
            const content = await options.onDisk(path).catch(() => undefined);
            if (content) texts.set(tree.get(path)?.oid as string, decodePath(content));
          }),
      );
      const oids = new Set(
        wanted.map((path) => tree.get(path)?.oid as string).filter((oid) => !texts.has(oid)),
      );
      if (oids.size === 0) return;
      for (const [oid, content] of await readBlobs(options.repository, oids))
        texts.set(oid, decodePath(content));
    },
    text(tree, path) {
      const entry = tree.get(path);
      return entry && texts.get(entry.oid);
    },
  };
}
