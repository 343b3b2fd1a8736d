import fc from 'fast-check';
import { argumentWords, instructionProblem } from '../../src/dockerfile/check.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { argumentPairs, environmentPairs, type NameValue } from '../../src/dockerfile/name-values.ts';
import { DockerfileError, parseDockerfile } from '../../src/dockerfile/parse.ts';
import { FRAGMENTS, LINES } from './dockerfile-pieces.ts';
import { type Answer, bytes, type Intended, type Kind, wellDecoded } from './kind.ts';
import { mutated, pieced } from './texts.ts';

/** A whole Dockerfile: instructions, flags, words, JSON form, heredocs, line numbers, accepted or not. */
export function dockerfileKind(dockerfiles: readonly string[]): Kind<string> {
  const torn = fc
    .tuple(
      fc.constantFrom(
        'RUN a ',
        'ENV a=',
        'ARG z=',
        'COPY x ',
        'ONBUILD RUN ',
        'COPY --chown=a',
        'CMD ',
        '# ',
        '',
      ),
      pieced(FRAGMENTS, { maxLength: 4 }),
      fc.constantFrom(' b\n', '\\\n c\n', '\n', '`\n', ''),
    )
    .map((parts) => parts.join(''));
  const line = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...LINES) }, torn);
  const lines = fc.array(line, { maxLength: 8 }).map((all) => all.join(''));
  return {
    name: 'dockerfile',
    cases: wellDecoded(
      fc.oneof(
        lines,
        lines.map((text) => `FROM a\n${text}`),
        torn.map((text) => `FROM a\n${text}\n`),
        mutated(dockerfiles, [...LINES, ...FRAGMENTS]),
      ),
    ),
    examples: dockerfiles,
    question: (text) => ({ Kind: 'dockerfile', Text: bytes(text) }),
    answer,
    intended: INTENDED,
  };
}

const UNCHECKED =
  /csv devices|network mode|security|invalid field|unexpected key|unsupported mount type|sharing|invalid (?:uid|gid|mode|size|value)|duration|retries|interval|protocol/i;

const INTENDED: readonly Intended<string>[] = [
  {
    reason:
      'values that never decide what a build takes in are not checked, those of a mount only where it is run',
    applies: ({ theirs, ours }) => ours.refused === undefined && UNCHECKED.test(theirs.refused ?? ''),
  },
];

function answer(text: string): Answer {
  try {
    const { instructions, escape } = parseDockerfile(text);
    return {
      value: instructions.map((instruction) => ({
        ...describe(instruction, escape),
        lines: [instruction.line, instruction.endLine],
      })),
    };
  } catch (error) {
    if (error instanceof DockerfileError) return { refused: error.message };
    throw error;
  }
}

function describe(instruction: Instruction, escape: string): Record<string, unknown> {
  const { keyword, flags, json, heredocs, trigger } = instruction;
  return {
    keyword: bytes(keyword),
    lines: [],
    flags: flags.map(({ name, value }) => bytes(value === undefined ? `--${name}` : `--${name}=${value}`)),
    json: json !== undefined,
    words: words(instruction, escape).map(bytes),
    heredocs: heredocs.map(({ delimiter, content, expand, chomp }) => ({
      delimiter: bytes(delimiter),
      content: bytes(content),
      expand,
      chomp,
    })),
    trigger:
      trigger === undefined || instructionProblem(trigger, '\\') !== undefined
        ? null
        : describe(trigger, '\\'),
  };
}

function words(instruction: Instruction, escape: string): readonly string[] {
  const { keyword, json } = instruction;
  const text = instruction.arguments;
  const pairs = (found: readonly NameValue[]): string[] =>
    found.flatMap(({ name, value }) => [name, value ?? '']);
  switch (keyword) {
    case 'HEALTHCHECK':
    case 'ONBUILD':
      return [];
    case 'ENV':
    case 'LABEL':
      return pairs(environmentPairs(text, { keyword, escape }).pairs);
    case 'ARG':
      return argumentPairs(text, { escape }).pairs.map(({ name, value }) =>
        value === undefined ? name : `${name}=${value}`,
      );
    case 'FROM':
    case 'ADD':
    case 'COPY':
    case 'EXPOSE':
    case 'VOLUME':
      return argumentWords(instruction);
    default:
      return json ?? (text === '' ? [] : [text]);
  }
}
