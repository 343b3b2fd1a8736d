import fc from 'fast-check';
import { expandWord, WordError } from '../../src/dockerfile/words.ts';
import { type Answer, bytes, type Kind, wellDecoded } from './kind.ts';
import { pieced } from './texts.ts';

interface Word {
  text: string;
  escape: string;
  values: Readonly<Record<string, string>>;
}

/** One word's expansion. */
export function wordKind(): Kind<Word> {
  const value = wellDecoded(pieced(VALUE, { maxLength: 6 }));
  const values = fc.dictionary(fc.constantFrom(...'ABCDE'), value);
  return {
    name: 'word',
    cases: fc.record({
      text: wellDecoded(fc.oneof(soup, nested)),
      escape: fc.constantFrom('\\', '\\', '`'),
      values,
    }),
    examples: [],
    question: (one) => ({
      Kind: 'word',
      Text: bytes(one.text),
      Escape: one.escape,
      Values: Object.fromEntries(Object.entries(one.values).map(([name, text]) => [name, bytes(text)])),
    }),
    answer,
    intended: [],
  };
}

// No bytes that are not UTF-8: no value holds any, since what a word expands to never does.
const VALUE = [...'a b c aa / . * ? \\ é 한 $ x.tar.gz # 😀'.split(' '), '\n', '\ufeff'];

const MODIFIERS = ':- - :+ + :? ? # ## % %% / //'.split(' ');

const soup = pieced(
  [
    ...MODIFIERS,
    ...'$ $A ${A} ${B ${C ${ } { : " \' \\ ` * a b /b . c x < << é 한 $$ $1 $0 ${1} 1 _ ${E ${X foo .*'.split(
      ' ',
    ),
    ...'\\* \\? \\\\ \\} \\/ \\$ \\" [ ( | ^ @ ! ${X:-${Y:-} ${A:+ $X $@ ${@} ${#A} ½ ٣'.split(' '),
    ...[' ', '\t', '\n', '<< EOF', '\udcff', '\ufeff', '\u00a0', '\u0085', '\ufffd'],
  ],
  { maxLength: 14 },
);

const OPERAND = fc.constantFrom(
  ...'a b c aa é * ? / . x # % $ "a" \'*\' "\\\\*" \\/ \\* \\? \\} \\\\ \\$ \\$0 \\${0} $0 ${0} $A'.split(
    ' ',
  ),
);

/** `${name<modifier>…}` with operands that may hold more of them. */
const { nested } = fc.letrec<{ nested: string; substitution: string; operand: string }>((tie) => ({
  nested: fc
    .tuple(
      fc.constantFrom('', 'a', '"', "'", 'x/', '\\'),
      tie('substitution'),
      fc.constantFrom('', 'b', '"', "'", '\\', '$A'),
    )
    .map((parts) => parts.join('')),
  substitution: fc
    .tuple(fc.constantFrom(...'ABCDEX'), fc.constantFrom(...MODIFIERS), tie('operand'), tie('operand'))
    .map(([name, modifier, one, other]) =>
      modifier.startsWith('/') ? `\${${name}${modifier}${one}/${other}}` : `\${${name}${modifier}${one}}`,
    ),
  operand: fc
    .array(fc.oneof({ depthSize: 'small', maxDepth: 3 }, OPERAND, OPERAND, OPERAND, tie('substitution')), {
      maxLength: 4,
    })
    .map((parts) => parts.join('')),
}));

function answer({ text, escape, values }: Word): Answer {
  const lookup = (name: string): string | undefined =>
    Object.hasOwn(values, name) ? values[name] : undefined;
  try {
    return { value: bytes(expandWord(text, { escape, lookup }).text) };
  } catch (error) {
    if (error instanceof WordError) return { refused: error.message };
    throw error;
  }
}
