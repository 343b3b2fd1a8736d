import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandWord, WordError } from '../../src/dockerfile/words.ts';
import { runs } from '../support/runs.ts';

const VARIABLES: Record<string, string> = {
  DIR: '/srv',
  EMPTY: '',
  FILE: 'a/b/c.tar.gz',
  AAAA: 'aaaa',
  LINES: 'one\ntwo\none',
  STAR: 'a*b?c',
  SLASH: 'a\\b',
  HASH: '#x',
  CITY: '한국',
};

function expand(word: string, escape = '\\'): string {
  return expandWord(word, { escape, lookup: (name) => VARIABLES[name] }).text;
}

describe('expandWord', () => {
  test.each([
    ['plain', 'plain'],
    // Quotes and escapes.
    [`a'b'"c"d`, 'abcd'],
    [`'$DIR\\'`, '$DIR\\'],
    [`"it's $DIR"`, "it's /srv"],
    ['\\a\\$DIR\\\\', 'a$DIR\\'],
    ['"\\a\\"\\$DIR\\\\"', '\\a"$DIR\\'],
    ['end\\', 'end'],
    [`"'"'"'`, `'"`],
    // Names.
    ['$DIR.$DIRx', '/srv.'],
    ['${DIR}x', '/srvx'],
    ['$1x$12', 'x'],
    ['$@$*$#$?$-$$$!$0', ''],
    ['a$.$', 'a$.$'],
    ['$CITY/$é', '한국/'],
    ['a<b<<c << d', 'a<b<<c << d'],
    // Defaults.
    ['${NONE:-d}${EMPTY:-d}${DIR:-d}', 'dd/srv'],
    ['${NONE-d}${EMPTY-d}${DIR-d}', 'd/srv'],
    ['${NONE:+d}${EMPTY:+d}${DIR:+d}', 'd'],
    ['${NONE+d}${EMPTY+d}${DIR+d}', 'dd'],
    ['${DIR:?m}${DIR?m}${EMPTY?m}', '/srv/srv'],
    ['${NONE:-${EMPTY:-${DIR}/x}}', '/srv/x'],
    ['${NONE:-a b"c }"\\}}', 'a bc }}'],
    ['${NONE:-$DIR}', '/srv'],
    // Prefixes and suffixes.
    ['${FILE#*/}', 'b/c.tar.gz'],
    ['${FILE##*/}', 'c.tar.gz'],
    ['${FILE%.*}', 'a/b/c.tar'],
    ['${FILE%%.*}', 'a/b/c'],
    ['${FILE%/*}', 'a/b'],
    ['${FILE#x}${FILE%x}', 'a/b/c.tar.gza/b/c.tar.gz'],
    ['${FILE#?/}', 'b/c.tar.gz'],
    ['${FILE%??}', 'a/b/c.tar.'],
    ['${AAAA#a*}${AAAA%a*}', 'aaaaaa'],
    ['${AAAA##a*}${AAAA%%a*}', ''],
    ['${STAR#a\\*}', 'b?c'],
    ['${STAR%\\?c}', 'a*b'],
    ['${SLASH%\\\\b}', 'a'],
    ['${SLASH%"\\b"}', 'a'],
    ['${NONE#a}${NONE%a}${NONE/a/b}', ''],
    ['${FILE#${NONE:-a/}}', 'b/c.tar.gz'],
    ['${FILE##a/*/}', 'c.tar.gz'],
    ['${CITY#?}', '국'],
    ['${LINES##*}', '\ntwo\none'],
    ['${FILE#a}\\$x', '/b/c.tar.gz$x'],
    // Replacements.
    ['${FILE/a/x}', 'x/b/c.tar.gz'],
    ['${FILE//a/x}', 'x/b/c.txr.gz'],
    ['${FILE/\\//-}', 'a-b/c.tar.gz'],
    ['${FILE//\\//-}', 'a-b-c.tar.gz'],
    ['${FILE//./}', 'a/b/ctargz'],
    ['${FILE/b*r/x}', 'a/x.gz'],
    ['${FILE/zz/x}', 'a/b/c.tar.gz'],
    ['${FILE//[a]/x}', 'a/b/c.tar.gz'],
    ['${AAAA//aa/b}', 'bb'],
    ['${AAAA//?/xy}', 'xyxyxyxy'],
    ['${LINES//o*e/x}', 'x\ntwo\nx'],
    ['${EMPTY///x}', 'x'],
    ['${AAAA///-}', '-a-a-a-a-'],
    ['${AAAA//*/-}', '-'],
    // With `//` the replacement is a template of Go's regexp package, with `/` it is not.
    ["${FILE//a/'[$0${0}$$$1$x${y}$']}", '[aa$$]/b/c.t[aa$$]r.gz'],
    ["${FILE/a/'$0'}", '$0/b/c.tar.gz'],
    // Characters Go reads differently.
    ['\ufeffa', 'a'],
    ['\udce9', '\ufffd'],
    ['${FILE#\ufeffa}', '/b/c.tar.gz'],
  ])('%j is %j', (word, text) => {
    expect(expand(word)).toBe(text);
  });

  test.each([
    ['`$DIR\\', '$DIR\\'],
    ['"`$DIR"', '$DIR'],
    ['"\\$DIR"', '\\/srv'],
    ['${SLASH%\\\\b}', 'a'],
    // BuildKit matches a suffix backwards: a last backslash escapes what stands before it.
    ['${STAR%*\\}', 'a*b?c'],
  ])('%j is %j where ` escapes', (word, text) => {
    expect(expand(word, '`')).toBe(text);
  });

  test.each([
    ["a'b", 'unexpected end of statement while looking for matching single-quote'],
    ['a"b', 'unexpected end of statement while looking for matching double-quote'],
    ['a"b\\', 'unexpected end of statement while looking for matching double-quote'],
    ['${', "syntax error: missing '}'"],
    ['${}', 'syntax error: bad substitution'],
    ['${{DIR}}', 'syntax error: bad substitution'],
    ['${:-x}', 'syntax error: bad substitution'],
    ['${DIR', 'unsupported modifier (\ufffd) in substitution'],
    ['${DIR:', "syntax error: missing '}'"],
    ['${DIR:x}', 'unsupported modifier (:x) in substitution'],
    ['${DIR:#x}', 'unsupported modifier (:#) in substitution'],
    ['${DIR^x}', 'unsupported modifier (^) in substitution'],
    ['${DIR:-x', "syntax error: missing '}'"],
    ['${DIR/x', "syntax error: missing '/' in ${}"],
    ['${DIR/x/y', "syntax error: missing '}'"],
    ['${DIR:-"x}', "syntax error: missing '}'"],
    ['${DIR:-${}} x', 'syntax error: bad substitution'],
    ['${NONE?}', 'NONE: is not allowed to be unset'],
    ['${NONE:?give one}', 'NONE: give one'],
    ['${EMPTY:?}', 'EMPTY: is not allowed to be empty'],
    ['${DIR#\\x}', "invalid pattern (\\x) in substitution: invalid escape '\\x'"],
    ['${DIR/\\x/y}', "invalid pattern (\\x) in substitution: invalid escape '\\x'"],
  ])('refuses %j: %s', (word, message) => {
    expect(() => expand(word)).toThrow(WordError);
    expect(() => expand(word)).toThrow(`: ${message}`);
  });

  test.each([
    ['$A/${B}/$A', ['A', 'B']],
    ['${A:-x}${B-y}', []],
    ['${A:+x}${B+y}', []],
    ['${A:-$B}', ['B']],
    ['${DIR:-$B}${DIR:?$C}', []],
    ['${DIR:+$B}', ['B']],
    ['${DIR#$B}${DIR%$C}', ['B', 'C']],
    ['${A#x}${B%x}${C/x/$D}', ['A', 'B', 'D', 'C']],
    ["'$A'\\$B", []],
    ['"$A"', ['A']],
  ])('%j leaves %j without a value', (word, unset) => {
    expect(expandWord(word, { escape: '\\', lookup: (name) => VARIABLES[name] }).unset).toEqual(unset);
  });

  test('stops a value from doubling without end', () => {
    const half = 'x'.repeat(70_000);
    const lookup = (): string => half;
    expect(expandWord('$A', { escape: '\\', lookup }).text).toBe(half);
    expect(() => expandWord('$A$A', { escape: '\\', lookup })).toThrow(
      'expands to more than 131072 characters',
    );
    expect(() => expandWord('"$A$A"', { escape: '\\', lookup })).toThrow('expands to more than');
    expect(() => expandWord('${A//x/yy}', { escape: '\\', lookup })).toThrow('longer than');
  });

  test('refuses to nest without end', () => {
    expect(expand('${NONE:-'.repeat(400) + 'x' + '}'.repeat(400))).toBe('x');
    expect(() => expand('${NONE:-'.repeat(20_000))).toThrow('nest deeper than 500');
    expect(expand('${NONE:-x}'.repeat(600))).toBe('x'.repeat(600));
  });

  test('matches a pattern of many stars without backtracking', () => {
    const lookup = (): string => 'a'.repeat(2000);
    const pattern = 'a*'.repeat(200) + 'b';
    for (const modifier of ['#', '##', '%', '%%', '//']) {
      const word = `\${A${modifier}${pattern}${modifier === '//' ? '/x' : ''}}`;
      expect(expandWord(word, { escape: '\\', lookup }).text).toBe(lookup());
    }
    const huge = 'a'.repeat(60_000);
    expect(() => expandWord(`\${A#${huge}}`, { escape: '\\', lookup: () => huge })).toThrow('too long');
  });

  test('gives a text or a WordError for anything', () => {
    const piece = fc.constantFrom(
      ...'$ { } ${ : - + ? # % / \\ ` \' " * < << A DIR FILE é x'.split(' '),
      ' ',
      '\udcff',
    );
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(word, fc.constantFrom('\\', '`'), (text, escape) => {
        try {
          expect(expand(text, escape)).toBeTypeOf('string');
        } catch (error) {
          expect(error).toBeInstanceOf(WordError);
        }
      }),
      { numRuns: runs(2000) },
    );
  });

  test('leaves a single-quoted text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes("'"));
        expect(expand(`'${text}'`)).toBe(text);
      }),
    );
  });
});

const conformanceData = process.env['CONFORMANCE_DATA'];

test.skipIf(conformanceData === undefined)(
  "BuildKit's own cases (CONFORMANCE_DATA names their folder)",
  () => {
    const file = join(conformanceData as string, 'conformance', 'word-expansion.json');
    const cases = JSON.parse(readFileSync(file, 'utf8')) as { line: string; want: string }[];
    const environment: Record<string, string> = { PWD: '/home', SHELL: 'bash', KOREAN: '한국어', NULL: '' };
    expect(cases.length).toBeGreaterThan(200);
    const answers = cases.map(({ line }) => {
      try {
        return { line, want: expandWord(line, { escape: '\\', lookup: (name) => environment[name] }).text };
      } catch (error) {
        return { line, want: error instanceof WordError ? 'error' : error };
      }
    });
    expect(answers).toEqual(cases);
  },
);
