import { skipSpace, wellFormed } from './characters.ts';

/**
 * The strings of an instruction in JSON (exec) form; undefined when the text is no JSON array, which makes it shell
 * form (BuildKit frontend/dockerfile/parser, parseJSON). `'not strings'` for an array that holds anything else.
 */
export function jsonForm(text: string): string[] | undefined | 'not strings' {
  const array = text.slice(skipSpace(text));
  if (!array.startsWith('[')) return undefined;
  let values: unknown;
  try {
    values = JSON.parse(wellFormed(array));
  } catch {
    return undefined;
  }
  const elements = values as unknown[];
  if (!elements.every((element) => typeof element === 'string')) return 'not strings';
  return elements.map(wellFormed);
}
