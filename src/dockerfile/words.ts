import { createLexer, WordError } from './lexer-state.ts';
import { lex } from './lexer.ts';

export { WordError };

// What the lexer may change; most words hold nothing of it.
const SPECIAL = /[$'"\\`<\ufeff\ud800-\udfff]/;

/** Values for the variables of a word; undefined for one that is not set. */
export type Lookup = (name: string) => string | undefined;

/**
 * One word after expansion: quotes and escapes resolved, `$name`, `${name}` and the modifiers `:-` `-` `:+` `+` `:?`
 * `?` `#` `##` `%` `%%` `/` `//` replaced, nesting included (BuildKit frontend/dockerfile/shell, Lex.ProcessWord).
 * `unset` names, in order, the variables that had no value where no default took their place.
 * Throws a WordError for what BuildKit refuses, and for a result longer than 128 KiB.
 */
export function expandWord(
  word: string,
  options: { escape: string; lookup: Lookup },
): { text: string; unset: string[] } {
  if (!SPECIAL.test(word)) return { text: word, unset: [] };
  const { text, unset } = lex(createLexer(word, options));
  return { text, unset };
}

/** The result of `read`, or `otherwise` when it meets a word that is refused. */
export function unlessRefused<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WordError) return otherwise;
    throw error;
  }
}

/**
 * The words of a shell line, nothing expanded and escapes kept; quotes are kept or resolved. Serves the search for
 * heredocs (BuildKit frontend/dockerfile/parser, heredocsFromLine), where the escape character is always `\`.
 */
export function shellWords(line: string, options: { rawQuotes: boolean; rawEscapes: boolean }): string[] {
  return lex(createLexer(line, { ...options, escape: '\\', lookup: () => undefined, keepUnset: true })).words;
}
