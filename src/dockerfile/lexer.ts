import { hasSpace } from './characters.ts';
import { asGap, type Gap, hasGap, isAllGap, readGaps, withoutMarks } from './gaps.ts';
import {
  bounded,
  collect,
  collectRaw,
  endWord,
  LONGEST,
  peek,
  readName,
  take,
  unset,
  WordError,
  type Lexer,
} from './lexer-state.ts';
import { PatternError, replacePattern, trimPrefix, trimSuffix } from './patterns.ts';

// No Dockerfile nests deeper; keeps a hostile one from exhausting the stack.
const DEEPEST = 500;
const ANGLE = /<(?:<[\t\r ]*)?/y;

/** Reads a whole text: what it expands to and where it has gaps, its words, and the variables that were not set. */
export function lex(lexer: Lexer): { text: string; gaps: Gap[]; words: string[]; unset: string[] } {
  try {
    const marked = readUntil(lexer, undefined, lexer.rawEscapes);
    endWord(lexer);
    return { ...readGaps(marked), words: lexer.words, unset: [...lexer.unset] };
  } catch (error) {
    if (!(error instanceof WordError)) throw error;
    throw new WordError(`failed to process ${JSON.stringify(lexer.source)}: ${error.message}`);
  }
}

/** Reads up to `stop` (consumed), or to the end of the text when there is none. */
function readUntil(lexer: Lexer, stop: string | undefined, rawEscapes: boolean): string {
  const outer = lexer.rawEscapes;
  lexer.rawEscapes = rawEscapes;
  let result = '';
  for (;;) {
    const character = peek(lexer);
    if (character === undefined) break;
    if (character === stop) {
      lexer.at += 1;
      lexer.rawEscapes = outer;
      return result;
    }
    let part: string;
    if (character === '$') {
      part = readDollar(lexer);
      if (hasSpace(part)) for (const each of part) collect(lexer, each);
      else if (part !== '') collectRaw(lexer, part);
    } else if (character === "'" || character === '"' || character === '<') {
      part = character === '<' ? readAngle(lexer) : readQuoted(lexer, character);
      collectRaw(lexer, part);
    } else {
      part = readPlain(lexer);
    }
    result = bounded(lexer, result + part);
  }
  if (stop !== undefined)
    throw new WordError(`unexpected end of statement while looking for matching ${stop}`);
  lexer.rawEscapes = outer;
  return result;
}

function readPlain(lexer: Lexer): string {
  const character = take(lexer) as string;
  if (character !== lexer.escape) {
    collect(lexer, character);
    return character;
  }
  const kept = lexer.rawEscapes ? character : '';
  const escaped = take(lexer) ?? '';
  if (kept + escaped !== '') collectRaw(lexer, kept + escaped);
  return kept + escaped;
}

function readQuoted(lexer: Lexer, quote: string): string {
  lexer.at += 1;
  const mark = lexer.rawQuotes ? quote : '';
  let result = mark;
  for (;;) {
    if (quote === '"' && peek(lexer) === '$') {
      result = bounded(lexer, result + readDollar(lexer));
      continue;
    }
    const character = take(lexer);
    if (character === undefined) {
      const kind = quote === '"' ? 'double-quote' : 'single-quote';
      throw new WordError(`unexpected end of statement while looking for matching ${kind}`);
    }
    if (character === quote) return result + mark;
    result += character;
    if (quote === "'" || character !== lexer.escape) continue;
    // Inside double quotes an escape stands for itself, except before a character that needs one.
    const next = peek(lexer);
    const escapes = next === '"' || next === '$' || next === lexer.escape;
    if (escapes) {
      result = (lexer.rawEscapes ? result : result.slice(0, -1)) + next;
      lexer.at += 1;
    } else if (lexer.rawEscapes) {
      result += character;
    }
  }
}

/** `<`, or `<<` with the white space that may stand between it and a heredoc's delimiter. */
function readAngle(lexer: Lexer): string {
  ANGLE.lastIndex = lexer.at;
  const [text] = ANGLE.exec(lexer.source) as RegExpExecArray;
  lexer.at += text.length;
  return text;
}

function readDollar(lexer: Lexer): string {
  lexer.at += 1;
  if (peek(lexer) !== '{') {
    const name = readName(lexer);
    if (name === '') return '$';
    return lexer.lookup(name) ?? (lexer.keepUnset ? `$${name}` : unset(lexer, name));
  }
  lexer.at += 1;
  const first = peek(lexer);
  if (first === undefined) throw new WordError("syntax error: missing '}'");
  if ('{}:'.includes(first)) throw new WordError('syntax error: bad substitution');
  lexer.depth += 1;
  if (lexer.depth > DEEPEST) throw new WordError(`substitutions nest deeper than ${DEEPEST}`);
  const result = readBraced(lexer);
  lexer.depth -= 1;
  return result;
}

function readBraced(lexer: Lexer): string {
  const name = readName(lexer);
  const first = take(lexer) ?? '\uFFFD';
  if (first === '}') return lexer.lookup(name) ?? (lexer.keepUnset ? `\${${name}}` : unset(lexer, name));
  if (first === '/') return readReplacement(lexer, name);
  const colon = first === ':';
  const modifier = colon ? (take(lexer) ?? '\uFFFD') : first;
  const written = colon ? `:${modifier}` : modifier;
  const trims = modifier === '#' || modifier === '%';
  if ((!colon && !trims && !'+-?'.includes(modifier)) || (colon && trims)) throw unsupported(written);
  const operand = readOperand(lexer, '}', trims);
  const current = lexer.lookup(name);
  if (current === undefined && lexer.keepUnset) return `\${${name}${written}${operand.text}}`;
  const missing = current === undefined || (colon && withoutMarks(current) === '');
  // With its gaps filled, a value may turn out to be none, or one after all.
  const chosen = (text: string): string =>
    colon && current !== undefined && isAllGap(current) ? asGap(text) : text;
  const used = (): string => {
    for (const each of operand.unset) lexer.unset.add(each);
    return operand.text;
  };
  switch (modifier) {
    case '-':
      return chosen(missing ? used() : current);
    case '+':
      return chosen(missing ? '' : used());
    case '?': {
      if (!missing) return current;
      const reason = current === undefined ? 'unset' : 'empty';
      throw new WordError(`${name}: ${withoutMarks(operand.text) || `is not allowed to be ${reason}`}`);
    }
    case '#':
    case '%': {
      const operandText = withoutMarks(used());
      const greedy = operandText.startsWith(modifier);
      const pattern = greedy ? operandText.slice(1) : operandText;
      const text = current ?? unset(lexer, name);
      const trim = modifier === '#' ? trimPrefix : trimSuffix;
      return matching([text, operand.text], pattern, () => trim(withoutMarks(text), pattern, greedy));
    }
    default:
      throw unsupported(written);
  }
}

function readReplacement(lexer: Lexer, name: string): string {
  const all = peek(lexer) === '/';
  if (all) lexer.at += 1;
  const pattern = readOperand(lexer, '/', true);
  const replacement = readOperand(lexer, '}', true);
  const current = lexer.lookup(name);
  if (current === undefined && lexer.keepUnset) return `\${${name}/${pattern.text}/${replacement.text}}`;
  for (const each of [...pattern.unset, ...replacement.unset]) lexer.unset.add(each);
  const text = current ?? unset(lexer, name);
  const plain = withoutMarks(pattern.text);
  const options = { pattern: plain, replacement: withoutMarks(replacement.text), all, longest: LONGEST };
  const from = [text, pattern.text, replacement.text];
  return matching(from, plain, () => replacePattern(withoutMarks(text), options));
}

/** What stands between a modifier and `stop`, with the variables it found unset kept apart: it may not be used. */
function readOperand(lexer: Lexer, stop: string, rawEscapes: boolean): { text: string; unset: Set<string> } {
  const { unset: outerUnset, words, word } = lexer;
  const found = new Set<string>();
  lexer.unset = found;
  lexer.words = [];
  lexer.word = undefined;
  try {
    return { text: readUntil(lexer, stop, rawEscapes), unset: found };
  } catch (error) {
    if (!(error instanceof WordError) || peek(lexer) !== undefined) throw error;
    throw new WordError(stop === '/' ? "syntax error: missing '/' in ${}" : "syntax error: missing '}'");
  } finally {
    lexer.unset = outerUnset;
    lexer.words = words;
    // BuildKit's lexer collects every level's word in one buffer: what came before the `$` is lost.
    lexer.word = word === undefined ? undefined : '';
  }
}

/** What a pattern makes of `from`: where anything in that has a gap, nothing of the result is certain. */
function matching(from: readonly string[], pattern: string, match: () => string): string {
  try {
    const text = match();
    return from.some(hasGap) ? asGap(text) : text;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new WordError(`invalid pattern (${pattern}) in substitution: ${error.message}`);
  }
}

function unsupported(modifier: string): WordError {
  return new WordError(`unsupported modifier (${modifier}) in substitution`);
}
