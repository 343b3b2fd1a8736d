import { compileSource } from '../dockerfile/copy-source.ts';
import { type ContextSource, planDockerfile } from '../dockerfile/evaluate.ts';
import { DockerfileError } from '../dockerfile/parse.ts';
import { compileGlobs } from '../images/globs.ts';
import { displayDirectory, type Image, imagePlaces } from '../images/image.ts';
import { directoryOf, joinPath, relativeTo, selfAndAncestors } from '../images/paths.ts';
import { isDirectory, pathsUnder, type Tree } from '../tree.ts';
import { literalGlob } from './writable.ts';
import type { ReadImage } from './uses.ts';

/** An instruction of an image's Dockerfile that reads from the build context. */
export interface SourceLine {
  image: Image;
  source: ContextSource;
}

export interface FoundContexts {
  /** Settings for the images that are built in another directory than their own. */
  contexts: readonly {
    glob: string;
    context: string;
    images: readonly Image[];
    example: SourceLine | undefined;
  }[];
  /** Sources that are in git in no directory the image could be built in. */
  missing: readonly SourceLine[];
}

/**
 * Finds the build contexts from what the Dockerfiles copy: of an image's own directory and those above it, the nearest
 * that holds the most of it.
 */
export function findContexts(
  tree: Tree,
  images: readonly ReadImage[],
  args: Readonly<Record<string, string>>,
): FoundContexts {
  const found = images.map((read) => {
    const sources = sourcesOf(read, args);
    const directories = [...selfAndAncestors(read.image.directory)];
    const held = directories.map((directory) => sources.filter((source) => isIn(tree, directory, source)));
    const best = held.findIndex(({ length }) => held.every((other) => other.length <= length));
    const missing = sources.filter((source) => !held[best]?.includes(source));
    const example = held[best]?.find((source) => !held[0]?.includes(source));
    return { image: read.image, context: directories[best] as string, missing, example };
  });
  return {
    contexts: groupContexts(found),
    missing: found.flatMap(({ image, missing }) => missing.map((source) => ({ image, source }))),
  };
}

/** Those that say where they are to be found. */
function sourcesOf({ dockerfile }: ReadImage, args: Readonly<Record<string, string>>): ContextSource[] {
  try {
    const { sources } = planDockerfile({ dockerfile, args }).run();
    return sources.filter(
      ({ unset, source, outside }) => unset.length === 0 && source !== '.' && outside === undefined,
    );
  } catch (error) {
    if (error instanceof DockerfileError) return [];
    throw error;
  }
}

function isIn(tree: Tree, directory: string, source: ContextSource): boolean {
  const path = joinPath(directory, source.source);
  if (tree.has(path) || isDirectory(tree, path)) return true;
  // A link on the way, or a wildcard: somewhere below there is what is meant.
  if (tree.links.some((link) => path.startsWith(`${link}/`))) return true;
  if (!/[*?[\\]/.test(source.source)) return false;
  const matches = compileSource({ ...source, exclude: [] });
  return pathsUnder(tree, directory).some((each) => matches(relativeTo(directory, each) as string));
}

interface Found {
  image: Image;
  context: string;
  example: ContextSource | undefined;
}

/** One entry for all images below a directory where all of them are built alike, else one for each. */
function groupContexts(all: readonly Found[]): FoundContexts['contexts'] {
  const entries: FoundContexts['contexts'][number][] = [];
  for (const { image, context, example } of all) {
    if (context === configured(entries, image)) continue;
    const broad = joinPath(literalGlob(directoryOf(image.directory)), '*');
    const alike = matching(all, broad);
    const isShared = alike.length > 1 && alike.every((other) => other.context === context);
    const glob = isShared ? broad : literalGlob(imagePlaces(image).at(-1) as string);
    const images = matching(all, glob).map((other) => other.image);
    entries.push({
      glob,
      context: displayDirectory(context),
      images,
      example: example && { image, source: example },
    });
  }
  return entries;
}

function matching(all: readonly Found[], glob: string): readonly Found[] {
  return all.filter(({ image }) => imagePlaces(image).some(compileGlobs([glob])));
}

/** The last that matches counts; the image's own directory where none does. */
function configured(entries: FoundContexts['contexts'], image: Image): string {
  const entry = entries.findLast(({ glob }) => imagePlaces(image).some(compileGlobs([glob])));
  if (entry === undefined) return image.directory;
  return entry.context === '.' ? '' : entry.context;
}
