import type { Change } from '../change.ts';
import { AffectedError } from '../errors.ts';
import { dependentsOf, imageGraph } from '../images/graph.ts';
import type { Image, Widening } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { joinPath } from '../images/paths.ts';
import { neededFiles } from '../images/snapshot.ts';
import type { Tree } from '../tree.ts';
import { argsFilePaths } from './args-files.ts';
import { CONFIG_FILE, loadTreeConfig } from './load-config.ts';
import type { LoadedHead } from './load-head.ts';
import { likelyPaths, type LoadedSide, loadSide, widenProblems } from './load-side.ts';
import { decidesLinkedFiles, sameImages } from './same-images.ts';

/**
 * The base as it was configured then. It shares with the head every image that was read from the same files: where two
 * sides hold the same object, nothing about it can have changed but the contents of its inputs.
 *
 * @returns why it can't be read, which is no reason to stop: everything is built.
 */
export async function loadBase(options: {
  tree: Tree;
  head: LoadedHead;
  changes: readonly Change[];
  /** As the head was read. */
  asked: ReadonlySet<string> | undefined;
}): Promise<LoadedSide | Pick<Widening, 'code' | 'detail'>> {
  const { tree, head, changes } = options;
  const { blobs, override, repository, side } = head;
  if (sameImages({ head: side, changes })) {
    return { ...side, tree, snapshot: { tree, text: (path) => blobs.text(tree, path) } };
  }
  try {
    await blobs.read(tree, [CONFIG_FILE, ...tree.links, ...likelyPaths(tree)]);
    const config = override ?? (await loadTreeConfig(tree, blobs));
    const shared =
      override || !changes.some(({ path }) => path === CONFIG_FILE) ? sharedImages(options) : undefined;
    return widenProblems(await loadSide({ tree, blobs, config, repository, shared, changed: options.asked }));
  } catch (error) {
    if (!(error instanceof AffectedError)) throw error;
    return { code: 'base-unreadable', detail: `the base can't be read: ${error.message}` };
  }
}

/**
 * Tells which of the head's images the base's are, once it is known which these are: those with the same settings whose
 * Dockerfile and ignore file did not change, nor those of an image they are built on. A changed link may change any path.
 */
function sharedImages(options: {
  head: LoadedHead;
  changes: readonly Change[];
}): ((images: readonly Image[]) => ReadonlyMap<string, ResolvedImage>) | undefined {
  const { head, changes } = options;
  const { side } = head;
  const args = argsFilePaths(side);
  const decidesLinks = decidesLinkedFiles(side);
  const changesAll = (change: Change) => decidesLinks(change) || args.has(change.path);
  if (changes.some(changesAll)) return undefined;
  const changed = new Set(changes.map(({ path }) => path));
  return (images) => {
    const others = [...side.images.values()];
    // An image more or less can change what any reference means.
    const isSame = (image: Image, index: number) =>
      image.name === others[index]?.image.name && image.dockerfile === others[index]?.image.dockerfile;
    if (images.length !== others.length || !images.every(isSame)) return new Map();
    const differs = new Set<string>();
    for (const { image, inputs } of others) {
      const files = [
        ...neededFiles(side.snapshot, [image]),
        `${image.dockerfile}.dockerignore`,
        joinPath(inputs.context, '.dockerignore'),
      ];
      if (files.some((file) => changed.has(file))) differs.add(image.name);
    }
    const dependents = dependentsOf(imageGraph(side.images));
    for (const name of differs) for (const dependent of dependents.get(name) ?? []) differs.add(dependent);
    return new Map([...side.images].filter(([name]) => !differs.has(name)));
  };
}
