import { type Gap, markGaps } from './gaps.ts';
import { createLexer, LONGEST, WordError } from './lexer-state.ts';
import { lex } from './lexer.ts';
import { CHARACTER, VARIABLE } from './plain-words.ts';

export { WordError };

// What the lexer may change; most words hold nothing of it.
const SPECIAL = /[$'"\\`<\ufeff\ud800-\udfff]/;

/** Values for the variables of a word, as text or with the gaps it has; undefined for one that is not set. */
export type Lookup = (name: string) => string | { text: string; gaps: readonly Gap[] } | undefined;

/**
 * One word after expansion: quotes and escapes resolved, `$name`, `${name}` and the modifiers `:-` `-` `:+` `+` `:?`
 * `?` `#` `##` `%` `%%` `/` `//` replaced, nesting included (BuildKit frontend/dockerfile/shell, Lex.ProcessWord).
 * `unset` names, in order, the variables that had no value where no default took their place; `gaps` are the parts of
 * the text that hang on these, or on gaps of the values.
 * Throws a WordError for what BuildKit refuses, and for a result longer than 128 KiB.
 */
export function expandWord(
  word: string,
  options: { escape: string; lookup: Lookup },
): { text: string; gaps: Gap[]; unset: string[] } {
  const plain = expandPlain(word, options.lookup);
  if (plain !== undefined) return { text: plain, gaps: [], unset: [] };
  const { escape } = options;
  const lookup = (name: string): string | undefined => {
    const value = options.lookup(name);
    if (value === undefined) return undefined;
    return typeof value === 'string' ? markGaps(value, []) : markGaps(value.text, value.gaps);
  };
  const { text, gaps, unset } = lex(createLexer(word, { escape, lookup }));
  return { text, gaps, unset };
}

// ASCII without quotes and escapes, and variables without modifiers: nothing to do but to put the values in.
const PLAIN = new RegExp(`^(?:${CHARACTER}|${VARIABLE})*$`);
const NAMES = /\$\{(\w+)\}|\$(\w+)/g;

/**
 * The same of a word that is plain text, with variables in it or without, all of which are set and whole; undefined for
 * any other.
 */
export function expandPlain(word: string, lookup: Lookup): string | undefined {
  if (!SPECIAL.test(word)) return word;
  if (!PLAIN.test(word)) return undefined;
  let isWhole = true;
  const text = word.replace(NAMES, (_, braced: string | undefined, bare: string | undefined) => {
    const value = lookup(braced ?? (bare as string));
    isWhole &&= value !== undefined && (typeof value === 'string' || value.gaps.length === 0);
    return typeof value === 'object' ? value.text : (value ?? '');
  });
  return isWhole && text.length <= LONGEST && text.isWellFormed() ? text : undefined;
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
