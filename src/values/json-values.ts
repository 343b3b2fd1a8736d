import { addValue, checkDepth, errorAfter, type Step, type Value, type Values } from './value.ts';

const CHARACTERS = String.raw`[^"\\\u0000-\u001f]*`;
const STRING = new RegExp(
  `"${CHARACTERS}(?:${String.raw`\\(?:["\\/bfnrt]|u[\da-fA-F]{4})`}${CHARACTERS})*"`,
  'y',
);
const LITERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

/** The values of a JSON text (RFC 8259). Numbers stay as they are written, whatever their size; no key stands twice. */
export function jsonValues(text: string): Values {
  const values = new Map<string, Value>();
  let at = 0;

  readValue([]);
  if (at < text.length) throw expected('the end of the file');
  return values;

  function readValue(steps: readonly Step[]): void {
    take(SPACE);
    checkDepth(steps, () => text.slice(0, at));
    const string = take(STRING);
    const literal = string === undefined ? take(LITERAL) : undefined;
    if (string !== undefined) addValue(values, steps, { type: 'string', text: JSON.parse(string) as string });
    else if (literal === 'null') addValue(values, steps, { type: 'null', text: '' });
    else if (literal !== undefined) addValue(values, steps, { type: 'literal', text: literal });
    else if (text[at] === '{') readMembers(steps);
    else if (text[at] === '[') readItems(steps);
    else throw expected('a value');
    take(SPACE);
  }

  function readMembers(steps: readonly Step[]): void {
    const keys = new Set<string>();
    if (isEmpty('}')) return addValue(values, steps, { type: 'mapping', text: '' });
    do {
      take(SPACE);
      const start = at;
      const token = take(STRING);
      if (token === undefined) throw expected('a key in double quotes');
      const key = JSON.parse(token) as string;
      if (keys.has(key)) throw errorAfter(text.slice(0, start), `the key ${token} is set twice; keep one`);
      keys.add(key);
      take(SPACE);
      if (text[at] !== ':') throw expected('":"');
      at += 1;
      readValue([...steps, key]);
    } while (goesOn('}'));
  }

  function readItems(steps: readonly Step[]): void {
    if (isEmpty(']')) return addValue(values, steps, { type: 'list', text: '' });
    let index = 0;
    do {
      readValue([...steps, index]);
      index += 1;
    } while (goesOn(']'));
  }

  function isEmpty(end: string): boolean {
    at += 1;
    take(SPACE);
    if (text[at] !== end) return false;
    at += 1;
    return true;
  }

  function goesOn(end: string): boolean {
    const next = text[at];
    if (next !== ',' && next !== end) throw expected(`"," or "${end}"`);
    at += 1;
    return next === ',';
  }

  function take(token: RegExp): string | undefined {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  }

  function expected(what: string): Error {
    return errorAfter(text.slice(0, at), `this is no valid JSON: ${what} is expected here`);
  }
}
