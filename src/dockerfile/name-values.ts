import { isSpace, splitWords, wellFormed } from './characters.ts';

// ASCII without quotes and escapes, as most pairs are: nothing to do but to split.
const PLAIN = /^[\t-\r !#-&(-[\]-_a-~]*$/;

/** Pairs, or the sentence BuildKit refuses them with. */
interface Pairs {
  pairs: readonly NameValue[];
  problem?: string;
}

/** `name=value` as written: neither is expanded yet. No value where none was given (`ARG name`). */
export interface NameValue {
  name: string;
  value: string | undefined;
}

/**
 * The pairs of `ENV` and `LABEL`, also in the old form `ENV name the rest` (BuildKit frontend/dockerfile/parser,
 * parseNameVal).
 */
export function environmentPairs(text: string, options: { keyword: string; escape: string }): Pairs {
  const words = quotedWords(text, options.escape);
  const [first] = words;
  if (first === undefined) return refused(`${options.keyword} requires at least one argument`);
  if (!first.includes('=')) {
    const [name = '', value] = splitWords(text, true);
    return value === undefined
      ? refused(`${options.keyword} must have two arguments`)
      : { pairs: [{ name, value }] };
  }
  const bare = words.find((word) => !word.includes('='));
  if (bare !== undefined) {
    return refused(`Syntax error - can't find = in ${JSON.stringify(bare)}. Must be of the form: name=value`);
  }
  return named(words.map(toPair), options.keyword);
}

/** The names and pairs of `ARG` (BuildKit frontend/dockerfile/parser, parseNameOrNameVal). */
export function argumentPairs(text: string, options: { escape: string }): Pairs {
  const words = quotedWords(text, options.escape);
  if (words.length === 0) return refused('ARG requires at least one argument');
  return named(words.map(toPair), 'ARG');
}

function toPair(word: string): NameValue {
  const equals = word.indexOf('=');
  if (equals === -1) return { name: word, value: undefined };
  return { name: word.slice(0, equals), value: word.slice(equals + 1) };
}

function refused(problem: string): Pairs {
  return { pairs: [], problem };
}

function named(pairs: NameValue[], keyword: string): Pairs {
  return pairs.some((pair) => pair.name === '') ? refused(`${keyword} names can not be blank`) : { pairs };
}

/** Words between white space, where quotes and escapes protect it; both stay in the word (BuildKit's parseWords). */
function quotedWords(text: string, escape: string): string[] {
  if (PLAIN.test(text)) return text.split(/[\t-\r ]+/).filter((word) => word !== '');
  const characters = [...wellFormed(text)];
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] as string;
    if (quote === '' && isSpace(character)) {
      if (word) words.push(word);
      word = undefined;
      continue;
    }
    word ??= '';
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    if (character !== escape || quote === "'") {
      word += character;
      continue;
    }
    // An escape at the very end is dropped.
    const next = characters[at + 1];
    if (next === undefined) continue;
    word += character + next;
    at += 1;
  }
  if (word) words.push(word);
  return words;
}
