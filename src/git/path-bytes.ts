import { isUtf8 } from 'node:buffer';

/**
 * Decodes a path (or a whole list of paths with ASCII separators) as UTF-8, each invalid byte 0x80–0xFF kept as the
 * lone surrogate U+DC80–U+DCFF. The rule is Python's `surrogateescape` (PEP 383): because UTF-8 has no encoding of
 * surrogates, no two byte strings decode to the same text.
 */
export function decodePath(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : decodeMixed(bytes);
}

/** The bytes of a path that `decodePath` made. */
export function encodePath(path: string): Buffer {
  if (!LONE_SURROGATE.test(path)) return Buffer.from(path, 'utf8');
  const pieces = path.match(PIECES) as string[];
  return Buffer.concat(
    pieces.map((piece) => (LONE_SURROGATE.test(piece) ? bytesOf(piece) : Buffer.from(piece))),
  );
}

// With the `u` flag the low half of a surrogate pair is no match, only one that stands alone.
const LONE_SURROGATE = /[\uDC80-\uDCFF]/u;
const PIECES = /[\uDC80-\uDCFF]+|[^\uDC80-\uDCFF]+/gu;

function bytesOf(surrogates: string): Buffer {
  return Buffer.from(Array.from(surrogates, (surrogate) => surrogate.charCodeAt(0) & 0xff));
}

function decodeMixed(bytes: Buffer): string {
  let text = '';
  let index = 0;
  while (index < bytes.length) {
    const length = validLength(bytes, index);
    if (length === 0) text += String.fromCharCode(0xdc00 + (bytes[index] as number));
    else text += bytes.toString('utf8', index, index + length);
    index += Math.max(length, 1);
  }
  return text;
}

/** Length of the run of ASCII, or of the one longer character, that starts at `index`; 0 where none does. */
function validLength(bytes: Buffer, index: number): number {
  let end = index;
  while (end < bytes.length && (bytes[end] as number) < 0x80) end += 1;
  if (end > index) return end - index;
  for (const length of [2, 3, 4]) {
    if (index + length <= bytes.length && isUtf8(bytes.subarray(index, index + length))) return length;
  }
  return 0;
}
