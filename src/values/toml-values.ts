import { parse, TomlError, type TomlTable } from 'smol-toml';
import { addValue, checkDepth, type Step, type Value, type Values, ValuesError } from './value.ts';

/** The values of a TOML text. Numbers and dates stay as they are written: the parser would take 3.10 for 3.1. */
export function tomlValues(text: string): Values {
  const values = new Map<string, Value>();
  addTable(values, [], parsed(text));
  return values;
}

function parsed(text: string): TomlTable {
  try {
    // What is wrong is to be told of the text as it is.
    parse(text, { integersAsBigInt: true });
    return parse(literalsAsStrings(text));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = ''] = error.message.replace('Invalid TOML document: ', '').split('\n');
    throw new ValuesError(`this is no valid TOML: ${what}`, error);
  }
}

/** No string of a file begins with it. */
const MARK = '\u0001';

const TOKEN = new RegExp(
  [
    String.raw`"""(?:\\[^]|[^\\])*?"{3,5}`,
    String.raw`'''[^]*?'{3,5}`,
    String.raw`"(?:\\.|[^"\\\n])*"`,
    String.raw`'[^'\n]*'`,
    String.raw`#[^\n]*`,
    String.raw`\d{4}-\d\d-\d\d[Tt ]\d\d:[\d:.]+(?:[Zz]|[+-]\d\d:\d\d)?`,
    String.raw`[^\s"'#=,[\]{}]+`,
    String.raw`[=,[\]{}]`,
  ].join('|'),
  'g',
);

/** The valid TOML text with its numbers and dates in quotes, and `MARK` before each. */
function literalsAsStrings(text: string): string {
  const open: string[] = [];
  let isValue = false;
  return text.replace(TOKEN, (token) => {
    if (token.startsWith('#')) return token;
    const wasValue = isValue;
    // Where no value is to come, `[` begins a header.
    isValue = token === '=' || (token === '[' && wasValue) || (token === ',' && open.at(-1) === '[');
    if (token === '[' || token === '{') open.push(token);
    if (token === ']' || token === '}') open.pop();
    const isLiteral = wasValue && /^[\w+-]/.test(token) && token !== 'true' && token !== 'false';
    return isLiteral ? `"\\u0001${token}"` : token;
  });
}

function addTable(values: Map<string, Value>, steps: readonly Step[], table: object): void {
  checkDepth(steps, () => '');
  const isList = Array.isArray(table);
  const entries = Object.entries(table as Record<string, unknown>);
  if (entries.length === 0) addValue(values, steps, { type: isList ? 'list' : 'mapping', text: '' });
  for (const [key, value] of entries) {
    const here = [...steps, isList ? Number(key) : key];
    if (typeof value === 'object' && value !== null) addTable(values, here, value);
    else if (typeof value !== 'string') addValue(values, here, { type: 'literal', text: String(value) });
    else if (value.startsWith(MARK))
      addValue(values, here, { type: 'literal', text: value.slice(MARK.length) });
    else addValue(values, here, { type: 'string', text: value });
  }
}
