import { decodePath } from '../git/path-bytes.ts';
import { readBlobs } from '../git/read-blobs.ts';
import type { Tree } from '../tree.ts';

/** Contents by object id, read once however many paths and commits share them. */
export interface BlobStore {
  read: (tree: Tree, paths: readonly string[]) => Promise<void>;
  text: (tree: Tree, path: string) => string | undefined;
}

export function createBlobStore(options: {
  repository: { root: string };
  onDisk: (path: string) => Promise<Buffer>;
  /** Paths of the working tree that may have no object in git. */
  dirty: ReadonlyMap<string, unknown> | undefined;
}): BlobStore {
  const texts = new Map<string, string>();
  return {
    async read(tree, paths) {
      const wanted = paths.filter((path) => {
        const entry = tree.get(path);
        return entry !== undefined && !texts.has(entry.oid);
      });
      const fromDisk = wanted.filter((path) => options.dirty?.has(path));
      await Promise.all(
        fromDisk.map(async (path) => {
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
