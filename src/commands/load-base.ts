import type { Change } from '../change.ts';
import { AffectedError } from '../errors.ts';
import { sayTheSame } from '../affected/dockerfiles.ts';
import { dependentsOf, imageGraph } from '../images/graph.ts';
import type { Image, Widening } from '../images/image.ts';
import type { Problem, ResolvedImage } from '../images/resolve.ts';
import { joinPath } from '../images/paths.ts';
import type { Tree } from '../tree.ts';
import { argsFilePaths } from './args-files.ts';
import { CONFIG_FILE, loadTreeConfig } from './load-config.ts';
import type { LoadedHead } from './load-head.ts';
import { likelyPaths, type LoadedSide, loadSide, readImages, widenProblems } from './load-side.ts';
import { decidesImages, decidesLinkedFiles, sameImages } from './same-images.ts';

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
  const widen = (base: LoadedSide) => widenProblems(base, (problem) => brokenAtBase(base, problem, side));
  if (sameImages({ head: side, changes })) {
    return { ...side, tree, snapshot: { tree, text: (path) => blobs.text(tree, path) } };
  }
  try {
    const shared = sharedImages(options);
    if (shared && sameSetOfImages(options)) {
      const { config, found } = side;
      return widen(await readImages({ tree, blobs, config, found, shared, changed: options.asked }));
    }
    await blobs.read(tree, [CONFIG_FILE, ...tree.links, ...likelyPaths(tree)]);
    const config = override ?? (await loadTreeConfig(tree, blobs));
    return widen(await loadSide({ tree, blobs, config, repository, shared, changed: options.asked }));
  } catch (error) {
    if (!(error instanceof AffectedError)) throw error;
    return { code: 'base-unreadable', detail: `the base can't be read: ${error.message}` };
  }
}

/**
 * What was broken at the base says nothing about what the image was built from: build it. Where the
 * head's Dockerfile says something else, the image is affected for that already, and nothing about it is unknown.
 */
function brokenAtBase(base: LoadedSide, { image, message }: Problem, head: LoadedSide): Widening | undefined {
  const [old, now] = [base.images.get(image), head.images.get(image)];
  const isOther = old && now && old.image.dockerfile === now.image.dockerfile && !sayTheSame(old, now);
  if (isOther) return undefined;
  return { scope: 'image', image, code: 'broken-at-base', detail: `at the base, ${message}` };
}

interface Sides {
  head: LoadedHead;
  changes: readonly Change[];
}

/** Whether both sides have the same images with the same settings, where a config, a link or a file of args is not changed. */
function sameSetOfImages({ head, changes }: Sides): boolean {
  const decides = decidesImages(head.side);
  return changes.every((change) => change.status === 'modified' || !decides(change));
}

/**
 * Tells which of the head's images the base's are, once it is known which these are: those with the same settings whose
 * Dockerfile and ignore file did not change, nor those of an image they are built on. Undefined where none may be:
 * a changed config or file of build args may change any image, and a changed link any path.
 */
function sharedImages({
  head,
  changes,
}: Sides): ((images: readonly Image[]) => ReadonlyMap<string, ResolvedImage>) | undefined {
  const { side, override } = head;
  const args = argsFilePaths(side);
  const decidesLinks = decidesLinkedFiles(side);
  const changesAll = (change: Change) =>
    decidesLinks(change) || args.has(change.path) || (!override && change.path === CONFIG_FILE);
  if (changes.some(changesAll)) return undefined;
  const readsChanged = readerOf(changes.map(({ path }) => path));
  return (images) => {
    const others = [...side.images.values()];
    // An image more or less can change what any reference means.
    const isSame = (image: Image, index: number) =>
      image.name === others[index]?.image.name && image.dockerfile === others[index]?.image.dockerfile;
    if (images.length !== others.length || !images.every(isSame)) return new Map();
    const differs = new Set(others.filter(readsChanged).map(({ image }) => image.name));
    const dependents = dependentsOf(imageGraph(side.images));
    for (const name of differs) for (const dependent of dependents.get(name) ?? []) differs.add(dependent);
    const shared = new Map(side.images);
    for (const name of differs) shared.delete(name);
    return shared;
  };
}

/** Whether an image's Dockerfile or ignore file is one of the paths, or would be if it were there. */
function readerOf(paths: readonly string[]): (image: ResolvedImage) => boolean {
  const changed = new Set(paths);
  const ignoreFiles = paths.some((path) => path.endsWith('.dockerignore'));
  return ({ image, inputs }) =>
    inputs.dockerfile.some((file) => changed.has(file)) ||
    (inputs.ignoreFile?.files.some((file) => changed.has(file)) ?? false) ||
    (ignoreFiles &&
      (changed.has(`${image.dockerfile}.dockerignore`) ||
        changed.has(joinPath(inputs.context, '.dockerignore'))));
}
