import { skipSpace } from './characters.ts';
import { createDirectives, readDirective, type Directives } from './directives.ts';
import { DockerfileError } from './instruction.ts';

/** An instruction's text with its continuations joined, and where each part of it stands in the file. */
export interface LogicalLine {
  text: string;
  /** Ascending by `start`, the offset in `text`; line and column (UTF-16 code units, BOM included) are 1-based. */
  pieces: readonly { start: number; line: number; column: number }[];
  line: number;
  endLine: number;
}

/** A place in the file that moves forward. */
export interface Cursor {
  /** Physical lines, each with its line ending. */
  lines: readonly string[];
  /** Index of the next line to read. */
  next: number;
  directives: Directives;
}

// bufio.Scanner's limit, in bytes, line feed not included.
const LONGEST_LINE = 65535;

export function openCursor(text: string): Cursor {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  lines.forEach((line, index) => {
    if (isTooLong(line)) {
      throw new DockerfileError(`dockerfile line greater than max allowed size of ${LONGEST_LINE}`, {
        line: index + 1,
        column: 1,
      });
    }
  });
  return { lines, next: 0, directives: createDirectives() };
}

/**
 * The next instruction's line, or undefined at the end of the file (BuildKit frontend/dockerfile/parser, Parse):
 * comments and empty lines are skipped, also between a line and its continuation.
 */
export function readLogicalLine(cursor: Cursor): LogicalLine | undefined {
  while (cursor.next < cursor.lines.length) {
    const index = cursor.next;
    const raw = cursor.lines[index] as string;
    cursor.next += 1;
    const bom = index === 0 && raw.startsWith('\uFEFF') ? 1 : 0;
    const indent = skipSpace(raw, bom);
    const stripped = withoutLineEnding(raw.slice(indent));
    readDirective(cursor.directives, stripped, index + 1);
    const escape = cursor.directives.escape;
    let part = continued(isComment(stripped) ? '' : stripped, escape);
    if (!part.open && part.text === '') continue;

    const pieces = [{ start: 0, line: index + 1, column: indent + 1 }];
    let text = part.text;
    while (part.open && cursor.next < cursor.lines.length) {
      const line = withoutLineEnding(cursor.lines[cursor.next] as string);
      cursor.next += 1;
      if (isComment(line) || skipSpace(line) === line.length) continue;
      part = continued(line, escape);
      pieces.push({ start: text.length, line: cursor.next, column: 1 });
      text += part.text;
    }
    return { text, pieces, line: index + 1, endLine: cursor.next };
  }
  return undefined;
}

/** Where the character at `offset` of a logical line stands in the file. */
export function positionAt(source: LogicalLine, offset: number): { line: number; column: number } {
  const [first] = source.pieces;
  const piece = source.pieces.length === 1 ? first : source.pieces.findLast(({ start }) => start <= offset);
  const { start, line, column } = piece as LogicalLine['pieces'][number];
  return { line, column: column + offset - start };
}

/** Where an instruction begins. */
export function startOf({ source }: { source: LogicalLine }): { line: number; column: number } {
  return positionAt(source, skipSpace(source.text));
}

export function withoutLineEnding(line: string): string {
  let end = line.length;
  while (end > 0 && '\r\n'.includes(line.charAt(end - 1))) end -= 1;
  return line.slice(0, end);
}

function isTooLong(line: string): boolean {
  const content = line.endsWith('\n') ? line.length - 1 : line.length;
  if (content * 3 <= LONGEST_LINE) return false;
  let bytes = 0;
  for (const character of line) {
    const code = character.codePointAt(0) as number;
    // A lone surrogate stands for one byte that is not UTF-8.
    if (code >= 0xdc80 && code <= 0xdcff) bytes += 1;
    else bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes - (line.endsWith('\n') ? 1 : 0) > LONGEST_LINE;
}

function isComment(line: string): boolean {
  return line.charAt(skipSpace(line)) === '#';
}

/** Cuts the escape character that ends a line, unless another one stands before it. */
function continued(line: string, escape: string): { text: string; open: boolean } {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1;
  const open = line[end - 1] === escape && line[end - 2] !== escape;
  return open ? { text: line.slice(0, end - 1), open } : { text: line, open };
}
