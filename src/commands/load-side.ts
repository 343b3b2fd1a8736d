import type { Side } from '../affected/side.ts';
import type { Config } from '../config/schema.ts';
import { AffectedError } from '../errors.ts';
import { repositoryName } from '../git/repository.ts';
import { discoverImages } from '../images/discover.ts';
import { matchingPaths } from '../images/globs.ts';
import type { Image, Widening } from '../images/image.ts';
import { type Problem, type ResolvedImage, resolveImages } from '../images/resolve.ts';
import { neededFiles, type Snapshot, thoseRuling } from '../images/snapshot.ts';
import type { Tree } from '../tree.ts';
import { argsFileProblems, readArgsFiles } from './args-files.ts';
import type { BlobStore } from './blob-store.ts';

/** The Dockerfiles most repositories have: they are read while the images are still being found. */
export function likelyPaths(tree: Tree): readonly string[] {
  return tree.endingWith('Dockerfile');
}

export interface LoadedSide extends Side {
  config: Config;
  snapshot: Snapshot;
  /** The files whose contents decide the images. */
  files: readonly string[];
  problems: readonly Problem[];
}

/**
 * Reads one compared commit's images.
 *
 * @throws AffectedError `duplicate-name`.
 */
export async function loadSide(options: {
  tree: Tree;
  blobs: BlobStore;
  config: Config;
  repository: { root: string };
  /** All paths that will be asked for: ignore files that rule none of them are not read. Without it, all are. */
  changed?: ReadonlySet<string> | undefined;
  /** Of the images found, those that another side has read from the same files. */
  shared?: ((images: readonly Image[]) => ReadonlyMap<string, ResolvedImage>) | undefined;
}): Promise<LoadedSide> {
  const { tree, blobs, config, repository } = options;
  const snapshot: Snapshot = { tree, text: (path) => blobs.text(tree, path) };
  await blobs.read(tree, tree.links);
  // Only an image at the root of the repository is named after it.
  const hasRootImage = matchingPaths(tree, config.discover.dockerfiles).some((path) => !path.includes('/'));
  const name = hasRootImage ? await repositoryName(repository) : '';
  const { args: fileArgs, wrong } = await readArgsFiles({ config, snapshot, blobs });
  const images = discoverImages({ tree, config, repositoryName: name, fileArgs });
  const isRead = options.changed && thoseRuling(options.changed);
  const files = neededFiles(snapshot, images, isRead);
  await blobs.read(tree, files);
  const shared = options.shared?.(images) ?? new Map<string, ResolvedImage>();
  const own = images.filter(({ name: image }) => !shared.has(image));
  const resolved = resolveImages({ snapshot, images: own, among: images, config, isRead });
  // Without its build args, what else seems to be wrong with an image may not be.
  const argProblems = argsFileProblems(images, wrong);
  const misled = new Set(argProblems.map(({ image }) => image));
  const problems = [...argProblems, ...resolved.problems.filter(({ image }) => !misled.has(image))];
  const all = images.map(({ name: image }): [string, ResolvedImage] => [
    image,
    (shared.get(image) ?? resolved.images.get(image)) as ResolvedImage,
  ]);
  return { tree, images: new Map(all), config, snapshot, files, problems };
}

/** What a person can mend at the head is an error; all problems are named at once. */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first] = problems;
  if (!first) return;
  // Many images may share one file.
  throw new AffectedError(first.code, [...new Set(problems.map(({ message }) => message))]);
}

/** A file that was broken at the base says nothing about what the image was built from: build it. */
export function widenProblems(side: LoadedSide): LoadedSide {
  if (side.problems.length === 0) return side;
  const broken = new Map(side.problems.map((problem) => [problem.image, problem]));
  const images = [...side.images].map(([name, resolved]): [string, typeof resolved] => {
    const problem = broken.get(name);
    if (!problem) return [name, resolved];
    const widening = brokenAtBase(resolved.image, problem.message);
    return [name, { ...resolved, widenings: [...resolved.widenings, widening] }];
  });
  return { ...side, images: new Map(images) };
}

function brokenAtBase(image: Image, message: string): Widening {
  return { scope: 'image', image: image.name, code: 'broken-at-base', detail: `at the base, ${message}` };
}
