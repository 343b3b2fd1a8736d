/**
 * A glob of a path that the config takes. A path matches itself whatever it holds, but for one that begins with `!`,
 * which would negate a glob.
 */
export function literalGlob(path: string): string {
  return path.replace(/^!(?!\()/, '?');
}

/** Whether the config takes it as a pattern of directories: some characters that git allows mean something there. */
export function isDirectoryPattern(directory: string): boolean {
  return directory
    .split('/')
    .every(
      (segment) => /^(?:[^{}*?$\p{Surrogate}]|\{[a-z]\})+$/u.test(segment) && !/^\.{1,2}$/.test(segment),
    );
}

/** Whether the config takes it as a pattern of repositories. */
export function isRepositoryPattern(match: string): boolean {
  return /^(?:[\w.$-]|\{[a-z]\})+(?::\d+(?=\/))?(?:\/(?:[\w.$-]|\{[a-z]\})+)*$/.test(match);
}

/** Whether registries take it as the name of an image, its placeholders filled. */
export function isName(name: string): boolean {
  const filled = name.replaceAll(/\{[a-z]\}/g, 'x');
  return /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/.test(filled);
}
