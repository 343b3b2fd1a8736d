/** A glob of one path, and of no other that its characters would mean as a glob; a backslash can't be written as itself. */
export function literalGlob(path: string): string {
  return path.replace(/\\|[*?[\]{}()|"]|^!/g, (character) => (character === '\\' ? '?' : `\\${character}`));
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
