import { cleanPath } from './go-match.ts';
import { compileIgnorePattern, trimSpace } from './ignore-pattern.ts';
import type { IgnorePattern } from './ignore-pattern.ts';

/** A pattern of an ignore file and where it stands. */
export interface IgnoreLine extends IgnorePattern {
  /** As written, without the white space around it. */
  text: string;
  /** Counted from 1. */
  line: number;
}

/**
 * Whose idea of an ignored path counts. Docker (moby/patternmatcher `MatchesOrParentMatches`) tests a pattern on the
 * path and all its parents; Kaniko (its deprecated `Matches`) on the path and the one parent that has as many
 * segments as the pattern: a directory pattern that starts with two stars keeps out nothing below that directory.
 * `union`: ignored only if both ignore it.
 */
export type IgnoreRules = 'docker' | 'kaniko' | 'union';

/** A pattern that Docker refuses: the build fails before it starts. */
export class IgnoreFileError extends Error {
  /** Counted from 1. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = 'IgnoreFileError';
    this.line = line;
  }
}

/** The same few ignore files, and the same few lines in them, stand beside thousands of images. */
const parsed = new Map<string, readonly IgnoreLine[]>();
const compiled = new Map<string, ReturnType<typeof compileIgnorePattern>>();
const MOST_KEPT = 10_000;

/**
 * Reads the text of a .dockerignore file (moby/patternmatcher/ignorefile `ReadAll`).
 *
 * @throws IgnoreFileError on a malformed pattern and on a `!` without a pattern.
 */
export function parseIgnoreFile(text: string): readonly IgnoreLine[] {
  return kept(parsed, text, parseLines);
}

/** Whether `parseIgnoreFile` takes the text, told without compiling any pattern; false where only that would tell. */
export function isSurelyWellFormed(text: string): boolean {
  return PLAIN_LINES.test(text) && !ODD_NEGATION.test(text);
}

// Without classes, escapes and what a regular expression could trip over.
const PLAIN_LINES = /^[\w ./*?@~,#!\r\n-]*$/;
// Nothing may be left behind a `!` in front, which `/` and `.` can stand before and behind.
const ODD_NEGATION = /[^\n]!|^!(?!\w)/m;

function parseLines(text: string): readonly IgnoreLine[] {
  const patterns: IgnoreLine[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (line.startsWith('#')) continue;
    const pattern = kept(compiled, line, compileLine);
    if (pattern === 'malformed') {
      throw new IgnoreFileError(index + 1, `'${trimSpace(line)}' is not a pattern that a builder accepts`);
    }
    if (pattern !== 'blank') patterns.push({ ...pattern, text: trimSpace(line), line: index + 1 });
  }
  return patterns;
}

function compileLine(line: string): ReturnType<typeof compileIgnorePattern> {
  return compileIgnorePattern(relativeToContext(trimSpace(line)));
}

function kept<Value>(values: Map<string, Value>, text: string, make: (text: string) => Value): Value {
  const known = values.get(text);
  if (known !== undefined) return known;
  const value = make(text);
  if (values.size === MOST_KEPT) values.clear();
  values.set(text, value);
  return value;
}

/** Whether the last pattern that matches `path` (relative to the context, clean) ignores it; `.` never is. */
export function isIgnored(patterns: readonly IgnorePattern[], path: string, rules: IgnoreRules): boolean {
  return ignoringPattern(patterns, path, rules) !== undefined;
}

/** The first pattern by which `path` is ignored and that no later one takes back; for `union`, Kaniko's. */
export function ignoringPattern<Pattern extends IgnorePattern>(
  patterns: readonly Pattern[],
  path: string,
  rules: IgnoreRules,
): Pattern | undefined {
  if (patterns.length === 0 || path === '.') return undefined;
  const parents = parentsOf(path);
  const byDocker = () =>
    decide(patterns, (pattern) => pattern.matches(path) || parents.some((parent) => pattern.matches(parent)));
  const byKaniko = () =>
    decide(patterns, (pattern) => {
      const parent = parents[pattern.depth - 1];
      return pattern.matches(path) || (parent !== undefined && pattern.matches(parent));
    });
  switch (rules) {
    case 'docker':
      return byDocker();
    case 'kaniko':
      return byKaniko();
    case 'union':
      return byDocker() && byKaniko();
  }
}

function relativeToContext(line: string): string {
  const negated = line.startsWith('!');
  const pattern = negated ? trimSpace(line.slice(1)) : line;
  if (pattern === '') return line;
  return (negated ? '!' : '') + cleanPath(pattern).replace(/^\//, '');
}

/** The directories above a path, topmost first. */
function parentsOf(path: string): readonly string[] {
  const parents: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) parents.push(path.slice(0, at));
  return parents;
}

function decide<Pattern extends IgnorePattern>(
  patterns: readonly Pattern[],
  matches: (pattern: Pattern) => boolean,
): Pattern | undefined {
  let ignoring: Pattern | undefined;
  for (const pattern of patterns) {
    // A pattern that could not change the answer is not tried.
    if (pattern.negated === (ignoring !== undefined) && matches(pattern))
      ignoring = pattern.negated ? undefined : pattern;
  }
  return ignoring;
}
