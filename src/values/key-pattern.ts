/** A pattern over paths of keys, as `keys` in the config has it. */
export interface KeyPattern {
  /** As it is in force, with the values of its placeholders. */
  pattern: string;
  matches: (path: readonly string[]) => boolean;
}

// Stands between the keys of a path, since a key may hold dots.
const SEPARATOR = '\0';
const DOT = `[${SEPARATOR}.]`;

/**
 * A pattern is a path with dots: `*` stands for any part of a key, `**` for any number of keys. It covers what it names
 * and everything below that. A dot may also be one inside a key, as in `quay.io/acme`.
 */
export function compileKeyPattern(pattern: string): KeyPattern {
  const keys = pattern.split('.');
  while (keys.at(-1) === '**') keys.pop();
  if (keys.length === 0) return { pattern, matches: () => true };
  let source = '';
  for (const [index, key] of keys.entries()) {
    const isLast = index === keys.length - 1;
    if (key === '**') source += `(?:[^]*${DOT})?`;
    else source += key.split(/\*+/).map(escapeRegExp).join(`[^${SEPARATOR}]*`) + (isLast ? '' : DOT);
  }
  const expression = new RegExp(`^${source}(?:${DOT}[^]*)?$`);
  return { pattern, matches: (path) => expression.test(path.join(SEPARATOR)) };
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
