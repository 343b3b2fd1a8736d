import micromatch from 'micromatch';

/**
 * One predicate for a list of globs over repo-relative paths: true when some glob matches.
 * Dot files match like any other; `**` alone matches everything, the repository root (`''`) too.
 */
export function compileGlobs(globs: readonly string[]): (path: string) => boolean {
  const matchers = globs.map(compileGlob);
  return (path) => matchers.some((matches) => matches(path));
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
