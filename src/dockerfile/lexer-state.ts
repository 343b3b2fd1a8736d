import { isSpace, wellFormed } from './characters.ts';
import { asGap } from './gaps.ts';

/** A word that the builder's shell lexer refuses. */
export class WordError extends Error {
  override readonly name = 'WordError';
}

/** The state of BuildKit's shell lexer (frontend/dockerfile/shell, shellWord) over one text. */
export interface Lexer {
  source: string;
  at: number;
  escape: string;
  /** A value, its gaps marked. */
  lookup: (name: string) => string | undefined;
  rawQuotes: boolean;
  rawEscapes: boolean;
  /** Leave references to variables that are not set as they are. */
  keepUnset: boolean;
  unset: Set<string>;
  words: string[];
  /** The word being collected for `words`, undefined between words. */
  word: string | undefined;
  depth: number;
}

// Linux allows no longer environment variable (MAX_ARG_STRLEN); keeps `ENV A=$A$A` from doubling without end.
export const LONGEST = 131_072;
const NAME = /\p{Nd}+|[@*#?\-$!]|[\p{L}\p{Nd}_]+/uy;

export function createLexer(
  source: string,
  options: {
    escape: string;
    lookup: (name: string) => string | undefined;
    rawQuotes?: boolean;
    rawEscapes?: boolean;
    keepUnset?: boolean;
  },
): Lexer {
  return {
    // Go's text/scanner drops a byte order mark in front.
    source: wellFormed(source).replace(/^\uFEFF/, ''),
    at: 0,
    rawQuotes: false,
    rawEscapes: false,
    keepUnset: false,
    ...options,
    unset: new Set(),
    words: [],
    word: undefined,
    depth: 0,
  };
}

export function readName(lexer: Lexer): string {
  NAME.lastIndex = lexer.at;
  const name = NAME.exec(lexer.source)?.[0] ?? '';
  lexer.at += name.length;
  return name;
}

export function unset(lexer: Lexer, name: string): string {
  lexer.unset.add(name);
  return asGap('');
}

export function peek(lexer: Lexer): string | undefined {
  return lexer.source[lexer.at];
}

export function take(lexer: Lexer): string | undefined {
  const character = lexer.source[lexer.at];
  lexer.at += 1;
  return character;
}

export function bounded(lexer: Lexer, text: string): string {
  if (text.length > LONGEST + 2 * lexer.source.length) {
    throw new WordError(`expands to more than ${LONGEST} characters`);
  }
  return text;
}

/** Adds what may separate words. */
export function collect(lexer: Lexer, character: string): void {
  if (!isSpace(character)) collectRaw(lexer, character);
  else if (lexer.word) endWord(lexer);
}

export function collectRaw(lexer: Lexer, part: string): void {
  lexer.word = (lexer.word ?? '') + part;
}

export function endWord(lexer: Lexer): void {
  if (lexer.word) lexer.words.push(lexer.word);
  lexer.word = undefined;
}
