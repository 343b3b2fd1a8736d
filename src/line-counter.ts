import { LineCounter } from 'yaml';

/**
 * Turns offsets into a YAML text into lines and columns. Counted from the text itself: a parser that lost its way leaves
 * out the line ends inside the token it gave up on.
 */
export function lineCounterOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return lines;
}
