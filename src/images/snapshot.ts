import type { Tree } from '../tree.ts';
import type { Image } from './image.ts';
import { followLinks } from './links.ts';
import { directoryOf, joinPath, withAncestors } from './paths.ts';

/**
 * One side of a comparison: all paths, and the contents of those that were asked for.
 * `text` is undefined for a path that does not exist, was not asked for, or whose blob is missing from the clone.
 * The text of a symbolic link is its target.
 */
export interface Snapshot {
  tree: Tree;
  text: (path: string) => string | undefined;
}

/**
 * The files whose contents decide the images: Dockerfiles, the ignore files in force, files of build args. The tree's
 * links must be read before.
 *
 * @param isRead of an ignore file, by the build context it rules and the paths that decide what it says.
 */
export function neededFiles(
  snapshot: Snapshot,
  images: readonly Image[],
  isRead: IgnoreFileChoice = () => true,
): readonly string[] {
  const needed = new Set<string>();
  for (const image of images) {
    const dockerfile = followLinks(snapshot, image.dockerfile).path;
    if (dockerfile !== undefined) needed.add(dockerfile);
    const ignoreFile = ignoreFileOf(snapshot, image);
    if (ignoreFile?.target !== undefined && isRead(ignoreFile)) needed.add(ignoreFile.target);
    for (const file of image.argsFiles) needed.add(followLinks(snapshot, file).path ?? file);
  }
  return [...needed];
}

export type IgnoreFileChoice = (ignoreFile: Omit<FoundIgnoreFile, 'path' | 'target'>) => boolean;

/**
 * Chooses the ignore files that decide something about one of `paths`: it lies in the build context, is one of the files
 * itself, or is the ignore file that was in force before or is after this one.
 */
export function thoseRuling(paths: ReadonlySet<string>): IgnoreFileChoice {
  const directories = withAncestors(paths);
  const mayBeOwn = [...paths].some((path) => path.endsWith(IGNORE_FILE));
  return ({ context, own, files }) =>
    directories.has(context) || (mayBeOwn && paths.has(own)) || files.some((file) => paths.has(file));
}

/** Where an image's ignore file lies, links followed. */
export interface FoundIgnoreFile {
  /** Where the build context really is. */
  context: string;
  /** The path that wins over all others, whether or not there is such a file. */
  own: string;
  path: string;
  /** Undefined where a link leads nowhere. */
  target: string | undefined;
  /** The path, and where it leads as a symbolic link: each decides what the text is. */
  files: readonly string[];
}

export function ignoreFileOf(snapshot: Snapshot, image: Image): FoundIgnoreFile | undefined {
  const context = realContext(snapshot, image) ?? image.context;
  const path = ignoreFileInForce(snapshot.tree, { dockerfile: image.dockerfile, context });
  if (path === undefined) return undefined;
  const { path: target, links } = followLinks(snapshot, path);
  const files = links.length === 0 ? [path] : [...new Set([path, ...links, target ?? path])];
  return { context, own: ownIgnoreFile(image), path, target, files };
}

/** Where the image's build context is when links are followed; undefined where they lead nowhere. */
export function realContext(snapshot: Snapshot, image: Image): string | undefined {
  return followLinks(snapshot, image.context).path;
}

/** `<Dockerfile>.dockerignore` wins over the context's `.dockerignore`; only one is read (BuildKit and Kaniko alike). */
export function ignoreFileInForce(
  tree: Tree,
  image: Pick<Image, 'dockerfile' | 'context'>,
): string | undefined {
  const { directories, others } = ignoreFilesIn(tree);
  if (others.size > 0 && others.has(ownIgnoreFile(image))) return ownIgnoreFile(image);
  return directories.has(image.context) ? joinPath(image.context, IGNORE_FILE) : undefined;
}

function ownIgnoreFile({ dockerfile }: Pick<Image, 'dockerfile'>): string {
  return `${dockerfile}${IGNORE_FILE}`;
}

const IGNORE_FILE = '.dockerignore';

interface IgnoreFiles {
  /** Those that hold a file of just that name. */
  directories: ReadonlySet<string>;
  /** Paths of those with more in their names. */
  others: ReadonlySet<string>;
}

const known = new WeakMap<Tree, IgnoreFiles>();

/** Found once, however many images ask: a tree does not change. */
function ignoreFilesIn(tree: Tree): IgnoreFiles {
  const found = known.get(tree);
  if (found) return found;
  const directories = new Set<string>();
  const others = new Set<string>();
  for (const path of tree.endingWith(IGNORE_FILE)) {
    const directory = directoryOf(path);
    if (path === joinPath(directory, IGNORE_FILE)) directories.add(directory);
    else others.add(path);
  }
  const files = { directories, others };
  known.set(tree, files);
  return files;
}
