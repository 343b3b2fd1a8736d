import { compileLinear } from './linear-match.ts';

// Beyond these, trying all ways to share a path among the stars takes too long, or V8 takes the expression for too large.
const MOST_STARS = 2;
const MOST_PARTS = 1000;

/**
 * Whether a regular expression of Go's `regexp` package matches somewhere in a text, for the few constructs that a
 * .dockerignore pattern can turn into (see ignore-pattern.ts).
 *
 * `'malformed'` where Go refuses to compile it; `'undetermined'` for what no ignore pattern means to say: code
 * points by number, `\Q`, Unicode classes, named classes and repetitions by number.
 */
export function compileGoRegExp(source: string): ((text: string) => boolean) | 'malformed' | 'undetermined' {
  if (/\[:.*:\]|\{[0-9]+(?:,[0-9]*)?\}/s.test(source)) return 'undetermined';
  const parts: string[] = [];
  for (const { groups = {} } of source.matchAll(TOKEN)) {
    const part =
      groups['members'] === undefined
        ? translateOne(groups['escaped'], groups['plain'])
        : translateClass(groups['negation'] === '^', groups['members']);
    if (part === 'malformed' || part === 'undetermined') return part;
    parts.push(part);
  }
  const stars = parts.filter((part) => part === '*').length;
  if (stars > MOST_STARS || parts.length > MOST_PARTS) return compileLinear(parts);
  const expression = new RegExp(parts.join(''), 'v');
  return (text) => expression.test(text);
}

/** A class takes `]` as a member when it is the first one. */
const TOKEN =
  /\\(?<escaped>.)|\[(?<negation>\^|(?!\^))(?<members>(?:\]|(?!\]))(?:\\.|[^\]\\])*)\]|(?<plain>.)/gsu;

/** A perl class, or a character or range of characters. */
const MEMBER = /\\(?<perl>[dDwWsS])|(?<low>\\.|[^\\])(?:-(?<high>\\.|[^\\]))?/gsu;

const ASSERTIONS = new Map([
  ['A', '^'],
  ['z', '$'],
  ['b', '\\b'],
  ['B', '\\B'],
]);

const PERL_CLASSES = new Map([
  ['d', '[0-9]'],
  ['D', '[^0-9]'],
  ['w', '[0-9A-Za-z_]'],
  ['W', '[^0-9A-Za-z_]'],
  ['s', '[\\t\\n\\f\\r ]'],
  ['S', '[^\\t\\n\\f\\r ]'],
]);

const CONTROLS = new Map([
  ['a', '\x07'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

/** Syntax that ignore-pattern.ts writes, and what it is in JavaScript; everything else plain is a literal. */
const SYNTAX = new Map([
  ['^', '^'],
  ['$', '$'],
  ['*', '*'],
  ['?', '?'],
  ['(', '(?:'],
  [')', ')'],
  ['|', '|'],
  ['.', '[^\\n]'],
  ['[', 'malformed'],
]);

function translateOne(escaped: string | undefined, plain = ''): string {
  if (escaped === undefined) return SYNTAX.get(plain) ?? literal(plain);
  const known = ASSERTIONS.get(escaped) ?? PERL_CLASSES.get(escaped);
  if (known !== undefined) return known;
  if (/[0-7xpPQ]/.test(escaped)) return 'undetermined';
  const character = unescape(escaped);
  return character === undefined ? 'malformed' : literal(character);
}

function translateClass(negated: boolean, members: string): string {
  let translated = negated ? '[^' : '[';
  for (const { groups = {} } of members.matchAll(MEMBER)) {
    const { perl, low = '', high = low } = groups;
    if (perl !== undefined) {
      translated += PERL_CLASSES.get(perl);
      continue;
    }
    if (/^\\[0-7xpP]/.test(low) || /^\\[0-7xpP]/.test(high)) return 'undetermined';
    const from = low.startsWith('\\') ? unescape(low.slice(1)) : low;
    const to = high.startsWith('\\') ? unescape(high.slice(1)) : high;
    if (from === undefined || to === undefined || codePoint(from) > codePoint(to)) return 'malformed';
    translated += `${literal(from)}-${literal(to)}`;
  }
  return `${translated}]`;
}

/** The character that `\` and `character` stand for; Go refuses a letter or digit without a meaning. */
function unescape(character: string): string | undefined {
  return (
    CONTROLS.get(character) ??
    (/[\0-\x7f]/.test(character) && !/[0-9A-Za-z]/.test(character) ? character : undefined)
  );
}

function literal(character: string): string {
  return `\\u{${codePoint(character).toString(16)}}`;
}

function codePoint(character: string): number {
  return character.codePointAt(0) as number;
}
