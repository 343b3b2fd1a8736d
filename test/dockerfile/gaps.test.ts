import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateDockerfile } from '../support/evaluate.ts';
import type { Gap } from '../../src/dockerfile/gaps.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { expandWord } from '../../src/dockerfile/words.ts';

/** The text with its gaps in brackets. */
function shown({ text, gaps }: { text: string; gaps: readonly Gap[] }): string {
  return gaps.toReversed().reduce((marked, { start, end }) => {
    return `${marked.slice(0, start)}[${marked.slice(start, end)}]${marked.slice(end)}`;
  }, text);
}

/** U is not set; PART is `a` and something behind it, MAYBE may be empty, WHOLE is `ab` or anything else; of TWO, the `a` is certain. */
const values: Readonly<Record<string, { text: string; gaps: Gap[] }>> = {
  PART: { text: 'a', gaps: [{ start: 1, end: 1 }] },
  MAYBE: { text: '', gaps: [{ start: 0, end: 0 }] },
  WHOLE: { text: 'ab', gaps: [{ start: 0, end: 2 }] },
  TWO: {
    text: 'ab',
    gaps: [
      { start: 0, end: 0 },
      { start: 1, end: 2 },
    ],
  },
  SET: { text: 'set', gaps: [] },
  EMPTY: { text: '', gaps: [] },
};

describe('which parts of a word are not known', () => {
  test.each([
    ['a:$U', 'a:[]'],
    ['$U:$SET-${U}', '[]:set-[]'],
    ['"$U"\'$U\'\\$U', '[]$U$U'],
    ['$PART:$SET', 'a[]:set'],
    ['x${WHOLE}y', 'x[ab]y'],
    ['x${TWO}y', 'x[]a[b]y'],
    // A default that took the place of what is not set is certain.
    ['${U:-d}${U-e}', 'de'],
    ['${U:-d$U}', 'd[]'],
    ['${U:+d}${U+d}', ''],
    ['${SET:+d$U}', 'd[]'],
    ['${SET:-$U}', 'set'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY:+d}', ''],
    ['${EMPTY#d}', ''],
    ['${SET/set/}${SET/set/$EMPTY}', ''],
    // Whether a value is empty may hang on its gaps.
    ['${PART:-d}', 'a[]'],
    ['${PART:+d}', 'd'],
    ['${MAYBE:-d}', '[d]'],
    ['${MAYBE-d}', '[]'],
    ['${MAYBE:+d}', '[]'],
    ['${MAYBE+d}', 'd'],
    ['${WHOLE:-d}', '[ab]'],
    ['${WHOLE:+d}', '[d]'],
    // What a pattern leaves of a text with gaps can't be told.
    ['${PART#a}x', '[]x'],
    ['${PART%z}', '[a]'],
    ['${SET%$U}', '[set]'],
    ['${SET%%t}', 'se'],
    ['${SET/$U/x}', '[xset]'],
    ['${SET/e/$U}', '[st]'],
    ['${PART/a/b}', '[b]'],
    ['${SET/e/o}', 'sot'],
    ['${U#a}${U/a/b}', '[][]'],
    ['\ud83d\ude00$U\ud83d\ude00', '\ud83d\ude00[]\ud83d\ude00'],
  ])('%s is %s', (word, expected) => {
    expect(shown(expandWord(word, { escape: '\\', lookup: (name) => values[name] }))).toBe(expected);
  });

  test('messages tell plain text', () => {
    const expand = () => expandWord('${MAYBE:?no $PART}', { escape: '\\', lookup: (name) => values[name] });
    expect(expand).toThrow('MAYBE: no a');
    expect(expand).not.toThrow(/\p{Surrogate}/u);
  });

  test('a value with an invalid byte or half a character stays apart from the marks', () => {
    const lookup = (name: string) => (name === 'BYTE' ? '\udce9' : name === 'HALF' ? '\ud83d' : undefined);
    expect(shown(expandWord('$U$BYTE$U', { escape: '\\', lookup }))).toBe('[]\udce9[]');
    expect(shown(expandWord('$HALF$U', { escape: '\\', lookup }))).toBe('\ufffd[]');
  });

  test('whatever fills the gaps, the rest stays', () => {
    const name = fc.constantFrom('PART', 'MAYBE', 'WHOLE', 'SET');
    const leaf = fc.oneof(
      fc.constantFrom('x', 'b', ':', '/', 'ab'),
      name.map((each) => `\${${each}}`),
    );
    const modified = fc
      .tuple(name, fc.constantFrom(':-', '-', ':+', '+', '#', '##', '%', '%%', '/', '//'), leaf, leaf)
      .map(([each, modifier, one, other]) =>
        modifier.startsWith('/')
          ? `\${${each}${modifier}${one.replace('/', 'b')}/${other}}`
          : `\${${each}${modifier}${one}}`,
      );
    const word = fc
      .array(fc.oneof(leaf, modified), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(''));
    const filling = fc.constantFrom('', 'a', 'ab', 'b', ':/', 'x');
    fc.assert(
      fc.property(word, filling, filling, (text, one, other) => {
        const filled: Record<string, string> = { PART: `a${one}`, MAYBE: other, WHOLE: one, SET: 'set' };
        const { text: known, gaps } = expandWord(text, { escape: '\\', lookup: (each) => values[each] });
        const ends = [...gaps.map(({ start }) => start), known.length];
        const starts = [0, ...gaps.map(({ end }) => end)];
        const certain = starts.map((start, index) => known.slice(start, ends[index]));
        const whole = expandWord(text, { escape: '\\', lookup: (each) => filled[each] }).text;
        expect(whole).toMatch(new RegExp(`^${certain.join('.*')}$`, 's'));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('which parts of a reference are not known', () => {
  test.each([
    ['ARG N=a$B\nFROM $N:$B', 'a[]:[]'],
    ['ARG TAG\nFROM base:v${TAG}-x', 'base:v[]-x'],
    ['ARG TAG=1\nFROM base:$TAG', 'base:1'],
    ['ARG A\nARG B=$A\nARG C=${B}c\nFROM x/${C:-d}', 'x/[]c'],
    // Looked at, but of no effect.
    ['ARG A\nARG B=b$A\nARG C=c\nFROM ${C:-$B}', 'c'],
  ])('%j', (text, expected) => {
    const dockerfile = parseDockerfile(text);
    const [reference] = evaluateDockerfile({ dockerfile, args: {} }).references;
    expect(shown({ text: reference?.reference ?? '', gaps: reference?.gaps ?? [] })).toBe(expected);
    expect(reference?.unset.length === 0).toBe(reference?.gaps.length === 0);
  });
});
