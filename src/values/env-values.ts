import { addValue, errorAfter, type Value, type Values } from './value.ts';

// By dotenv's rules (github.com/motdotla/dotenv, lib/main.js), but for two: `#` begins a comment only at the beginning
// of an unquoted value or after white space, as shells and Docker Compose have it, and no line is passed over in silence.
const BLANK = /[ \t\f\v]*(?:#[^\r\n]*)?(?:\r\n|[\r\n]|$)/y;
const NAME = /[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*/y;
const SEPARATOR = /=[ \t]*|(?<=[\w.-]):[ \t]+/y;
const QUOTED = /(?:'((?:\\'|[^'])*)'|"((?:\\"|[^"])*)"|`((?:\\`|[^`])*)`)[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|$)/y;
const BARE = /[^\r\n]*/y;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * The values of a `.env` file: `NAME=value` or `NAME: value`, perhaps after `export`, perhaps in quotes that may span
 * lines. The last of equal names counts; a name alone, which leaves the value to the environment, is null.
 */
export function envValues(text: string): Values {
  const values = new Map<string, Value>();
  let at = 0;
  const take = (token: RegExp): RegExpExecArray | undefined => {
    token.lastIndex = at;
    const found = token.exec(text) ?? undefined;
    at += found?.[0].length ?? 0;
    return found;
  };
  while (at < text.length) {
    if (take(BLANK)) continue;
    const start = at;
    const name = take(NAME)?.[1];
    const hasValue = name !== undefined && take(SEPARATOR) !== undefined;
    const quoted = hasValue ? take(QUOTED) : undefined;
    const value = hasValue ? (quoted ? unquoted(quoted) : bare(take(BARE)?.[0] ?? '')) : undefined;
    if (name === undefined || !take(BLANK)) {
      throw errorAfter(
        text.slice(0, start),
        'this line is no assignment; write NAME=value, or "#" before a comment',
      );
    }
    addValue(
      values,
      [name],
      value === undefined ? { type: 'null', text: '' } : { type: 'string', text: value },
    );
  }
  return new Map([...values].map(([key, { path, ...value }]) => [key, { path: dotted(path), ...value }]));
}

/** Only double quotes know escapes. */
function unquoted([, single, double, back]: RegExpExecArray): string {
  const plain = single ?? back;
  if (plain !== undefined) return plain;
  return (double ?? '').replace(/\\([nrt"\\$])/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}

function bare(text: string): string {
  return text.replace(/(?:^|[ \t])#[^]*$/, '').trim();
}

/** Such files have no levels, but their names may spell them out. */
function dotted(path: readonly string[]): readonly string[] {
  return path.flatMap((name) => name.split('.'));
}
