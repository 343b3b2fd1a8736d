import micromatch from 'micromatch';
import type { Tree } from '../tree.ts';

/**
 * One predicate for a list of globs over repo-relative paths: true when some glob matches.
 * Dot files match like any other; `**` alone matches everything, the repository root (`''`) too.
 */
export function compileGlobs(globs: readonly string[]): (path: string) => boolean {
  const matchers = globs.map(compileGlob);
  return (path) => matchers.some((matches) => matches(path));
}

/** The paths of a tree that some glob matches, in ascending order. Only those that end as a glob does are looked at. */
export function matchingPaths(tree: Tree, globs: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const glob of globs) {
    const matches = compileGlob(glob);
    for (const path of tree.endingWith(literalEnd(glob))) if (matches(path)) found.add(path);
  }
  return [...found].sort();
}

/** What every match of the glob ends in: the characters behind its last special one, without a slash in front. */
function literalEnd(glob: string): string {
  return (/[^*?[\]{}()!+@\\|]*$/.exec(glob)?.[0] ?? '').replace(/^\//, '');
}

function compileGlob(glob: string): (path: string) => boolean {
  if (glob === '**' || glob === '**/*') return () => true;
  if (!/[*?[\]{}()!+@\\]/.test(glob)) return (path) => path === glob;
  // The usual `**/Dockerfile`, without a regular expression: it is asked of every path of the repository.
  const basename = /^\*\*\/([^*?[\]{}()!+@\\/]+)$/.exec(glob)?.[1];
  if (basename !== undefined) return (path) => path === basename || path.endsWith(`/${basename}`);
  // In a file name a line feed is a character like any other, which micromatch's dots leave out.
  const expression = new RegExp(micromatch.makeRe(glob, { dot: true, posix: true }), 's');
  return (path) => path === glob || expression.test(path);
}
