import fc from 'fast-check';
import { expect, test } from 'vitest';
import { psychParse } from './psych.ts';
import type { RubyValue } from './psych.ts';
import { readPlainScalar } from './scalar.ts';
import { isRubyScalar } from './value.ts';
import type { Value } from './value.ts';
import { runs } from '../runs.ts';

const traps: [string, Value][] = [
  ['', null],
  ['~', null],
  ['Null', null],
  ['yes', true],
  ['On', true],
  ['TRUE', true],
  ['off', false],
  ['No', false],
  ['y', 'y'],
  ['n', 'n'],
  ['nope', 'nope'],
  ['trueish', 'trueish'],
  ['1e3', '1e3'],
  ['0.1.2', '0.1.2'],
  ['09', '09'],
  ['.', '.'],
  ['-', '-'],
  ['12', 12],
  ['-7', -7],
  ['0x', '0x'],
  ['2024-02-31', '2024-02-31'],
  ['sha256:abc', 'sha256:abc'],
  ['10.0.0.1:5000', '10.0.0.1:5000'],
];

test.each(traps)('%j is read as %j', (text, value) => {
  expect(readPlainScalar(text)).toEqual(value);
});

test.each([
  ['010', 'Integer', '8'],
  ['0x1F', 'Integer', '31'],
  ['-0b101', 'Integer', '-5'],
  ['1_000', 'Integer', '1000'],
  ['1,000', 'Integer', '1000'],
  ['+5', 'Integer', '5'],
  ['12345678901234567890', 'Integer', '12345678901234567890'],
  ['1:30', 'Integer', '5400'],
  ['22:22:22', 'Integer', '80542'],
  ['1.0', 'Float', '1.0'],
  ['3.10', 'Float', '3.1'],
  ['.5', 'Float', '0.5'],
  ['1:30.5', 'Float', '1:30.5'],
  ['.inf', 'Float', 'Infinity'],
  ['-.INF', 'Float', '-Infinity'],
  ['.NaN', 'Float', 'NaN'],
  [':latest', 'Symbol', 'latest'],
  [':"a b"', 'Symbol', 'a b'],
  ['2024-02-29', 'Date', '2024-02-29'],
  ['2024-02-29 10:00:00', 'Time', '2024-02-29 10:00:00'],
])('%j is a Ruby %s that prints %s', (text, rubyClass, printed) => {
  expect(readPlainScalar(text)).toEqual({ kind: 'scalar', class: rubyClass, text, printed });
});

const fragments = fc.constantFrom(
  ...'0 1 9 12 _ , . : - + e x b o a f T = / ~ v é 0x 0b 2024 -01 -31'.split(' '),
  ...'yes no on off true false null .inf .nan'.split(' '),
  ' 0',
);
const plain = fc
  .array(fragments, { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('').trim())
  .filter((text) => isPlain(text));

test('any plain scalar has the class and the text that Ruby gives it', ({ skip }) => {
  const check = (texts: string[]): void => {
    const result = psychParse(texts.map((text) => `- ${text}\n`).join(''));
    if (result === undefined) return skip('There is no ruby on PATH to compare with.');
    if ('error' in result) throw new Error(result.error);
    const items = result.value.items ?? [];
    const differing = texts.filter(
      (text, index) => describeScalar(readPlainScalar(text)) !== describeRuby(items[index]),
    );
    expect(differing).toEqual([]);
  };
  fc.assert(fc.property(fc.array(plain, { minLength: 500, maxLength: 1000 }), check), {
    numRuns: runs(5),
    endOnFailure: true,
  });
});

/** Neither structure in YAML, nor a date that GitLab's loader stops at, nor a number that breaks Ruby's own scanner. */
function isPlain(text: string): boolean {
  const isStructure = /^[-:?,](?: |$)|: |:$| #|^[,~]./u.test(text) || /^---|^\.\.\./u.test(text);
  const value = readPlainScalar(text);
  const isDate = isRubyScalar(value) && (value.class === 'Date' || value.class === 'Time');
  return !isStructure && !isDate && !/^[-+]?(?:0[bx][,_]*|\.[eE][-+]\d+)$/u.test(text);
}

function describeScalar(value: Value): string {
  if (isRubyScalar(value)) return value.class === 'Float' ? 'Float' : `${value.class} ${value.printed}`;
  if (typeof value === 'number') return `Integer ${value}`;
  if (typeof value === 'string') return `String ${value}`;
  return value === null ? 'NilClass ' : value === true ? 'TrueClass true' : 'FalseClass false';
}

function describeRuby(value: RubyValue | undefined): string {
  return value?.class === 'Float' ? 'Float' : `${value?.class ?? ''} ${value?.text ?? ''}`;
}
