import { cleanPath, compileGoMatch } from './go-match.ts';
import { isIgnored } from './ignore-file.ts';
import { compileIgnorePattern } from './ignore-pattern.ts';
import type { IgnorePattern } from './ignore-pattern.ts';

/** A source of COPY, ADD or `RUN --mount=type=bind` in the build context, its variables expanded. */
export interface CopySource {
  source: string;
  /** `--parents`: directories are kept, and `**` crosses `/`. */
  parents: boolean;
  /** `--exclude`. Kaniko reads the flag and copies those files all the same: leave it empty for Kaniko. */
  exclude: readonly string[];
  /** Without wildcards, as the source of a mount. */
  literal: boolean;
}

/**
 * Tells whether a source selects the file at a path (relative to the context, clean). A source that names or matches
 * a directory selects everything below it; a source outside the context is taken from its root, as builders do.
 *
 * Where BuildKit (solver/llbsolver/file, tonistiigi/fsutil copy) and Kaniko (util.ResolveSources) read a source
 * differently, what either selects is selected.
 */
export function compileSource({ source, parents, exclude, literal }: CopySource): (path: string) => boolean {
  const root = relativeToContext(source);
  if (literal) {
    const below = belowDirectory(root);
    return (path) => below(path) !== undefined;
  }
  const selectors = parents ? parentsSelectors(source) : [];
  // Kaniko reads `--parents` without heeding it, as it does `--exclude`: one with excludes is not for Kaniko.
  if (!parents || exclude.length === 0) selectors.push(...plainSelectors(root));
  const excluded = compileExcludes(exclude);
  return (path) =>
    selectors.some((select) => {
      const rest = select(path);
      return rest !== undefined && (rest === '' || !isIgnored(excluded, rest, 'docker'));
    });
}

/**
 * What is left of a selected path below the directory that a builder starts to copy at, which is what `--exclude` is
 * relative to; `''` when it is the file itself, which `--exclude` can't keep out.
 */
type Selector = (path: string) => string | undefined;

const WILDCARDS = /[*?[\\]/;

function relativeToContext(source: string): string {
  return cleanPath(`/${source}`).slice(1);
}

function plainSelectors(root: string): Selector[] {
  const selectors = [belowDirectory(root)];
  if (WILDCARDS.test(root)) {
    for (const pattern of new Set([root, literalHead(root)])) selectors.push(belowMatch(pattern));
  }
  return selectors;
}

function belowDirectory(directory: string): Selector {
  if (directory === '') return (path) => path;
  return (path) => {
    if (path === directory) return '';
    return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : undefined;
  };
}

function belowMatch(pattern: string): Selector {
  const match = compileGoMatch(pattern);
  const start = pattern.slice(0, pattern.search(WILDCARDS));
  return (path) => {
    if (!path.startsWith(start)) return undefined;
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      if (match(path.slice(0, end)) === true) return path.slice(end + 1);
    }
    return match(path) === true ? '' : undefined;
  };
}

/** BuildKit takes the segments before the first wildcard as they are written, backslashes included. */
function literalHead(pattern: string): string {
  const segments = pattern.split('/');
  const first = segments.findIndex((segment) => /[*?[]/.test(segment.replace(/\\./gs, '')));
  const head = first < 0 ? segments : segments.slice(0, first);
  return [...head.map((segment) => segment.replaceAll('\\', '\\\\')), ...segments.slice(head.length)].join(
    '/',
  );
}

/** With `--parents` BuildKit copies from the directory before `/./`, or from the context, what an ignore pattern matches. */
function parentsSelectors(source: string): Selector[] {
  const pivot = source.indexOf('/./');
  const base = plainSelectors(relativeToContext(pivot < 0 ? '' : source.slice(0, pivot)));
  const included = compileIgnorePattern(relativeToContext(pivot < 0 ? source : source.slice(pivot + 3)));
  if (included === 'blank') return base;
  if (included === 'malformed') return plainSelectors(relativeToContext(source));
  return base.map((select) => (path) => {
    const rest = select(path);
    return rest !== undefined && isIgnored([included], rest, 'docker') ? rest : undefined;
  });
}

/** A malformed pattern fails the build; until then nothing is excluded. */
function compileExcludes(exclude: readonly string[]): readonly IgnorePattern[] {
  const patterns: IgnorePattern[] = [];
  for (const text of exclude) {
    const pattern = compileIgnorePattern(text);
    if (pattern === 'malformed') return [];
    if (pattern !== 'blank') patterns.push(pattern);
  }
  return patterns;
}
