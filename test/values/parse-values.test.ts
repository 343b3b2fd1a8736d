import { describe, expect, test } from 'vitest';
import { parseValues } from '../../src/values/parse-values.ts';
import { ValuesError } from '../../src/values/value.ts';

/** Each value as `path = type text`; the keys of the path between slashes. */
function read(file: string, text: string, options = { single: false }): string[] {
  return [...parseValues(text, file, options).values()].map(
    ({ path, type, text: value }) => `${path.join('/')} = ${type}${value && ` ${value}`}`,
  );
}

/** `line:column: message` */
function refusal(file: string, text: string, options = { single: false }): string {
  try {
    return `read: ${JSON.stringify(read(file, text, options))}`;
  } catch (error) {
    if (!(error instanceof ValuesError)) throw error;
    return `${error.line}:${error.column}: ${error.message}`;
  }
}

describe('YAML', () => {
  test.each<[string, string, string[]]>([
    [
      'numbers as they are written',
      'a: 3.10\nb: 3.1\nc: 0x1F\n',
      ['a = literal 3.10', 'b = literal 3.1', 'c = literal 0x1F'],
    ],
    [
      'strings, however they are written',
      'a: x\nb: "x"\nc: >-\n  x\n',
      ['a = string x', 'b = string x', 'c = string x'],
    ],
    ['a number in quotes is a string', 'a: "3.10"', ['a = string 3.10']],
    [
      'what YAML 1.1 takes for no string',
      'a: on\nb: "on"\nc: 22:22\nd: 2001-12-14\ne: 3.5.1\n',
      ['a = plain on', 'b = string on', 'c = plain 22:22', 'd = plain 2001-12-14', 'e = string 3.5.1'],
    ],
    ['booleans and nothing', 'a: true\nb: ~\nc:\n', ['a = literal true', 'b = null', 'c = null']],
    ['lists by place', 'a: [x, {b: z}]\n', ['a/0 = string x', 'a/1/b = string z']],
    ['empty collections', 'a: {}\nb: []\n', ['a = mapping', 'b = list']],
    ['keys with dots', '"a.b": {c: 1}\n', ['a.b/c = literal 1']],
    ['keys that are no strings', '1: x\n3.10: z\n', ['1 = string x', '3.10 = string z']],
    [
      'keys of JavaScript’s own',
      '__proto__: {a: 1}\nconstructor: 2\n',
      ['__proto__/a = literal 1', 'constructor = literal 2'],
    ],
    [
      'aliases',
      'a: &a {b: 1}\nc: *a\nd: &a 2\ne: *a',
      ['a/b = literal 1', 'c/b = literal 1', 'd = literal 2', 'e = literal 2'],
    ],
    [
      'merge keys: own keys count more, then the first',
      'a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b], y: 3}\n',
      [
        'a/x = literal 1',
        'a/y = literal 1',
        'b/x = literal 2',
        'b/z = literal 2',
        'c/y = literal 3',
        'c/x = literal 1',
        'c/z = literal 2',
      ],
    ],
    ['a merge key in quotes is a key', 'a: {"<<": 1}', ['a/<< = literal 1']],
    [
      'tags',
      'a: !x 1\nb: !y {c: 1}\nd: !!float 3\n',
      ['a = !x 1', 'b = !y', 'b/c = literal 1', 'd = tag:yaml.org,2002:float 3'],
    ],
    ['several documents', 'a: 1\n---\na: 2\n', ['a = literal 1', 'a = literal 2']],
    ['no mapping at all', 'x', [' = string x']],
    ['nothing', '# nothing\n', []],
    [
      'a mark, line ends of Windows, and bytes that are no text',
      '\uFEFFa: 1\r\nb: \udc80\r\n',
      ['a = literal 1', 'b = string \udc80'],
    ],
    [
      'deep nesting',
      `${'['.repeat(150)}x${']'.repeat(150)}`,
      [`${Array.from({ length: 150 }, () => '0').join('/')} = string x`],
    ],
  ])('%s', (_, text, expected) => {
    expect(read('v.yml', text)).toEqual(expected);
    expect(read('v.yaml', text)).toEqual(expected);
  });

  const bomb = [...'bcdefghi'].map(
    (name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[index]}`).join()}]`,
  );
  const merges = Array.from(
    { length: 40 },
    (_, index) => `k${index + 1}: &k${index + 1} {<<: [*k${index}, *k${index}]}`,
  );

  test.each([
    ['no YAML', 'a: 1\nb: @x\n', '2:4: this is no valid YAML: '],
    ['a key that stands twice', 'a: 1\r\na: 2\n', '2:1: this is no valid YAML: Map keys must be unique'],
    ['an error in a later document', 'a: 1\n---\n[', '3:2: this is no valid YAML: '],
    ['an alias of nothing', 'a: *b', '1:4: the alias *b has no anchor above it'],
    ['an alias before its anchor', 'a: *b\nb: &b 1', '1:4: the alias *b has no anchor above it'],
    ['an alias inside of its anchor', 'a: &a [*a]', '1:8: nested too deeply'],
    ['a mapping that merges itself', 'a: &a {<<: *a}', '1:12: the merge key << takes '],
    ['a merge of no mapping', 'a: {<<: 1}', '1:9: the merge key << takes '],
    [
      'aliases of aliases',
      ['a: &a [x,x,x,x,x,x,x,x,x]', ...bomb].join('\n'),
      'the aliases of the file expand to too much',
    ],
    [
      'merges of merges',
      ['k0: &k0 {x: 1}', ...merges].join('\n'),
      'the aliases of the file expand to too much',
    ],
    ['lists in lists', '['.repeat(100_000), 'this is nested too deeply to be read'],
    ['lists in lists, with their ends', '['.repeat(250) + ']'.repeat(250), '1:202: nested too deeply'],
    ['a mapping as a key', '? {a: b}\n: 1', '1:3: only keys that are strings can be read'],
  ])('refuses %s', (_, text, expected) => {
    expect(refusal('v.yml', text)).toContain(expected);
  });

  test('refuses a second document where one is wanted', () => {
    expect(refusal('v.yml', 'a: 1\n---\na: 2\n', { single: true })).toMatch(
      /^[23]:1: the file holds several YAML documents/,
    );
    expect(refusal('v.yml', '---\na: 1\n...\n', { single: true })).toMatch(/^read/);
  });
});

describe('JSON', () => {
  test.each<[string, string, string[]]>([
    [
      'numbers as they are written',
      '[3.10, 12345678901234567890, 1e400, -0]',
      ['0 = literal 3.10', '1 = literal 12345678901234567890', '2 = literal 1e400', '3 = literal -0'],
    ],
    [
      'strings by what they hold',
      '["\\u0041", "A", "\\"\\\\"]',
      ['0 = string A', '1 = string A', '2 = string "\\'],
    ],
    [
      'the rest',
      ' {"a" : [true , false, null], "b":{}, "c": [ ]}\n',
      ['a/0 = literal true', 'a/1 = literal false', 'a/2 = null', 'b = mapping', 'c = list'],
    ],
    [
      'keys of JavaScript’s own',
      '{"__proto__": {"a": 1}, "a.b": 2}',
      ['__proto__/a = literal 1', 'a.b = literal 2'],
    ],
    ['a scalar', '\uFEFF"x"', [' = string x']],
    ['a long string', JSON.stringify('x\\"'.repeat(1e6)), [` = string ${'x\\"'.repeat(1e6)}`]],
  ])('%s', (_, text, expected) => {
    expect(read('v.json', text)).toEqual(expected);
  });

  test.each([
    ['{"a": 1,\r\n "a": 2}', '2:2: the key "a" is set twice; keep one'],
    ['{"a": 1, "\\u0061": 2}', '1:10: the key "\\u0061" is set twice; keep one'],
    ['{"a": 1,}', '1:9: this is no valid JSON: a key in double quotes is expected here'],
    ['[1,]', '1:4: this is no valid JSON: a value is expected here'],
    ['[1 2]', '1:4: this is no valid JSON: "," or "]" is expected here'],
    ['{"a" 1}', '1:6: this is no valid JSON: ":" is expected here'],
    ['{"a": 1]', '1:8: this is no valid JSON: "," or "}" is expected here'],
    ['', '1:1: this is no valid JSON: a value is expected here'],
    ['{\n  "a": x\n}', '2:8: this is no valid JSON: a value is expected here'],
    ['[01]', '1:3: this is no valid JSON: "," or "]" is expected here'],
    ['["\n"]', '1:2: this is no valid JSON: a value is expected here'],
    ['{} // x', '1:4: this is no valid JSON: the end of the file is expected here'],
    ['['.repeat(100_000), '1:202: nested too deeply; remove levels of nesting'],
  ])('refuses %j', (text, expected) => {
    expect(refusal('v.json', text)).toBe(expected);
  });
});

describe('TOML', () => {
  test.each<[string, string, string[]]>([
    [
      'numbers and dates as they are written',
      'a = 3.10\nb = 0xFF\nc = 1979-05-27 07:32:00.123456Z\nd = +inf\ne = -1e3\n',
      [
        'a = literal 3.10',
        'b = literal 0xFF',
        'c = literal 1979-05-27 07:32:00.123456Z',
        'd = literal +inf',
        'e = literal -1e3',
      ],
    ],
    [
      'strings by what they hold',
      'a = "x = 1"\nb = \'x = 1\'\nc = """\nx = 1"""\nd = \'\'\'\nx = 1\'\'\'\n',
      ['a = string x = 1', 'b = string x = 1', 'c = string x = 1', 'd = string x = 1'],
    ],
    [
      'quotes in strings of several lines',
      'a = """"b" \\" ""\nc = 1"""""\nd = \'\'\'\'e\' = 2\'\'\'\'\n',
      ['a = string "b" " ""\nc = 1""', "d = string 'e' = 2'"],
    ],
    [
      'tables, dotted keys and inline tables',
      'a.b = 1\n[c."d.e"]\nf = {g = 2, h.i = [3]}\n',
      ['a/b = literal 1', 'c/d.e/f/g = literal 2', 'c/d.e/f/h/i/0 = literal 3'],
    ],
    [
      'keys that look like numbers',
      '3.1 = 2\n[4.5]\n6 = {7.8 = [9], 10 = 11}\n[[12]]\n',
      ['3/1 = literal 2', '4/5/6/7/8/0 = literal 9', '4/5/6/10 = literal 11', '12/0 = mapping'],
    ],
    [
      'arrays over several lines',
      'a = [ # 1\n  1.0, # [2\n  [2.0,\n3.0], { b = 4.0 }, 5.0\n]\nc = true\n',
      [
        'a/0 = literal 1.0',
        'a/1/0 = literal 2.0',
        'a/1/1 = literal 3.0',
        'a/2/b = literal 4.0',
        'a/3 = literal 5.0',
        'c = literal true',
      ],
    ],
    ['arrays of tables', '[[a]]\nb = 1\r\n[[a]]\r\nb = 2\r\n', ['a/0/b = literal 1', 'a/1/b = literal 2']],
    ['empty ones', 'a = {}\nb = []\n[c]\n', ['a = mapping', 'b = list', 'c = mapping']],
    [
      'keys of JavaScript’s own',
      '__proto__ = 1\n[constructor]\na = 2\n',
      ['__proto__ = literal 1', 'constructor/a = literal 2'],
    ],
    ['nothing but a mark', '\uFEFF', [' = mapping']],
  ])('%s', (_, text, expected) => {
    expect(read('v.toml', text)).toEqual(expected);
  });

  test.each([
    ['a = 1\na = 2\n', '2:1: this is no valid TOML: '],
    ['a = 1\nb = \n', '2:5: this is no valid TOML: '],
    ['a = 1 b = 2', '1:7: this is no valid TOML: '],
    [`${'a.'.repeat(3000)}b = 1`, 'nested too deeply'],
    [`a = ${'['.repeat(50_000)}`, 'this is no valid TOML: document contains excessively nested structures'],
  ])('refuses %.30j', (text, expected) => {
    expect(refusal('v.toml', text)).toContain(expected);
    expect(refusal('v.toml', text)).not.toContain('\n');
  });
});

describe('.env', () => {
  test.each<[string, string, string[]]>([
    [
      'names, comments and blank lines',
      '# c\n\nA=1\n  B = 2 # c\n\t\nC: 3\n',
      ['A = string 1', 'B = string 2', 'C = string 3'],
    ],
    ['export', 'export A=1\nexport B\n', ['A = string 1', 'B = null']],
    ['no value', 'A=\nB= # c\nC\n', ['A = string', 'B = string', 'C = null']],
    ['white space around a value', 'A=\t1 \nB=" 1 "\n', ['A = string 1', 'B = string  1 ']],
    [
      'a # inside of a value',
      'A=b#c\nB="b # c" # d\nC=#d\n',
      ['A = string b#c', 'B = string b # c', 'C = string'],
    ],
    [
      'quotes',
      `A="x\\ny\\"\\\\ \\z"\nB='x\\n'\nC=\`"'\`\n`,
      ['A = string x\ny"\\ \\z', 'B = string x\\n', `C = string "'`],
    ],
    ['quotes over several lines', 'A="x\ny=1"\nB=\'\n\'\n', ['A = string x\ny=1', 'B = string \n']],
    ['quotes that do not end, or end too soon', 'A="x\nB="x" y\n', ['A = string "x', 'B = string "x" y']],
    ['the last of equal names', 'A=1\nA=2\n', ['A = string 2']],
    ['names with dots', 'spark.version=1\na-b=2', ['spark/version = string 1', 'a-b = string 2']],
    [
      'line ends of any kind, and a mark',
      '\uFEFFA=1\r\nB=2\rC=3',
      ['A = string 1', 'B = string 2', 'C = string 3'],
    ],
    ['bytes that are no text', 'A=\udc80\n', ['A = string \udc80']],
  ])('%s', (_, text, expected) => {
    expect(read('.env', text)).toEqual(expected);
    expect(read('a/v.env', text)).toEqual(expected);
  });

  test.each([
    ['A=1\nB 2\n', '2:1: '],
    ['=1', '1:1: '],
    ['A=1\n\n  ?\n', '3:1: '],
    ['A:1', '1:1: '],
    ['A=1\rB 2\r', '2:1: '],
  ])('refuses %j', (text, expected) => {
    expect(refusal('v.env', text)).toBe(
      `${expected}this line is no assignment; write NAME=value, or "#" before a comment`,
    );
  });
});

describe('.properties', () => {
  // The examples of the documentation of java.util.Properties, load, and more.
  test.each<[string, string, string[]]>([
    [
      'three ways to separate',
      'Truth = Beauty\n Truth2:Beauty\nTruth3\t\t\t:Beauty\nTruth4 Beauty',
      ['Truth = string Beauty', 'Truth2 = string Beauty', 'Truth3 = string Beauty', 'Truth4 = string Beauty'],
    ],
    [
      'one value on several lines',
      'fruits   apple, banana, \\\n         pear, \\\r\n  mango\n',
      ['fruits = string apple, banana, pear, mango'],
    ],
    ['no value', 'cheeses\nb=\nc:\n', ['cheeses = string', 'b = string', 'c = string']],
    ['comments, which no backslash goes on', '# a=1\\\n ! b=2\nc=3\n', ['c = string 3']],
    ['a comment is none in a line that goes on', 'a=1\\\n#b', ['a = string 1#b']],
    ['escapes', 'a\\ b\\:\\=c = \\tA\\u0041\\q\\\\\n', ['a b:=c = string \tAAq\\']],
    ['an even number of backslashes', 'a=1\\\\\nb=2', ['a = string 1\\', 'b = string 2']],
    ['a separator in a value', 'a==1\nb = = 2\nc : :\n', ['a = string =1', 'b = string = 2', 'c = string :']],
    ['white space at the end of a value', 'a=1 \n', ['a = string 1 ']],
    ['the last of equal names', 'a=1\na=2\n', ['a = string 2']],
    ['names with dots', 'spark.version=1', ['spark/version = string 1']],
    ['a backslash at the end of the file', 'a=1\\', ['a = string 1']],
  ])('%s', (_, text, expected) => {
    expect(read('v.properties', text)).toEqual(expected);
  });

  test('refuses a broken escape', () => {
    expect(refusal('v.properties', 'a=1\n\n\\u12=2\n')).toMatch(/^3:1: after \\u four/);
  });
});

test('TOML integers of 64 bits are read, and compared as they are written', () => {
  const values = parseValues('id = 9223372036854775807\nk = 1\n', 'v.toml', { single: true });
  expect([...values.values()].map(({ path, text }) => [path.join('.'), text])).toEqual([
    ['id', '9223372036854775807'],
    ['k', '1'],
  ]);
});
