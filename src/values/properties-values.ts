import { type Value, type Values, ValuesError } from './value.ts';

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/** The values of a `.properties` file (java.util.Properties, load). The last of equal names counts. */
export function propertiesValues(text: string): Values {
  const values = new Map<string, Value>();
  for (const { line, text: content } of logicalLines(text)) {
    const [, key = '', value = ''] =
      /^((?:\\.|[^\\ \t\f:=])*)(?:[ \t\f]*[:=])?[ \t\f]*(.*)$/s.exec(content) ?? [];
    const name = unescaped(key, line);
    values.set(name, { path: name.split('.'), type: 'string', text: unescaped(value, line) });
  }
  return values;
}

/** Lines that an odd number of backslashes at their end joins, without comments, blank lines and indentation. */
function logicalLines(text: string): { line: number; text: string }[] {
  const found: { line: number; text: string }[] = [];
  let open: { line: number; text: string } | undefined;
  for (const [index, natural] of text.split(/\r\n|\r|\n/).entries()) {
    const content = natural.replace(/^[ \t\f]+/, '');
    if (open === undefined && /^(?:[#!]|$)/.test(content)) continue;
    open ??= { line: index + 1, text: '' };
    const goesOn = (/\\*$/.exec(content)?.[0].length ?? 0) % 2 === 1;
    open.text += goesOn ? content.slice(0, -1) : content;
    if (goesOn) continue;
    found.push(open);
    open = undefined;
  }
  return open === undefined ? found : [...found, open];
}

function unescaped(text: string, line: number): string {
  return text.replace(/\\(?:u([\da-fA-F]{4})|(.)|$)/gs, (_, code?: string, character?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    if (character !== 'u') return ESCAPES[character ?? ''] ?? character ?? '';
    throw new ValuesError('after \\u four hexadecimal digits are expected; write \\\\u for a backslash', {
      line,
      column: 1,
    });
  });
}
