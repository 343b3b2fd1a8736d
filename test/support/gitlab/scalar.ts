import type { Value } from './value.ts';

/**
 * Reads a plain (unquoted) scalar as Ruby's YAML library does, which is what GitLab loads a pipeline with. It is
 * close to YAML 1.1 and not the same: `y` and `n` stay strings, `1e3` too, `1,000` is a number and `:x` a symbol.
 * Source: Psych::ScalarScanner#tokenize (Psych 4 and 5).
 */
export function readPlainScalar(text: string): Value {
  if (text === '') return null;
  if (WORD.test(text) || text.includes('\n')) return readWord(text);
  if (TIME.test(text)) return scalar('Time', text);
  if (DATE.test(text)) return isRealDate(text) ? scalar('Date', text) : text;
  if (/^\+?\.inf$/iu.test(text)) return scalar('Float', text, 'Infinity');
  if (/^-\.inf$/iu.test(text)) return scalar('Float', text, '-Infinity');
  if (/^\.nan$/iu.test(text)) return scalar('Float', text, 'NaN');
  if (/^:./u.test(text)) return scalar('Symbol', text, symbolName(text));
  if (/^[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}$/u.test(text)) return integer(text, sexagesimal(text));
  if (/^[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}\.[0-9_]*$/u.test(text)) return scalar('Float', text);
  if (FLOAT.test(text)) return /^[-+]?\.$/u.test(text) ? text : float(text);
  return readInteger(text);
}

const WORD = /^[^\d.:-]?[\p{Alphabetic}_\s!@#$%^&*(){}<>|/\\~;=]+/u;
const TIME =
  /^-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}:?(?:\d\d)?))?$/u;
const DATE = /^\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)$/u;
const FLOAT = /^(?:[-+]?([0-9][0-9_,]*)?\.[0-9]*([eE][-+][0-9]+)?)$/u;
const INTEGER =
  /^(?:[-+]?0b[0-1_,]+|[-+]?0[0-7_,]+|[-+]?(?:0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)|[-+]?0x[0-9a-fA-F_,]+)$/u;

type RubyClass = 'Integer' | 'Float' | 'Symbol' | 'Date' | 'Time';

function scalar(rubyClass: RubyClass, text: string, printed = text): Value {
  return { kind: 'scalar', class: rubyClass, text, printed };
}

function readWord(text: string): Value {
  if (text === '~' || /^null$/iu.test(text)) return null;
  if (/^(yes|true|on)$/iu.test(text)) return true;
  if (/^(no|false|off)$/iu.test(text)) return false;
  return text;
}

/** Ruby's strptime refuses 2024-02-31, and the scanner then leaves a string. */
function isRealDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function symbolName(text: string): string {
  const quoted = /^:(["'])(.*)\1/u.exec(text);
  return quoted === null ? text.slice(1) : (quoted[2] ?? '').replace(/^:/u, '');
}

/** The scanner weighs from the left, so that `1:30` is 1·3600 + 30·60. */
function sexagesimal(text: string): bigint {
  const weights = [3600n, 60n, 1n];
  return text
    .split(':')
    .map((part, index) => BigInt(part.replaceAll('_', '').replace('+', '')) * (weights[index] ?? 0n))
    .reduce((sum, part) => sum + part, 0n);
}

function float(text: string): Value {
  const number = Number(text.replace(/[,_]/gu, ''));
  return scalar('Float', text, Number.isInteger(number) ? `${number}.0` : String(number));
}

function readInteger(text: string): Value {
  if (!INTEGER.test(text)) return text;
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/u.exec(text.replace(/[,_]/gu, '')) ?? [];
  const octal = /^0[0-7]+$/u.test(digits);
  if (/^0[bx]$/u.test(digits)) return text;
  const number = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  return integer(text, sign === '-' ? -number : number);
}

function integer(text: string, value: bigint): Value {
  return String(value) === text && Number.isSafeInteger(Number(value))
    ? Number(value)
    : scalar('Integer', text, String(value));
}
