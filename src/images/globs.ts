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
/** Whether the part of a glob before its first wildcard leads below the path, or leaves open whether it does. */
export function mayMatchBelow(glob: string, path: string): boolean {
  const [fixed = ''] = /^[^*?[\]{}()!+@\\]*/.exec(glob) ?? [];
  return fixed.startsWith(`${path}/`) || (fixed !== glob && `${path}/`.startsWith(fixed));
}

/**
 * A glob in which `{name}` stands for a part of a path segment, with the values of its placeholders. The config's schema
 * sees to it that none stands twice in it.
 */
export function compileGlobPattern(
  glob: string,
): (path: string) => Readonly<Record<string, string>> | undefined {
  const names: string[] = [];
  const marked = glob.replace(
    /\{([A-Za-z_]\w*)\}/g,
    (_, name: string) => `${MARK}${names.push(name) - 1}${MARK}`,
  );
  if (names.length === 0) {
    const matches = compileGlob(glob);
    return (path) => (matches(path) ? {} : undefined);
  }
  const { source } = micromatch.makeRe(marked, { dot: true, posix: true });
  // Where nothing in the glob is special, micromatch escapes what it does not know.
  const groups = new RegExp(`\\\\?${MARK}(\\d+)\\\\?${MARK}`, 'g');
  const expression = new RegExp(
    source.replace(groups, (_, index: string) => `(?<p${index}>[^/]+)`),
    's',
  );
  return (path) => {
    const found = expression.exec(path)?.groups;
    return found && Object.fromEntries(names.map((name, index) => [name, found[`p${index}`] as string]));
  };
}

/** A character for private use, which means nothing in a glob. */
const MARK = '\ue000';

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
