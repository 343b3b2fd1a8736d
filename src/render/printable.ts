/**
 * Text from the repository as a terminal may show it: control characters, invalid bytes and marks that are invisible
 * or reorder text (Unicode's Cc, Cf, Cs, Zl, Zp) are written as escapes, so that no file name can move the cursor or
 * pretend to be something else.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) as number;
    // U+DC80–U+DCFF stands for one invalid byte of a path.
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return code > 0xffff ? `\\u{${code.toString(16)}}` : unicodeEscape(code);
  });
}

/** A JSON document, indented, in which the same characters are JSON's own escapes: it reads back as it was. */
export function printableJson(value: unknown): string {
  return escaped(JSON.stringify(value, undefined, 2));
}

/** The same on one line. */
export function printableJsonLine(value: unknown): string {
  return escaped(JSON.stringify(value));
}

function escaped(json: string): string {
  // JSON.stringify escapes lone surrogates and what lies below U+0020; the line ends left are its own.
  const text = json.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => unicodeEscape(character.charCodeAt(index))).join(
      '',
    ),
  );
  return `${text}\n`;
}

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
