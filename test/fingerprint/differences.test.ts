import { describe, expect, test } from 'vitest';
import { type Difference, differences } from '../../src/fingerprint/differences.ts';
import { fingerprinted } from '../support/fingerprints.ts';
import { type Files, side } from '../support/snapshot.ts';

type Settings = NonNullable<Parameters<typeof side>[1]>;

function difference(
  image: string,
  before: [Files, Settings?],
  after: [Files, Settings?],
): Difference | undefined {
  return differences(fingerprinted(side(...before)), fingerprinted(side(...after))).get(image);
}

const A = { 'a/Dockerfile': 'FROM scratch\nCOPY x y /\n', 'a/x': '1', 'a/y': '1' };

test('an image is the same, new, or differs in a field', () => {
  expect(difference('a', [A], [{ ...A, 'b/Dockerfile': 'FROM a\n' }])).toEqual({ kind: 'same' });
  expect(difference('b', [A], [{ ...A, 'b/Dockerfile': 'FROM a\n' }])).toEqual({ kind: 'new' });
  expect(difference('b', [{ ...A, 'b/Dockerfile': 'FROM a\n' }], [A])).toBeUndefined();
  expect(difference('a', [A], [{ ...A, 'a/y': '2', 'a/x': '2' }])).toEqual({
    kind: 'differs',
    field: 'context',
    keys: ['x', 'y'],
  });
});

test('a path that comes or goes differs', () => {
  const { 'a/y': _, ...without } = A;
  const expected = { kind: 'differs', field: 'context', keys: ['y'] };
  expect(difference('a', [A], [without])).toEqual(expected);
  expect(difference('a', [without], [A])).toEqual(expected);
});

test('what can’t be known on either side is not known', () => {
  const unknown = { 'a/Dockerfile': 'ARG B\nFROM $B\n' };
  expect(difference('a', [unknown], [A])).toMatchObject({
    kind: 'unknown',
    detail: expect.stringMatching(/^at the base, .*\$B/),
  });
  expect(difference('a', [A], [unknown])).toMatchObject({
    kind: 'unknown',
    detail: expect.stringMatching(/^a/),
  });
});

test('an image that is built from one that differs differs', () => {
  const b = { 'b/Dockerfile': 'FROM a\n', 'c/Dockerfile': 'FROM b\n' };
  const expected = { kind: 'differs', field: 'bases', keys: ['b'] };
  expect(difference('c', [{ ...A, ...b }], [{ ...A, ...b, 'a/x': '2' }])).toEqual(expected);
});

describe('declared inputs', () => {
  const files = { ...A, d: '1', e: '1' };
  const declaring = (...inputs: string[]): Settings => ({ images: { a: { inputs } } });

  test('one that is declared and did not change is told otherwise', () => {
    const told = { kind: 'told-otherwise', field: 'declared' };
    expect(difference('a', [files], [files, declaring('d')])).toEqual(told);
    expect(difference('a', [files, declaring('d')], [files])).toEqual(told);
  });

  test('so are the images built from that one, whether or not they need it still', () => {
    const rule = { references: [{ match: 'r/a', directory: 'a' }] };
    const told = { kind: 'told-otherwise' };
    // By name, b comes before what it is built from.
    const built = { ...files, '0/Dockerfile': 'FROM r/a\n' };
    expect(difference('0', [built, rule], [built, { ...rule, ...declaring('d') }])).toMatchObject(told);
    expect(difference('0', [built, rule], [built, declaring('d')])).toMatchObject(told);
  });

  test('one that changes counts on the side that declares and has it', () => {
    const changed = { ...files, d: '2' };
    const expected = { kind: 'differs', field: 'declared', keys: ['d'] };
    expect(difference('a', [files, declaring('d')], [changed])).toEqual(expected);
    expect(difference('a', [files], [changed, declaring('d')])).toEqual(expected);
    expect(difference('a', [files, declaring('d')], [{ ...A, e: '1' }])).toEqual(expected);
    const executable = { ...files, d: { executable: '1' } };
    expect(difference('a', [files, declaring('d')], [executable, declaring('d')])).toEqual(expected);
    expect(difference('a', [files, declaring('d')], [{ ...files, e: '2' }, declaring('d')])).toEqual({
      kind: 'same',
    });
  });

  test('a file that goes is nothing the base could have read if only the head declares it', () => {
    const kept = { ...files, 'more/1': '1' };
    const found = difference('a', [{ ...kept, 'more/2': '1' }], [kept, declaring('more/*')]);
    expect(found).toEqual({ kind: 'told-otherwise', field: 'declared' });
  });
});

describe('declared keys', () => {
  const files = { ...A, 'v.json': '{"a": 1, "b": 1}' };
  const declaring = (...keys: string[]): Settings => ({
    images: { a: { inputs: [{ paths: ['v.json'], keys }] } },
  });
  const key = (name: string) => JSON.stringify(['v.json', JSON.stringify([name])]);

  test.each([
    ['changes', '{"a": 2, "b": 1}'],
    ['goes', '{"b": 1}'],
  ])('one that %s counts', (_, text) => {
    const after: [Files, Settings] = [{ ...files, 'v.json': text }, declaring('a')];
    expect(difference('a', [files, declaring('a')], after)).toEqual({
      kind: 'differs',
      field: 'keys',
      keys: [key('a')],
    });
  });

  test('one that changes counts where others are declared now, and a new one does not', () => {
    const after = (text: string): [Files, Settings] => [{ ...files, 'v.json': text }, declaring('a', 'b')];
    expect(difference('a', [files, declaring('a')], after('{"a": 2, "b": 1}'))).toMatchObject({
      kind: 'differs',
      keys: [key('a')],
    });
    expect(difference('a', [files, declaring('a')], after('{"a": 1, "b": 1}'))).toEqual({
      kind: 'told-otherwise',
      field: 'keys',
    });
  });
});

describe('references', () => {
  const files = { ...A, 'b/Dockerfile': 'FROM a:1\n' };
  const rules: Settings = { references: [{ match: 'q/{x}', directory: '{x}' }] };

  test('a bare name that means another image by other rules differs', () => {
    const expected = { kind: 'differs', field: 'bases', keys: ['a'] };
    expect(difference('b', [files], [files, rules])).toEqual(expected);
    expect(difference('b', [files, rules], [files])).toEqual(expected);
  });

  test('so does one that a rule finds now: a builder was never told it by its bare name', () => {
    const ruled: Settings = { references: [{ match: 'a', directory: 'a' }] };
    const expected = { kind: 'differs', field: 'bases', keys: ['a'] };
    expect(difference('b', [files], [files, ruled])).toEqual(expected);
    expect(difference('b', [files, ruled], [files])).toEqual(expected);
  });

  test('a reference that a rule calls one of ours is told otherwise', () => {
    const ruled: Settings = { references: [{ match: 'a', directory: 'a' }] };
    expect(difference('b', [files, rules], [files, ruled])).toEqual({
      kind: 'told-otherwise',
      field: 'external',
    });
  });

  test('what a base is known to copy, once a rule calls it ours, is told otherwise as long as it does not change', () => {
    const ruled: Settings = { references: [{ match: 'r/c', directory: 'c' }] };
    const base = {
      'c/Dockerfile': 'FROM scratch\nENV D=y\n',
      'b/Dockerfile': 'FROM r/c\nONBUILD COPY x /\n',
      'a/Dockerfile': 'FROM b\nARG D=z\nCOPY $D /\n',
      'a/x': '1',
      'a/y': '1',
    };
    const told = { kind: 'told-otherwise', field: 'context' };
    expect(
      difference(
        'a',
        [base, { references: [{ match: 'b', directory: 'b' }] }],
        [base, { references: [{ match: 'b', directory: 'b' }, ...(ruled.references as [])] }],
      ),
    ).toEqual(told);
    expect(
      difference(
        'a',
        [base, { references: [{ match: 'b', directory: 'b' }] }],
        [
          { ...base, 'a/x': '2' },
          { references: [{ match: 'b', directory: 'b' }, ...(ruled.references as [])] },
        ],
      ),
    ).toEqual({ kind: 'differs', field: 'context', keys: ['x'] });
  });

  test.each([
    ['outside of the context', '../o'],
    ['through a link', 'l'],
    ['of a submodule', 'in/x'],
  ])('so is what it is known to copy %s', (_, source) => {
    const here: Files = {
      'c/Dockerfile': `FROM scratch\nENV D=${source}\n`,
      'b/Dockerfile': 'FROM r/c\n',
      'a/Dockerfile': 'FROM b\nARG D=z\nCOPY $D /\n',
      'a/l': { symlink: '../o' },
      'a/in': { submodule: '1'.repeat(40) },
      o: '1',
    };
    const before = { match: 'b', directory: 'b' };
    const after: Settings = { references: [before, { match: 'r/c', directory: 'c' }] };
    expect(difference('a', [here, { references: [before] }], [here, after])?.kind).toBe('told-otherwise');
  });

  test('so is what it copies by what another image says that a rule names now', () => {
    const here: Files = {
      'c/Dockerfile': 'FROM scratch\n',
      'd/Dockerfile': 'FROM scratch\nENV D=x\n',
      'a/Dockerfile': 'FROM r/b\nARG D=y\nCOPY $D /\n',
      'a/x': '1',
    };
    const meaning = (directory: string): Settings => ({ references: [{ match: 'r/b', directory }] });
    const told = { kind: 'told-otherwise', field: 'context' };
    expect(difference('a', [here, meaning('c')], [here, meaning('d')])).toEqual(told);
  });

  test('images that need each other by the rules of one side and the other are told otherwise', () => {
    const here = { 'a/Dockerfile': 'FROM r/b\n', 'b/Dockerfile': 'FROM r/a\n' };
    const ruled = (name: string): Settings => ({ references: [{ match: `r/${name}`, directory: name }] });
    for (const image of ['a', 'b']) {
      expect(difference(image, [here, ruled('b')], [here, ruled('a')])?.kind).toBe('told-otherwise');
    }
  });

  test('one to an image that is gone differs', () => {
    const gone = { 'b/Dockerfile': 'FROM a:1\n' };
    expect(difference('b', [files], [gone])).toEqual({ kind: 'differs', field: 'bases', keys: ['a'] });
  });

  test('images that needed each other the other way round are compared all the same', () => {
    const before = { 'a/Dockerfile': 'FROM r/b\n', 'b/Dockerfile': 'FROM scratch\n' };
    const after = { 'a/Dockerfile': 'FROM r/b\n', 'b/Dockerfile': 'FROM scratch\nUSER a\n' };
    const rule: Settings = { references: [{ match: 'r/b', directory: 'b' }] };
    expect(difference('a', [before, rule], [after])).toEqual({
      kind: 'differs',
      field: 'bases',
      keys: ['b'],
    });
  });
});
