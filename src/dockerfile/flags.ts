import { isSpace } from './characters.ts';
import type { Flag } from './instruction.ts';

// With the bytes 0x85 and 0xA0 where they stand alone; in a longer character another byte comes first.
const SPACE = /[\t-\r \udc85\udca0]/;

/**
 * The `--name=value` words in front of an instruction's arguments (BuildKit frontend/dockerfile/parser,
 * extractBuilderFlags): quotes are dropped, the escape character protects the next one, `--` ends them.
 * `rest` is what follows, `restStart` the offset in `line` where it begins.
 *
 * BuildKit reads this part byte by byte: each byte of a character beyond ASCII becomes a character of its own, and
 * the bytes 0x85 and 0xA0 count as white space. So it is here.
 */
export function extractFlags(
  line: string,
  options: { start: number; escape: string },
): { flags: Flag[]; rest: string; restStart: number } {
  let start = options.start;
  while (start < line.length && SPACE.test(line.charAt(start))) start += 1;
  if (!line.startsWith('--', start)) return { flags: [], rest: line.slice(start), restStart: start };
  const text = line.slice(options.start);
  const { bytes, offsetOf } = utf8(text);
  const flags: Flag[] = [];
  let at = 0;
  for (;;) {
    while (at < bytes.length && isSpace(bytes.charAt(at))) at += 1;
    if (!bytes.startsWith('--', at)) break;
    const flag = readWord(bytes, at, options.escape);
    at = flag.end;
    if (flag.word === '--') break;
    flags.push(
      toFlag(
        flag.word,
        flag.from.map((index) => options.start + offsetOf(index)),
      ),
    );
  }
  // The rest may begin inside a character; the bytes that are left of it are not UTF-8 any more.
  let torn = '';
  for (; at > 0 && at < bytes.length && offsetOf(at) === offsetOf(at - 1); at += 1) {
    torn += String.fromCharCode(0xdc00 + bytes.charCodeAt(at));
  }
  const end = offsetOf(at);
  return { flags, rest: torn + text.slice(end), restStart: options.start + end };
}

/** A word without its quotes and escapes; `from` says which byte each character came from. */
function readWord(
  bytes: string,
  start: number,
  escape: string,
): { word: string; from: number[]; end: number } {
  let word = '';
  const from: number[] = [];
  let quote = '';
  let at = start;
  for (; at < bytes.length; at += 1) {
    const character = bytes.charAt(at);
    if (quote === '' && isSpace(character)) break;
    if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
    } else if (character === quote) {
      quote = '';
    } else {
      if (character === escape) at += 1;
      if (at === bytes.length) break;
      word += bytes.charAt(at);
      from.push(at);
    }
  }
  return { word, from, end: at };
}

function toFlag(word: string, offsets: number[]): Flag {
  const equals = word.indexOf('=');
  if (equals === -1) return { name: word.slice(2), value: undefined, offsets: [] };
  return { name: word.slice(2, equals), value: word.slice(equals + 1), offsets: offsets.slice(equals + 1) };
}

/** The text's bytes, a character each, and where in `text` the character stands that a byte belongs to. */
function utf8(text: string): { bytes: string; offsetOf: (index: number) => number } {
  if (!/[^\0-\x7f]/.test(text)) return { bytes: text, offsetOf: (index) => index };
  let bytes = '';
  const offsets: number[] = [];
  let offset = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    // A lone surrogate U+DC80–U+DCFF stands for a byte that is not UTF-8.
    const encoded =
      code >= 0xdc80 && code <= 0xdcff
        ? String.fromCharCode(code - 0xdc00)
        : Buffer.from(character, 'utf8').toString('latin1');
    bytes += encoded;
    for (let index = 0; index < encoded.length; index += 1) offsets.push(offset);
    offset += character.length;
  }
  return { bytes, offsetOf: (index) => offsets[index] ?? text.length };
}
