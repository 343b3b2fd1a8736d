import { SUBMODULE, type Tree } from '../tree.ts';
import { compileGlobs } from '../images/globs.ts';
import { imagePath } from '../images/image.ts';
import { directoryOf } from '../images/paths.ts';
import { literalGlob } from './writable.ts';

/** Why a file that is named like a Dockerfile is no image. */
export type LeftOutBecause = 'directory' | 'template' | 'backup' | 'unreadable' | 'same-name';

export interface LeftOut {
  path: string;
  because: LeftOutBecause;
}

/** What becomes of the files that are named like Dockerfiles. */
export interface FoundDockerfiles {
  /** The images' Dockerfiles, in ascending order. */
  paths: readonly string[];
  /** Globs that match all of them. */
  dockerfiles: readonly string[];
  /** Globs of what these would match too, each with what it leaves out. */
  exclude: readonly { glob: string; leftOut: readonly LeftOut[] }[];
  leftOut: readonly LeftOut[];
}

/** Every file named `Dockerfile`, `Dockerfile.*`, `*.Dockerfile`, `Containerfile` or alike. */
export function namedLikeDockerfiles(tree: Tree): readonly string[] {
  return tree.paths.filter((path) => styleOf(path) !== undefined && tree.get(path)?.mode !== SUBMODULE);
}

/**
 * Sorts out which of them are images. Where every one lies below a directory of examples or tests, that is what the
 * repository is about, and none is left out for it.
 *
 * @param options.isReadable whether a builder could read the file.
 */
export function sortOutDockerfiles(options: {
  paths: readonly string[];
  isReadable: (path: string) => boolean;
}): FoundDockerfiles {
  const plain = options.paths.map((path) => ({ path, because: reasonByName(path, options.isReadable) }));
  const builds = plain.filter(({ because }) => because === undefined);
  const meant = builds.some(({ path }) => quietPart(path) === undefined);
  const judged = plain.map(({ path, because }) => ({
    path,
    because: meant && quietPart(path) !== undefined ? ('directory' as const) : because,
  }));
  const doubles = namedTwice(judged.flatMap(({ path, because }) => (because === undefined ? [path] : [])));
  const leftOut = judged.flatMap(({ path, because }): LeftOut[] => {
    const reason = because ?? (doubles.has(path) ? 'same-name' : undefined);
    return reason === undefined ? [] : [{ path, because: reason }];
  });
  const gone = new Set(leftOut.map(({ path }) => path));
  const paths = options.paths.filter((path) => !gone.has(path));
  const dockerfiles = [...new Set(paths.map((path) => styleOf(path) as string))].sort();
  return { paths, dockerfiles, exclude: excluding({ paths, dockerfiles, leftOut }), leftOut };
}

/** The glob by which a file is found; undefined for one that is not named like a Dockerfile. */
function styleOf(path: string): string | undefined {
  const name = basenameOf(path);
  if (/^(?:docker|container)file$/i.test(name)) return `**/${name}`;
  const [, head] = /^((?:docker|container)file[._-])./i.exec(name) ?? [];
  if (head !== undefined) return name.endsWith('.dockerignore') ? undefined : `**/${head}*`;
  const [, tail] = /.(\.(?:docker|container)file)$/i.exec(name) ?? [];
  return tail === undefined ? undefined : `**/*${tail}`;
}

const TEMPLATE = /\.(?:in|j2|jinja2?|tmpl|tpl|template|erb|mustache|hbs|ejs|gotmpl|m4)$/i;
const BACKUP = /(?:~|\.(?:orig|bak|old|rej|swp|disabled|sample|example))$/i;

function reasonByName(path: string, isReadable: (path: string) => boolean): LeftOutBecause | undefined {
  const name = basenameOf(path);
  // A plain Dockerfile that is broken is meant to be one: it is told, not passed over.
  if (/^(?:docker|container)file$/i.test(name)) return undefined;
  if (TEMPLATE.test(name)) return 'template';
  if (BACKUP.test(name)) return 'backup';
  return isReadable(path) ? undefined : 'unreadable';
}

const QUIET =
  /^(?:\..+|tests?|testing|test-?data|__tests__|specs?|fixtures?|__fixtures__|examples?|samples?|demos?|docs?|vendor|third[_-]party|node_modules|templates?|skeletons?|cookiecutter|.*\{\{.*)$/i;

/** The part of a path down to the first directory whose files are no images by its name. */
function quietPart(path: string): string | undefined {
  const segments = path.split('/').slice(0, -1);
  const index = segments.findIndex((segment) => QUIET.test(segment));
  return index === -1 ? undefined : segments.slice(0, index + 1).join('/');
}

/** Of the files that would be one image (`Dockerfile` and `Containerfile`, `x/Dockerfile` and `Dockerfile.x`), all but one. */
function namedTwice(paths: readonly string[]): ReadonlySet<string> {
  const kept = new Set<string>();
  const isPlain = (path: string) => (basenameOf(path) === 'Dockerfile' ? 0 : 1);
  const inOrder = paths.toSorted((one, other) => isPlain(one) - isPlain(other) || (one < other ? -1 : 1));
  const doubles = inOrder.filter((path) => {
    const name = imagePath({ directory: directoryOf(path), dockerfile: path });
    if (kept.has(name)) return true;
    kept.add(name);
    return false;
  });
  return new Set(doubles);
}

function excluding(found: Omit<FoundDockerfiles, 'exclude'>): FoundDockerfiles['exclude'] {
  const isFound = compileGlobs(found.dockerfiles);
  const globs = new Map<string, LeftOut[]>();
  for (const left of found.leftOut) {
    if (!isFound(left.path)) continue;
    const glob = globFor(left, found.paths);
    globs.set(glob, [...(globs.get(glob) ?? []), left]);
  }
  return [...globs].map(([glob, leftOut]) => ({ glob, leftOut }));
}

/** One that leaves out the file, and no image; in the last resort its path, which matches itself whatever it holds. */
function globFor({ path, because }: LeftOut, images: readonly string[]): string {
  const broad =
    because === 'directory'
      ? `${quietPart(path)}/**`
      : because === 'template' || because === 'backup'
        ? `**/${basenameOf(path)}`
        : path;
  const matches = compileGlobs([broad]);
  const isRight = !/^!|[{}()[\]\\]/.test(broad) && matches(path) && !images.some(matches);
  return isRight ? broad : literalGlob(path);
}

function basenameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
