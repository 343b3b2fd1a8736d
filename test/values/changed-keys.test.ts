import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify as tomlText } from 'smol-toml';
import { Document, stringify as yamlText } from 'yaml';
import { changedKeys } from '../../src/values/changed-keys.ts';
import { parseValues } from '../../src/values/parse-values.ts';

function changed(file: string, before: string, after: string): string[] {
  const [old, now] = [before, after].map((text) => parseValues(text, file, { single: false }));
  return changedKeys(old ?? new Map(), now ?? new Map()).map((path) => path.join('/'));
}

describe('what changed', () => {
  test.each<[string, string, string, string, string[]]>([
    ['nothing', 'v.yml', 'a: 1\nb: x # y\n', 'b: "x"\n\na:   1\n', []],
    ['a number that JavaScript takes for the same', 'v.yml', 'a: 3.1', 'a: 3.10', ['a']],
    [
      'a number that JavaScript takes for the same',
      'v.json',
      '[1.0, 9007199254740993]',
      '[1, 9007199254740992]',
      ['0', '1'],
    ],
    [
      'a number that JavaScript takes for the same',
      'v.toml',
      'a = 3.1\nb = 3.10\n',
      'a = 3.10\nb = 3.1\n',
      ['a', 'b'],
    ],
    ['a part of a second', 'v.toml', 'a = 07:32:00.0001', 'a = 07:32:00.0002', ['a']],
    ['a type', 'v.yml', 'a: 1\nb: on\nc: ~\nd: {}', 'a: "1"\nb: "on"\nc: ""\nd: []', ['a', 'b', 'c', 'd']],
    ['a string that looks like a number', 'v.toml', 'a = 1', 'a = "1"', ['a']],
    ['keys that come and go', 'v.yml', 'a: {b: 1, c: 2}', 'a: {c: 2, d: 3}', ['a/b', 'a/d']],
    ['a mapping in the place of a value', 'v.json', '{"a": {"b": 1}}', '{"a": 1}', ['a', 'a/b']],
    ['a list in the place of a mapping', 'v.json', '{"a": {"0": 1}}', '{"a": [1]}', ['a/0']],
    ['a key with a dot', 'v.json', '{"a.b": 1, "a": {"b": 2}}', '{"a.b": 2, "a": {"b": 1}}', ['a/b', 'a.b']],
    ['an item', 'v.yml', 'a: [1, 2, 3]', 'a: [1, 3]', ['a/1', 'a/2']],
    [
      'what an anchor stands for',
      'v.yml',
      'a: &a {x: 1}\nb: {<<: *a}\nc: *a\n',
      'a: &a {x: 2}\nb: {<<: *a}\nc: *a\n',
      ['a/x', 'b/x', 'c/x'],
    ],
    ['one of several documents', 'v.yml', 'a: 1\n---\na: 2\n', 'a: 1\n---\na: 3\n', ['a']],
    ['a variable', 'v.env', '# old\nA=1\nB="2"\n', 'export B=2\nA=2 # new\n', ['A']],
    ['a property', 'v.properties', 'a=1\nb = 2\n', 'b:2\na=\\\n  2\n', ['a']],
  ])('%s: %s', (_, file, before, after, expected) => {
    expect(changed(file, before, after)).toEqual(expected);
    expect(changed(file, after, before)).toEqual(expected);
  });
});

const key = fc.constantFrom('a', 'b', 'version', '3', 'x y', 'a.b', 'é', '"', '#', '=', '__proto__');
const leaf = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc.constantFrom('on', '1', '', ' ', '# x', '"', "'", '\\', 'a: b', '\u2028', '\n'),
  fc.integer(),
  fc.boolean(),
);
type Tree = { [key: string]: Tree } | string | number | boolean;
const { tree } = fc.letrec<{ tree: Tree; node: Tree }>((tie) => ({
  tree: fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 4 }),
  node: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, tie('tree')),
}));

/** The same tree with the keys of every mapping in another order. */
function reversed(value: Tree): Tree {
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([name, child]) => [name, reversed(child)]));
}

function leaves(value: Tree, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([name, child]) => leaves(child, [...path, name]));
}

function withLeaf(value: Tree, [step, ...rest]: readonly string[], text: Tree): Tree {
  if (step === undefined || typeof value !== 'object') return text;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, name === step ? withLeaf(child, rest, text) : child]),
  );
}

describe.each<[string, string, (value: Tree) => string, (value: Tree) => string]>([
  ['JSON', 'v.json', (value) => JSON.stringify(value), (value) => JSON.stringify(value, undefined, 3)],
  [
    'YAML',
    'v.yml',
    (value) => yamlText(value, { version: '1.1' }),
    (value) => {
      const document = new Document(value, { version: '1.1' });
      document.commentBefore = ' a: comment';
      return document.toString({ collectionStyle: 'flow', indent: 4 });
    },
  ],
  [
    'TOML',
    'v.toml',
    (value) => tomlText(value as object),
    (value) => `# a = 1\n${tomlText(value as object).replace(/ = /g, '  =\t')} # b\n`,
  ],
])('%s, whatever it holds', (name, file, write, rewrite) => {
  test('another order, comments and white space change no key', () => {
    fc.assert(
      fc.property(tree, (value) => {
        // The crude rewriting of TOML must not reach into strings and keys.
        fc.pre(name !== 'TOML' || !JSON.stringify(value).includes(' = '));
        expect(changed(file, write(value), rewrite(reversed(value)))).toEqual([]);
      }),
    );
  });

  test('another value changes its key and no other', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (value, choice) => {
        const all = leaves(value);
        const path = all[choice % all.length] ?? [];
        const other = withLeaf(value, path, 'another');
        fc.pre(JSON.stringify(other) !== JSON.stringify(value));
        expect(changed(file, write(value), write(other))).toEqual([path.join('/')]);
      }),
    );
  });
});

const names = fc.dictionary(fc.constantFrom('A', 'B_1', 'spark.version', 'x'), fc.string({ maxLength: 6 }), {
  minKeys: 1,
});
const escaped = (text: string) =>
  [...text].map((_, index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');

test('.properties: order, comments, separators and escapes change no key, another value its own', () => {
  fc.assert(
    fc.property(
      fc.dictionary(key, fc.string({ unit: 'binary-ascii', maxLength: 6 }), { minKeys: 1 }),
      (values) => {
        const entries = Object.entries(values);
        const write = (pairs: [string, string][], between: string) =>
          pairs
            .map(([name, value]) => `${escaped(name)}${between}${escaped(value)}\n# ${name.trim()}=x\n`)
            .join('');
        const text = write(entries, '=');
        expect(changed('v.properties', text, write(entries.toReversed(), ' : \\\n '))).toEqual([]);
        const [[first, value] = ['', '']] = entries;
        expect(
          changed('v.properties', text, write([[first, `${value}!`], ...entries.slice(1)], ' ')),
        ).toEqual([first.split('.').join('/')]);
      },
    ),
  );
});

test('.env: order, comments, quotes and export change no key, another value its own', () => {
  fc.assert(
    fc.property(names, (values) => {
      const entries = Object.entries(values).map(([name, value]): [string, string] => [
        name,
        value.replace(/[\r\n"\\$]/g, ''),
      ]);
      const write = (pairs: [string, string][], before: string) =>
        pairs.map(([name, value]) => `${before}${name}="${value}" # ${name}\n`).join('# A=1\n');
      expect(changed('.env', write(entries, ''), write(entries.toReversed(), 'export '))).toEqual([]);
      const [[first, value] = ['', '']] = entries;
      expect(
        changed('.env', write(entries, ''), write([[first, `${value}!`], ...entries.slice(1)], '')),
      ).toEqual([first.split('.').join('/')]);
    }),
  );
});

test('any text is read or refused with its place', () => {
  const pieces = fc.constantFrom(
    'a',
    ':',
    ' ',
    '\n',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    '=',
    '#',
    '&a',
    '*a',
    '<<',
    '- ',
    '"""',
    "'''",
    '1',
    '.',
    '\\',
    '\\u',
    '\r',
    '\0',
    '\udc80',
    ',',
    '---\n',
    'export ',
    '!',
    '|',
    '@',
  );
  const anything = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      fc.constantFrom('v.yml', 'v.json', 'v.toml', 'v.env', 'v.properties'),
      anything,
      (file, text) => {
        try {
          parseValues(text, file, { single: false });
        } catch (error) {
          expect(error).toMatchObject({
            name: 'ValuesError',
            line: expect.any(Number),
            column: expect.any(Number),
          });
        }
      },
    ),
    { numRuns: 3000 },
  );
});
