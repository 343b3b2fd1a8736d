import type { Side } from '../affected/side.ts';
import type { Config } from '../config/schema.ts';
import { AffectedError } from '../errors.ts';
import { repositoryName } from '../git/repository.ts';
import { discoverImages } from '../images/discover.ts';
import { matchingPaths } from '../images/globs.ts';
import type { Image, Widening } from '../images/image.ts';
import {
  compileMeanings,
  type Meanings,
  type Problem,
  type ResolvedImage,
  resolveImages,
} from '../images/resolve.ts';
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
  found: FoundImages;
  /** The files whose contents decide the images. */
  files: readonly string[];
  problems: readonly Problem[];
}

/** The images of a commit, before their files are read. */
export interface FoundImages {
  images: readonly Image[];
  meanings: Meanings;
  /** What is wrong with files of build args, by path. */
  wrongArgs: ReadonlyMap<string, string>;
}

interface SideOptions {
  tree: Tree;
  blobs: BlobStore;
  config: Config;
  /** All paths that will be asked for: ignore files that rule none of them are not read. Without it, all are. */
  changed?: ReadonlySet<string> | undefined;
  /** Of the images found, those that another side has read from the same files. */
  shared?: ((images: readonly Image[]) => ReadonlyMap<string, ResolvedImage>) | undefined;
}

/**
 * Reads one compared commit's images.
 *
 * @throws AffectedError `duplicate-name`.
 */
export async function loadSide(options: SideOptions & { repository: { root: string } }): Promise<LoadedSide> {
  return readImages({ ...options, found: await findImages(options) });
}

async function findImages(options: SideOptions & { repository: { root: string } }): Promise<FoundImages> {
  const { tree, blobs, config, repository } = options;
  const snapshot = snapshotOf(options);
  await blobs.read(tree, tree.links);
  // Only an image at the root of the repository is named after it.
  const hasRootImage = matchingPaths(tree, config.discover.dockerfiles).some((path) => !path.includes('/'));
  const name = hasRootImage ? await repositoryName(repository) : '';
  const { args: fileArgs, wrong } = await readArgsFiles({ config, snapshot, blobs });
  const images = discoverImages({ tree, config, repositoryName: name, fileArgs });
  return { images, meanings: compileMeanings(images, config), wrongArgs: wrong };
}

/** Reads images that are known already; the texts of the tree's links must be read. */
export async function readImages(options: SideOptions & { found: FoundImages }): Promise<LoadedSide> {
  const { tree, blobs, config, found } = options;
  const snapshot = snapshotOf(options);
  const isRead = options.changed && thoseRuling(options.changed);
  const shared = options.shared?.(found.images) ?? new Map<string, ResolvedImage>();
  const own = shared.size === 0 ? found.images : found.images.filter(({ name }) => !shared.has(name));
  const files = neededFiles(snapshot, own, isRead);
  await blobs.read(tree, files);
  const resolved = resolveImages({ snapshot, images: own, meanings: found.meanings, config, isRead });
  // Without its build args, what else seems to be wrong with an image may not be.
  const argProblems = argsFileProblems(found.images, found.wrongArgs);
  const misled = new Set(argProblems.map(({ image }) => image));
  const problems = [...argProblems, ...resolved.problems.filter(({ image }) => !misled.has(image))];
  const images = new Map<string, ResolvedImage>();
  for (const { name } of found.images) {
    images.set(name, (shared.get(name) ?? resolved.images.get(name)) as ResolvedImage);
  }
  return { tree, images, config, snapshot, found, files, problems };
}

function snapshotOf({ tree, blobs }: SideOptions): Snapshot {
  return { tree, text: (path) => blobs.text(tree, path) };
}

/** What a person can mend at the head is an error; all problems are named at once. */
export function refuseProblems(problems: readonly Problem[]): void {
  const error = problemsError(problems);
  if (error) throw error;
}

export function problemsError(problems: readonly Problem[]): AffectedError | undefined {
  const [first] = problems;
  // Many images may share one file.
  return first && new AffectedError(first.code, [...new Set(problems.map(({ message }) => message))]);
}

/**
 * What can't be read of an image makes it affected.
 *
 * @param widen tells what a problem means to who asks: undefined where it makes nothing unknown.
 */
export function widenProblems(
  side: LoadedSide,
  widen: (problem: Problem) => Widening | undefined = asItIs,
): LoadedSide {
  const widenings = new Map<string, Widening>();
  for (const problem of side.problems) {
    const widening = widen(problem);
    if (widening) widenings.set(problem.image, widening);
  }
  if (widenings.size === 0) return side;
  const images = [...side.images].map(([name, resolved]): [string, typeof resolved] => {
    const widening = widenings.get(name);
    return [name, widening ? { ...resolved, widenings: [...resolved.widenings, widening] } : resolved];
  });
  return { ...side, images: new Map(images) };
}

function asItIs({ image, code, message: detail }: Problem): Widening {
  return { scope: 'image', image, code, detail };
}
