/**
 * Compiles a pattern of Go's `path/filepath.Match` on Unix (the wildcards of COPY and ADD), byte for byte:
 * `*` and `?` do not cross `/`, a class may, `\` escapes, and a `*` is never tried again once what follows it fits.
 *
 * The answer is `'malformed'` where Go returns ErrBadPattern, which it does only when it gets as far as the bad part.
 */
export function compileGoMatch(pattern: string): (name: string) => boolean | 'malformed' {
  const chunks = splitIntoChunks(toBytes(pattern));
  return (name) => matchChunks(chunks, toBytes(name));
}

/** Go's `path/filepath.Clean` on Unix: no `.`, no doubled or trailing `/`, `..` resolved; `''` becomes `.`. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else if (!rooted) segments.push('..');
  }
  const clean = segments.join('/');
  return rooted ? `/${clean}` : clean || '.';
}

/** Where in `bytes` the term ends when it starts at `at`, or -1. */
type Term = (bytes: string, at: number) => number;

/** What stands between two `*`. */
interface Chunk {
  afterStar: boolean;
  terms: readonly Term[] | 'malformed';
}

/** The UTF-8 bytes of a text, one character (U+0000–U+00FF) each. */
export function toBytes(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  let bytes = '';
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    bytes +=
      code >= 0xdc80 && code <= 0xdcff
        ? String.fromCharCode(code - 0xdc00)
        : Buffer.from(character).toString('latin1');
  }
  return bytes;
}

function splitIntoChunks(pattern: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < pattern.length;) {
    let start = at;
    while (pattern[start] === '*') start++;
    const end = endOfChunk(pattern, start);
    chunks.push({ afterStar: start > at, terms: parseTerms(pattern.slice(start, end)) });
    at = end;
  }
  return chunks;
}

function endOfChunk(pattern: string, start: number): number {
  let inClass = false;
  for (let at = start; at < pattern.length; at++) {
    const byte = pattern[at];
    if (byte === '\\') at++;
    else if (byte === '[') inClass = true;
    else if (byte === ']') inClass = false;
    else if (byte === '*' && !inClass) return at;
  }
  return pattern.length;
}

function parseTerms(chunk: string): readonly Term[] | 'malformed' {
  const terms: Term[] = [];
  for (let at = 0; at < chunk.length;) {
    if (chunk[at] === '[') {
      const parsed = parseClass(chunk, at + 1);
      if (parsed === 'malformed') return 'malformed';
      terms.push(parsed.term);
      at = parsed.end;
      continue;
    }
    if (chunk[at] === '?') {
      terms.push((bytes, from) => (bytes[from] === '/' ? -1 : from + decodeRune(bytes, from).size));
    } else {
      if (chunk[at] === '\\') at++;
      const byte = chunk[at];
      if (byte === undefined) return 'malformed';
      terms.push((bytes, from) => (bytes[from] === byte ? from + 1 : -1));
    }
    at++;
  }
  return terms;
}

function parseClass(chunk: string, start: number): { term: Term; end: number } | 'malformed' {
  const negated = chunk[start] === '^';
  const ranges: [low: number, high: number][] = [];
  let at = negated ? start + 1 : start;
  while (chunk[at] !== ']' || ranges.length === 0) {
    const low = classMember(chunk, at);
    if (low === 'malformed') return 'malformed';
    at = low.end;
    let high = low;
    if (chunk[at] === '-') {
      const member = classMember(chunk, at + 1);
      if (member === 'malformed') return 'malformed';
      high = member;
      at = high.end;
    }
    ranges.push([low.rune, high.rune]);
  }
  const term: Term = (bytes, from) => {
    const { rune, size } = decodeRune(bytes, from);
    return ranges.some(([low, high]) => low <= rune && rune <= high) === negated ? -1 : from + size;
  };
  return { term, end: at + 1 };
}

function classMember(chunk: string, start: number): { rune: number; end: number } | 'malformed' {
  if (chunk[start] === '-' || chunk[start] === ']') return 'malformed';
  const at = chunk[start] === '\\' ? start + 1 : start;
  if (at >= chunk.length) return 'malformed';
  const { rune, size } = decodeRune(chunk, at);
  if (rune === INVALID && size === 1) return 'malformed';
  return { rune, end: at + size };
}

function matchChunks(chunks: readonly Chunk[], name: string): boolean | 'malformed' {
  let at = 0;
  for (const [index, { afterStar, terms }] of chunks.entries()) {
    if (terms === 'malformed') return 'malformed';
    if (afterStar && terms.length === 0) return !name.includes('/', at);
    const last = index === chunks.length - 1;
    const fits = (from: number): boolean => from >= 0 && (!last || from === name.length);
    let end = matchTerms(terms, name, at);
    if (afterStar) {
      for (; !fits(end) && at < name.length && name[at] !== '/'; at++) end = matchTerms(terms, name, at + 1);
    }
    if (!fits(end)) return false;
    at = end;
  }
  return at === name.length;
}

function matchTerms(terms: readonly Term[], name: string, start: number): number {
  let at = start;
  for (const term of terms) {
    if (at >= name.length) return -1;
    at = term(name, at);
    if (at < 0) return -1;
  }
  return at;
}

/** Go's utf8.RuneError: what an invalid byte decodes to, with size 1. */
const INVALID = 0xfffd;

const RUNE =
  /[\0-\x7f]|[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}/y;

function decodeRune(bytes: string, at: number): { rune: number; size: number } {
  RUNE.lastIndex = at;
  const encoded = RUNE.exec(bytes)?.[0];
  if (encoded === undefined) return { rune: INVALID, size: 1 };
  const rune = Buffer.from(encoded, 'latin1').toString().codePointAt(0) as number;
  return { rune, size: encoded.length };
}
