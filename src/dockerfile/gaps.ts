/** A stretch of a text, `[start, end)` in UTF-16 code units, that may be something else; empty where text may come in. */
export interface Gap {
  start: number;
  end: number;
}

// Around each gap while a text is put together. No text holds these: an invalid byte is U+DC80–U+DCFF.
const OPEN = '\udf00';
const CLOSE = '\udf01';
const MARK = /[\udf00\udf01]/gu;
// A half pair in front would make a character of a mark. (In this order: an expression reads pairs of escapes as one.)
const CONFUSING = /[\udf00\udf01\ud800-\udbff]/gu;

/** The text with its gaps marked in it, so that they move along with what they are about. */
export function markGaps(text: string, gaps: readonly Gap[]): string {
  const clean = text.replace(CONFUSING, '\uFFFD');
  return gaps.toReversed().reduce((marked, { start, end }) => {
    return marked.slice(0, start) + OPEN + marked.slice(start, end) + CLOSE + marked.slice(end);
  }, clean);
}

/** All of it one gap, be it empty. */
export function asGap(text: string): string {
  return OPEN + withoutMarks(text) + CLOSE;
}

export function hasGap(text: string): boolean {
  return text.search(MARK) !== -1;
}

/** Whether nothing but gaps is in it, and one at least: then even whether it is empty is not known. */
export function isAllGap(marked: string): boolean {
  const { text, gaps } = readGaps(marked);
  return gaps.length > 0 && gaps.reduce((length, { start, end }) => length + end - start, 0) === text.length;
}

export function withoutMarks(text: string): string {
  return text.replace(MARK, '');
}

/** Takes the marks out again; gaps come in the order of the text. */
export function readGaps(marked: string): { text: string; gaps: Gap[] } {
  const gaps: Gap[] = [];
  let text = '';
  let start = 0;
  for (const part of marked.split(/([\udf00\udf01])/u)) {
    if (part === OPEN) start = text.length;
    else if (part === CLOSE) gaps.push({ start, end: text.length });
    else text += part;
  }
  return { text, gaps };
}
