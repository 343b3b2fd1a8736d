import { cleanPath, compileGoMatch, toBytes } from './go-match.ts';
import { compileGoRegExp } from './go-regexp.ts';

/** One pattern of a .dockerignore file or of `COPY --exclude`. */
export interface IgnorePattern {
  /** Starts with `!`: what it matches is not ignored after all. */
  negated: boolean;
  /** Number of its segments: the one parent directory that Kaniko tests has as many. */
  depth: number;
  /** Whether the pattern matches this very path (not a parent of it). */
  matches: (path: string) => boolean;
}

/** Compiles a pattern as moby/patternmatcher does, its oddities included: what Docker and Kaniko do is the rule. */
export function compileIgnorePattern(text: string): IgnorePattern | 'blank' | 'malformed' {
  const trimmed = trimSpace(text);
  if (trimmed === '') return 'blank';
  const cleaned = cleanPath(trimmed);
  if (cleaned === '!') return 'malformed';
  const negated = cleaned.startsWith('!');
  const pattern = negated ? cleaned.slice(1) : cleaned;
  const depth = pattern.split('/').length;
  if (NEVER_MALFORMED.test(pattern)) return { negated, depth, matches: lazily(pattern, negated) };
  if (compileGoMatch(pattern)('.') === 'malformed') return 'malformed';
  const matches = compileMatcher(pattern, negated);
  return matches === 'malformed' ? 'malformed' : { negated, depth, matches };
}

// Without classes, escapes and what a regular expression could trip over.
const NEVER_MALFORMED = /^[\w ./*?@~,-]+$/;

/** Of thousands of ignore files, few are asked about a path. */
function lazily(pattern: string, negated: boolean): IgnorePattern['matches'] {
  let matches: IgnorePattern['matches'] | undefined;
  return (path) => {
    matches ??= compileMatcher(pattern, negated) as IgnorePattern['matches'];
    return matches(path);
  };
}

/** Go's `strings.TrimSpace`, which knows U+0085 as white space and U+FEFF not, unlike `trim`. */
export function trimSpace(text: string): string {
  return text.replace(LEADING_SPACE, '').replace(TRAILING_SPACE, '');
}

const LEADING_SPACE = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const TRAILING_SPACE = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;

function compileMatcher(pattern: string, negated: boolean): IgnorePattern['matches'] | 'malformed' {
  const { kind, source } = toGoRegExp(pattern);
  switch (kind) {
    case 'exact':
      return (path) => path === pattern;
    case 'prefix': {
      const prefix = pattern.slice(0, -2);
      return (path) => path.startsWith(prefix);
    }
    case 'suffix': {
      // moby cuts off two bytes, which are not the stars behind a byte order mark that its scanner skipped.
      const read = pattern.startsWith('*') ? (text: string) => text : toBytes;
      const suffix = read(pattern).slice(2);
      return (path) =>
        read(path).endsWith(suffix) || (suffix.startsWith('/') && read(path) === suffix.slice(1));
    }
    case 'regexp': {
      const matches = compileGoRegExp(source);
      if (matches === 'malformed') return 'malformed';
      // What can't be told must not hide a file: a plain pattern then matches nothing, a `!` everything.
      if (matches === 'undetermined') return () => negated;
      return (path) => matches(replaceInvalid(path));
    }
  }
}

type Kind = 'exact' | 'prefix' | 'suffix' | 'regexp';

/**
 * Follows moby/patternmatcher's `Pattern.compile`: one pass over the characters that builds a Go regular expression
 * and notices on the way where comparing text is enough. It knows nothing of classes, so that `[*]` becomes
 * `[[^/]*]`: not what filepath.Match says, but what decides there.
 */
function toGoRegExp(pattern: string): { kind: Kind; source: string } {
  // Go's text/scanner skips a leading byte order mark.
  const characters = [...replaceInvalid(pattern).replace(/^\ufeff/, '')];
  let kind: Kind = 'exact';
  const source = ['^'];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] as string;
    if (character === '*' && characters[at + 1] === '*') {
      const first = at === 0;
      at += characters[at + 2] === '/' ? 2 : 1;
      if (at < characters.length - 1) {
        kind = 'regexp';
        // Twice in a row says no more than once.
        if (source.at(-1) !== ANY_DIRECTORIES) source.push(ANY_DIRECTORIES);
      } else if (kind === 'exact') {
        kind = 'prefix';
      } else {
        kind = 'regexp';
        source.push('.*');
      }
      if (first) kind = 'suffix';
    } else if (character === '*') {
      kind = 'regexp';
      source.push('[^/]*');
    } else if (character === '?') {
      kind = 'regexp';
      source.push('[^/]');
    } else if (character === '\\') {
      at++;
      // A trailing backslash escapes the final `$`.
      if (at < characters.length) kind = 'regexp';
      source.push(`\\${characters[at] ?? ''}`);
    } else if ('.+()$'.includes(character)) {
      // `{`, `|` and `}` were meant to be here too, but moby's table of these characters ends at U+003F.
      source.push(`\\${character}`);
    } else {
      if (character === '[' || character === ']') kind = 'regexp';
      source.push(character);
    }
  }
  return { kind, source: `${source.join('')}$` };
}

const ANY_DIRECTORIES = '(.*/)?';

/** Go's regexp sees each invalid byte as U+FFFD. */
function replaceInvalid(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
