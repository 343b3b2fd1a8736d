import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { loadYaml } from './load.ts';
import { psychParse } from './psych.ts';
import type { RubyValue } from './psych.ts';
import { isList, isMapping, isReference, isRubyScalar, toJson } from './value.ts';
import type { Value } from './value.ts';
import { runs } from '../runs.ts';

const documents: Record<string, string> = {
  'a job': 'build:\n  script:\n    - echo "a: b"\n  when: on_success\n',
  'all styles of a string':
    'a: \'yes\'\nb: "010"\nc: |\n  true\nd: >-\n  1\n  2\ne: !!str 12\nf: two\n  lines\n',
  'nothing in several spellings': 'a:\nb: ~\nc: null\nd: []\ne: {}\nf: ""\n',
  'an anchor and its aliases': 'a: &x {k: [1, 2]}\nb: *x\nc: [*x, *x]\n',
  'a merge before other keys': 'x: &x {a: 1, b: 1}\ny:\n  <<: *x\n  b: 2\n',
  'a merge after other keys': 'x: &x {a: 1, b: 1}\ny:\n  b: 2\n  <<: *x\n',
  'a merge of a list': 'x: &x {a: 1}\nz: &z {a: 2, c: 3}\ny:\n  <<: [*x, *z]\n',
  'a merge of a scalar': 'y:\n  <<: 5\n',
  'an equal key': 'a: 1\nb: 2\na: 3\n',
  'a symbol as a key': ':a: 1\n',
  'keys in the order of the file': '10: a\n"2": b\n"10x": c\n',
  'a reference': 'a:\n  script:\n    - !reference [.x, script]\n    - echo\n',
  'text beyond ASCII': 'a: "é\\u00e9 \\U0001F600 \u{1f600}"\nключ: ü\n',
  'a hostile value': "a: '$(touch canary) `id` \"'' \\'\n",
};

test.for(Object.entries(documents))('%s is loaded as Ruby loads it', ([, text], { skip }) => {
  const result = psychParse(text);
  const { config } = loadYaml(text);
  expect(config).toBeDefined();
  if (result === undefined) return skip('There is no ruby on PATH to compare with.');
  expect(describe(config ?? null)).toEqual('value' in result ? describeRuby(result.value) : result.error);
});

test.each([
  ['yaml-syntax', 'a: [1\n'],
  ['yaml-syntax', 'a: *nothing\n'],
  ['yaml-syntax', 'a: &a [*a]\n'],
  ['yaml-syntax', 'a: "\\ud83d\\ude00"\n'],
  ['yaml-syntax', 'a: \u007f\n'],
  ['yaml-syntax', 'a: "\u0001"\n'],
  ['yaml-syntax', 'a: \ud800\n'],
  ['yaml-syntax', 'a: |\n  \tx\n   y\n'],
  ['yaml-syntax', 'a: >- # folded\n\n  \n  \tx\n'],
  ['yaml-line-break', 'a: "x\u0085y"\n'],
  ['yaml-line-break', 'a: "x\u2028y"\n'],
  ['yaml-not-a-mapping', ''],
  ['yaml-not-a-mapping', '- a\n'],
  ['yaml-not-a-mapping', 'just text\n'],
  ['yaml-several-documents', 'a: 1\n---\nb: 2\n'],
  ['yaml-class-not-allowed', 'a: 2024-02-01\n'],
  ['yaml-class-not-allowed', 'a: [{b: 2024-02-01 10:00:00}]\n'],
  ['key-not-a-string', 'on: 1\n'],
  ['key-not-a-string', 'a: {12: x}\n'],
  ['key-not-a-string', 'a: {[x]: y}\n'],
  ['duplicate-key', 'a: {b: 1, b: 1}\n'],
])('%s is found in %j', (code, text) => {
  expect(loadYaml(text).findings.map((finding) => finding.code)).toEqual([code]);
});

test('a byte order mark is text where it does not come first', () => {
  expect(toJson(loadYaml('\ufeffa: x\ufeff\n').config ?? null)).toEqual({ a: 'x\ufeff' });
});

test('a backslash before a u is no escape', () => {
  expect(loadYaml(String.raw`a: "\\ud83d"`).findings).toEqual([]);
});

test('any text that a YAML writer writes is read as Ruby reads it, or refused by both', ({ skip }) => {
  const check = (strings: string[]): void => {
    const text = stringify({ strings }, { version: '1.1' });
    const result = psychParse(text);
    if (result === undefined) return skip('There is no ruby on PATH to compare with.');
    const { config, findings } = loadYaml(text);
    if (findings.some(({ code }) => code === 'yaml-line-break')) return;
    const isRefused = findings.some(({ code }) => code === 'yaml-syntax');
    expect([text, isRefused ? 'refused' : describe(config ?? null)]).toEqual([
      text,
      'value' in result ? describeRuby(result.value) : 'refused',
    ]);
  };
  const strings = fc.array(
    fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), hostile),
    { maxLength: 12 },
  );
  fc.assert(fc.property(strings, check), { numRuns: runs(25), endOnFailure: true });
});

const hostile = fc
  .array(
    fc.constantFrom(
      '$',
      '`',
      '"',
      "'",
      '\\',
      '\n',
      '\t',
      ' ',
      '#',
      ': ',
      '- ',
      '\u007f',
      'é',
      '😀',
      'a',
      '0',
    ),
  )
  .map((parts) => parts.join(''));

test('Ruby refuses what the loader refuses', () => {
  const refused = [
    'a: [1\n',
    'a: *nothing\n',
    'a: 2024-02-01\n',
    'a: "\\ud83d\\ude00"\n',
    'a: \u007f\n',
    'a: "\u0001"\n',
    'a: |\n  \tx\n   y\n',
    'a: >- # folded\n\n  \n  \tx\n',
  ].map((text) => psychParse(text));
  for (const result of refused) if (result !== undefined) expect(result).toHaveProperty('error');
});

test('a finding says where it is', () => {
  expect(loadYaml('job:\n  variables:\n    A: 1\n    A: 2\n').findings[0]?.message).toContain(
    'job.variables',
  );
});

test('JSON sees numbers as numbers, and no references', () => {
  const { config } = loadYaml('a: 1.50\nb: 0x10\nc: :x\nd: !reference [e]\ne: [true, null]\n');
  expect(toJson(config ?? null)).toEqual({ a: 1.5, b: 16, c: 'x', d: null, e: [true, null] });
});

function describe(value: Value): unknown {
  if (isMapping(value)) return [...value].map(([key, item]) => [key, describe(item)]);
  if (isList(value)) return value.map(describe);
  if (isReference(value)) return { reference: value.path };
  if (isRubyScalar(value)) return value.printed;
  return value;
}

/** Hash keys as text, for symbols and the odd integer: the loader reports those instead of keeping their class. */
function describeRuby(value: RubyValue): unknown {
  if (value.pairs !== undefined)
    return value.pairs.map(([key, item]) => [key.text ?? '', describeRuby(item)]);
  const items = value.items?.map(describeRuby);
  if (items !== undefined) return value.class === 'Reference' ? { reference: items } : items;
  if (value.class === 'NilClass') return null;
  if (value.class === 'TrueClass' || value.class === 'FalseClass') return value.class === 'TrueClass';
  return value.class === 'Integer' ? Number(value.text) : value.text;
}
