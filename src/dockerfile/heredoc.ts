import { DockerfileError, type Heredoc } from './instruction.ts';
import { withoutLineEnding, type Cursor } from './logical-lines.ts';
import { shellWords, unlessRefused } from './words.ts';

/** A heredoc's opening, before its body is read. */
export type HeredocOpening = Omit<Heredoc, 'content'>;

/**
 * The heredocs a logical line opens, in order (BuildKit frontend/dockerfile/parser, heredocsFromLine). A line the
 * shell lexer refuses opens none; an opening it refuses throws a WordError.
 */
export function heredocOpenings(line: string): HeredocOpening[] {
  if (!line.includes('<<')) return [];
  const words = unlessRefused(() => shellWords(line, { rawQuotes: true, rawEscapes: true }), []);
  return words.flatMap((word) => heredocOpening(word) ?? []);
}

/** The heredoc that a whole word opens: `<<EOF`, `<<-EOF`, `3<<"EOF"`; undefined for any other word. */
export function heredocOpening(word: string): HeredocOpening | undefined {
  const match = /^\d*<<(-?)[\t\n\f\r ]*([^<]*)$/.exec(word);
  const rest = match?.[2];
  if (!rest) return undefined;
  const [delimiter, ...others] = shellWords(rest, { rawQuotes: false, rawEscapes: false });
  if (delimiter === undefined || others.length > 0) return undefined;
  const [quoted] = shellWords(rest, { rawQuotes: true, rawEscapes: false });
  return {
    delimiter,
    // A quote that disappears quoted some part of the delimiter.
    expand: quotes(delimiter) === quotes(quoted as string),
    chomp: match?.[1] === '-',
  };
}

/** Reads the bodies that follow a logical line, up to and including the last delimiter. */
export function readHeredocs(
  openings: readonly HeredocOpening[],
  cursor: Cursor,
  position: { line: number; column: number },
): Heredoc[] {
  return openings.map((opening) => {
    const first = cursor.next;
    while (cursor.next < cursor.lines.length) {
      const line = withoutLineEnding(cursor.lines[cursor.next] as string);
      cursor.next += 1;
      if ((opening.chomp ? line.replace(/^\t+/, '') : line) !== opening.delimiter) continue;
      return { ...opening, content: cursor.lines.slice(first, cursor.next - 1).join('') };
    }
    throw new DockerfileError('unterminated heredoc', position);
  });
}

function quotes(word: string): number {
  return word.replace(/[^'"]/g, '').length;
}
