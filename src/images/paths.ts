/** The directory part of a repo-relative path; `''` at the root. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

export function joinPath(directory: string, path: string): string {
  return directory === '' ? path : `${directory}/${path}`;
}

/** `path` relative to `directory`, or undefined when it does not lie below it. */
export function relativeTo(directory: string, path: string): string | undefined {
  if (directory === '') return path;
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : undefined;
}

/** `path` and each directory above it, nearest first; ends with `''`, the repository root. */
export function* selfAndAncestors(path: string): Generator<string> {
  for (let current = path; current !== ''; current = directoryOf(current)) yield current;
  yield '';
}

/**
 * Resolves `.` and `..` in a path that starts at `directory`.
 * Undefined when it is absolute or leaves the repository: then it names nothing git knows.
 */
export function resolvePath(directory: string, path: string): string | undefined {
  if (path.startsWith('/')) return undefined;
  const segments = directory === '' ? [] : directory.split('/');
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** The paths and all directories above them; `''` among them if there is any. */
export function withAncestors(paths: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of paths) {
    for (const directory of selfAndAncestors(path)) {
      if (found.has(directory)) break;
      found.add(directory);
    }
  }
  return found;
}
