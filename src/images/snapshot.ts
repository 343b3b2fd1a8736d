import type { Tree } from '../tree.ts';
import type { Image } from './image.ts';
import { followLinks } from './links.ts';
import { joinPath } from './paths.ts';

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
 */
export function neededFiles(snapshot: Snapshot, images: readonly Image[]): readonly string[] {
  const needed = new Set<string>();
  for (const image of images) {
    const dockerfile = followLinks(snapshot, image.dockerfile).path;
    if (dockerfile !== undefined) needed.add(dockerfile);
    const context = realContext(snapshot, image) ?? image.context;
    const ignoreFile = ignoreFileInForce(snapshot.tree, { dockerfile: image.dockerfile, context });
    const target = ignoreFile === undefined ? undefined : followLinks(snapshot, ignoreFile).path;
    if (target !== undefined) needed.add(target);
    for (const file of image.argsFiles) needed.add(followLinks(snapshot, file).path ?? file);
  }
  return [...needed];
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
  const own = `${image.dockerfile}.dockerignore`;
  if (tree.has(own)) return own;
  const shared = joinPath(image.context, '.dockerignore');
  return tree.has(shared) ? shared : undefined;
}
