/**
 * The patterns of `${name#pattern}`, `%` and `/`: `*` and `?`, no brackets, neither crossing a line feed
 * (BuildKit frontend/dockerfile/shell, convertShellPatternToRegex). Matched in time proportional to the pattern
 * times the value, whatever they hold.
 */
const ANY = Symbol('any');
const STAR = Symbol('star');
type Token = string | typeof ANY | typeof STAR;

// Far beyond any Dockerfile; keeps a hostile one from taking minutes.
const MOST_STEPS = 2 ** 26;

export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** `value` without the shortest (or, when `greedy`, longest) beginning that matches. Throws a PatternError. */
export function trimPrefix(value: string, pattern: string, greedy: boolean): string {
  return trim([...value], [...pattern], greedy).join('');
}

/** `value` without the shortest (or, when `greedy`, longest) ending that matches. Throws a PatternError. */
export function trimSuffix(value: string, pattern: string, greedy: boolean): string {
  return trim([...value].reverse(), reversed([...pattern]), greedy)
    .reverse()
    .join('');
}

/**
 * `value` with the first match of `pattern` replaced, or, when `all`, every match; then `replacement` is a template of
 * Go's regexp package, in which `$0` is the match, `$$` a dollar, and any other name empty. Throws a PatternError.
 */
export function replacePattern(
  value: string,
  options: { pattern: string; replacement: string; all: boolean; longest: number },
): string {
  const characters = [...value];
  const tokens = tokenize([...options.pattern]);
  const starts = matchStarts(tokens, characters);
  let result = '';
  let copied = 0;
  for (let at = 0; at <= characters.length;) {
    const start = starts.indexOf(1, at);
    if (start === -1) break;
    const end = matchEnd(tokens, characters, { start, greedy: true });
    result += characters.slice(copied, start).join('');
    // No second replacement for an empty match right after another one.
    if (end > copied || start === 0) {
      const match = characters.slice(start, end).join('');
      result += options.all ? expandTemplate(options.replacement, match) : options.replacement;
    }
    if (result.length > options.longest)
      throw new PatternError(`the result is longer than ${options.longest} characters`);
    copied = end;
    at = Math.max(end, at + 1);
    if (!options.all) break;
  }
  return result + characters.slice(copied).join('');
}

function trim(value: string[], pattern: string[], greedy: boolean): string[] {
  const tokens = tokenize(pattern);
  const end = matchEnd(tokens, value, { start: 0, greedy });
  return end === -1 ? value : value.slice(end);
}

/** Reverses a pattern but keeps an escape in front of what it escapes: `a\*c` becomes `c\*a`. */
function reversed(pattern: string[]): string[] {
  const result: string[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] as string;
    const next = pattern[index + 1];
    if (character === '\\' && next !== undefined) {
      result.push(next);
      index += 1;
    }
    result.push(character);
  }
  return result.reverse();
}

function tokenize(pattern: string[]): Token[] {
  const tokens: Token[] = [];
  // Go's text/scanner drops a byte order mark in front.
  for (let index = pattern[0] === '\uFEFF' ? 1 : 0; index < pattern.length; index += 1) {
    const character = pattern[index] as string;
    if (character === '*') tokens.push(STAR);
    else if (character === '?') tokens.push(ANY);
    else if (character !== '\\') tokens.push(character);
    else {
      const next = pattern[index + 1];
      // What ends the operand has to be escaped to get here; the escape is no part of the pattern.
      if (next === '}' || next === '/') continue;
      if (next !== '*' && next !== '?' && next !== '\\')
        throw new PatternError(`invalid escape '\\${next ?? ''}'`);
      tokens.push(next);
      index += 1;
    }
  }
  return tokens;
}

/**
 * Where the match from `start` ends; -1 without one. All stars of a pattern are greedy or none is, so what a
 * backtracking matcher prefers is the longest or the shortest match.
 */
function matchEnd(tokens: Token[], value: string[], options: { start: number; greedy: boolean }): number {
  limit(tokens, value);
  let best = -1;
  let active = new Uint8Array(tokens.length + 1);
  let next = new Uint8Array(tokens.length + 1);
  let alive = true;
  enter(active, tokens, 0);
  for (let at = options.start; alive; at += 1) {
    if (active[tokens.length] === 1) {
      best = at;
      if (!options.greedy) break;
    }
    alive = false;
    next.fill(0);
    for (let state = 0; state < tokens.length; state += 1) {
      if (active[state] === 0 || !matches(tokens[state], value[at])) continue;
      enter(next, tokens, tokens[state] === STAR ? state : state + 1);
      alive = true;
    }
    [active, next] = [next, active];
  }
  return best;
}

/** Marks a state, and those that are reached from it by letting stars stand for nothing. */
function enter(states: Uint8Array, tokens: Token[], state: number): void {
  let at = state;
  for (states[at] = 1; tokens[at] === STAR; states[at] = 1) at += 1;
}

/** For each position 0…length, 1 when some match begins there. */
function matchStarts(tokens: Token[], value: string[]): Uint8Array {
  limit(tokens, value);
  const starts = new Uint8Array(value.length + 1);
  let later = new Uint8Array(tokens.length + 1);
  let row = new Uint8Array(tokens.length + 1);
  for (let at = value.length; at >= 0; at -= 1) {
    row.fill(0);
    row[tokens.length] = 1;
    for (let state = tokens.length - 1; state >= 0; state -= 1) {
      const token = tokens[state];
      const consumes = matches(token, value[at]) && later[token === STAR ? state : state + 1] === 1;
      if (consumes || (token === STAR && row[state + 1] === 1)) row[state] = 1;
    }
    starts[at] = row[0] as number;
    [later, row] = [row, later];
  }
  return starts;
}

function matches(token: Token | undefined, character: string | undefined): boolean {
  if (token === undefined || character === undefined) return false;
  return typeof token === 'string' ? token === character : character !== '\n';
}

function limit(tokens: Token[], value: string[]): void {
  if (tokens.length * value.length > MOST_STEPS) throw new PatternError('pattern and value are too long');
}

/** Go's Regexp.Expand for a pattern without groups. */
function expandTemplate(template: string, match: string): string {
  return template.replace(/\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu, (_, bare, braced) => {
    const name: string | undefined = bare ?? braced;
    if (name === undefined) return '$';
    return name === '0' ? match : '';
  });
}
