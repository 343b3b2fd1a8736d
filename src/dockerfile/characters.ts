/**
 * Go's ideas of characters, where JavaScript's differ: `unicode.IsSpace` knows U+0085 and not U+FEFF, and the
 * parser's own `reWhitespace` knows neither the line feed nor anything beyond ASCII.
 */
const SPACE_BEYOND_ASCII = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const SEPARATOR = /[\t\v\f\r ]+/;

/** Go's `unicode.IsSpace`. */
export function isSpace(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return SPACE_BEYOND_ASCII.test(character);
}

/** Whether some character of the text is a space. */
export function hasSpace(text: string): boolean {
  return /[\t-\r ]/.test(text) || SPACE_BEYOND_ASCII.test(text);
}

/** Offset of the first character from `start` that is no space; the length when there is none. */
export function skipSpace(text: string, start = 0): number {
  let at = start;
  while (at < text.length && isSpace(text.charAt(at))) at += 1;
  return at;
}

/** Go's `strings.TrimSpace`, for the end only. */
export function trimSpaceEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** The words between runs of the parser's `reWhitespace`, at most two when `once` is set. */
export function splitWords(text: string, once = false): string[] {
  if (!once) return text.split(SEPARATOR);
  const match = SEPARATOR.exec(text);
  if (match === null) return [text];
  return [text.slice(0, match.index), text.slice(match.index + match[0].length)];
}

/** Every byte that was not UTF-8 (a lone surrogate here) becomes U+FFFD, as it does when Go reads runes. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** Go's `strings.ToLower`, which maps the Turkish capital İ to one letter. */
export function lowerCase(text: string): string {
  return text.replaceAll('\u0130', 'i').toLowerCase();
}
