import type { Runner } from '../config/runner.ts';
import type { Verify } from '../config/verify.ts';
import { joinPath } from './paths.ts';

/** One image this repository builds: a Dockerfile with its settings, as configured at one commit. */
export interface Image {
  /** Identifies the image at both compared commits: its repository, for a variant `<repository>:<variant>`. */
  name: string;
  /** Path below the registry prefix that it is pushed under. */
  repository: string;
  /** One set of args, target and tags of several that its Dockerfile is built with; undefined for the only one. */
  variant: string | undefined;
  /** Tags a variant is published under and found by; none for a plain image, which any tag means. */
  tags: readonly string[];
  /** The directory that holds the Dockerfile; `''` is the repository root. */
  directory: string;
  dockerfile: string;
  /** The build context's directory; `''` is the repository root. */
  context: string;
  target: string | undefined;
  /** Prefix of what the image is pushed as; may hold CI variables. */
  registry: string;
  /** Build args. Of an image whose Dockerfile has been read, only those that can change it: what its job passes. */
  args: Readonly<Record<string, string>>;
  /**
   * Names that are not settings of the image itself, so that they reach it only if its build takes them; with the path
   * of the file that sets them, undefined where the config does.
   */
  sharedArgs: ReadonlyMap<string, string | undefined>;
  /** Files of build args configured for the image. */
  argsFiles: readonly string[];
  /** Hidden job the image's build job extends. */
  template: string;
  /** What runs the build job, where something is set. */
  runner?: Runner;
  /** What is asked of the image before its tags move: hidden jobs, or `false`. */
  verify: Required<Verify>;
  /** The build arg that holds the version of the software in it, and the tag made of that, with {value} in it. */
  component?: { arg: string; as: string };
  /** Globs over repo-relative paths declared as inputs in the config. */
  inputs: readonly string[];
  /** Files declared as inputs by some of their keys, with the patterns of these; all placeholders are filled. */
  keyedInputs: readonly { paths: readonly string[]; keys: readonly string[] }[];
}

/** A reference in an image's Dockerfile to another image of this repository. */
export interface Dependency {
  image: string;
  instruction: 'FROM' | 'COPY' | 'ADD' | 'RUN';
  /** The word as written, and its 1-based position in the Dockerfile. */
  word: string;
  line: number;
  column: number;
  /** The reference stands in an ONBUILD trigger of a base image, not in this Dockerfile. */
  viaTrigger: boolean;
  /** For a name without our registry, what follows it (`:1.2`, or nothing): no builder would find the image by it. */
  bare: string | undefined;
}

/** Something that can't be known, so that more is built than may be needed. */
export interface Widening {
  scope: 'all' | 'image';
  image?: string;
  code: string;
  detail: string;
}

/** What an image is called by default: its directory, and below it what tells its Dockerfile from others there. */
export function imagePath({ directory, dockerfile }: Pick<Image, 'directory' | 'dockerfile'>): string {
  const basename = directory === '' ? dockerfile : dockerfile.slice(directory.length + 1);
  if (basename === 'Dockerfile') return directory;
  const suffix = basename
    .replace(/^(?:docker|container)file(?:\.|$)|\.(?:docker|container)file$/i, '')
    .toLowerCase();
  return suffix === '' ? directory : joinPath(directory, suffix);
}

/** What the config's globs of images are held against. */
export function imagePlaces(image: Pick<Image, 'directory' | 'dockerfile'>): readonly string[] {
  const [directory, path] = [displayDirectory(image.directory), displayDirectory(imagePath(image))];
  return directory === path ? [directory] : [directory, path];
}

/** How a directory is shown: the repository root has no name of its own. */
export function displayDirectory(directory: string): string {
  return directory === '' ? '.' : directory;
}
