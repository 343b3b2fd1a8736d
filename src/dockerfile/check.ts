import { lowerCase, splitWords } from './characters.ts';
import { heredocOpening } from './heredoc.ts';
import type { Instruction } from './instruction.ts';
import { mountProblem } from './mounts.ts';
import { argumentPairs, environmentPairs } from './name-values.ts';
import { unlessRefused } from './words.ts';

type FlagType = 'boolean' | 'string' | 'strings';

const COPY_FLAGS: Record<string, FlagType> = {
  chown: 'string',
  chmod: 'string',
  link: 'boolean',
  exclude: 'strings',
};

// Keywords, and the flags each may carry; undefined where BuildKit does not look at flags.
const FLAGS: Record<string, Record<string, FlagType> | undefined> = {
  ADD: { ...COPY_FLAGS, 'keep-git-dir': 'boolean', checksum: 'string', unpack: 'boolean' },
  ARG: undefined,
  CMD: {},
  COPY: { ...COPY_FLAGS, from: 'string', parents: 'boolean' },
  ENTRYPOINT: {},
  ENV: {},
  EXPOSE: {},
  FROM: { platform: 'string' },
  HEALTHCHECK: {
    interval: 'string',
    timeout: 'string',
    retries: 'string',
    'start-period': 'string',
    'start-interval': 'string',
  },
  LABEL: {},
  MAINTAINER: {},
  ONBUILD: {},
  RUN: { mount: 'strings', network: 'string', security: 'string', device: 'strings' },
  SHELL: {},
  STOPSIGNAL: undefined,
  USER: {},
  VOLUME: {},
  WORKDIR: {},
};
const STAGE_NAME = /^[a-z][a-z0-9-_.]*$/;

/** The sentence with which BuildKit refuses an instruction (frontend/dockerfile/instructions), if it does. */
export function instructionProblem(instruction: Instruction, escape: string): string | undefined {
  if (!Object.hasOwn(FLAGS, instruction.keyword)) return `unknown instruction: ${instruction.keyword}`;
  return argumentsProblem(instruction, escape) ?? flagsProblem(instruction);
}

/** The arguments: the JSON form's elements, else the words between white space. */
export function argumentWords(instruction: Instruction): readonly string[] {
  if (instruction.json !== undefined) return instruction.json;
  return instruction.arguments === '' ? [] : splitWords(instruction.arguments);
}

/** The name a `FROM` gives its stage, in lower case, as names are compared; '' without one. */
export function stageName(from: Instruction): string {
  return lowerCase(argumentWords(from)[2] ?? '');
}

/** Whether a source word opens a heredoc: such a source is no path. */
export function isHeredoc(word: string): boolean {
  return unlessRefused(() => heredocOpening(word) !== undefined, false);
}

function argumentsProblem(instruction: Instruction, escape: string): string | undefined {
  const { keyword } = instruction;
  const words = argumentWords(instruction);
  switch (keyword) {
    case 'FROM':
      return fromProblem(instruction, words);
    case 'ADD':
    case 'COPY':
      if (words.length < 2) {
        return `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`;
      }
      return isHeredoc(words.at(-1) ?? '')
        ? `${keyword} cannot accept a heredoc as a destination`
        : undefined;
    case 'ENV':
    case 'LABEL':
      return environmentPairs(instruction.arguments, { keyword, escape }).problem;
    case 'ARG':
      return argumentPairs(instruction.arguments, { escape }).problem;
    case 'MAINTAINER':
    case 'STOPSIGNAL':
    case 'USER':
    case 'WORKDIR':
      return instruction.arguments === '' ? `${keyword} requires exactly one argument` : undefined;
    case 'EXPOSE':
    case 'VOLUME':
      return words.length === 0 ? `${keyword} requires at least one argument` : undefined;
    case 'SHELL':
      if (words.length === 0) return 'SHELL requires at least one argument';
      return instruction.json === undefined ? 'SHELL requires the arguments to be in JSON form' : undefined;
    case 'HEALTHCHECK':
      return healthcheckProblem(instruction);
    case 'ONBUILD':
      return triggerProblem(instruction);
    default:
      return undefined;
  }
}

function fromProblem(instruction: Instruction, words: readonly string[]): string | undefined {
  if (words.length !== 1 && !(words.length === 3 && /^as$/iu.test(words[1] as string))) {
    return 'FROM requires either one or three arguments';
  }
  if (words.length === 1 || STAGE_NAME.test(stageName(instruction))) return undefined;
  const name = JSON.stringify(words[2]);
  return `invalid name for build stage: ${name}, name can't start with a number or contain symbols`;
}

function healthcheckProblem(instruction: Instruction): string | undefined {
  const [type = '', command] = splitWords(instruction.arguments, true);
  if (type === '') return 'HEALTHCHECK requires at least one argument';
  switch (type.toUpperCase()) {
    case 'NONE':
      return command === undefined ? undefined : 'HEALTHCHECK NONE takes no arguments';
    case 'CMD':
      return command === undefined || instruction.json?.length === 0
        ? 'Missing command after HEALTHCHECK CMD'
        : undefined;
    default:
      return `Unknown type ${JSON.stringify(type.toUpperCase())} in HEALTHCHECK (try CMD)`;
  }
}

function triggerProblem(instruction: Instruction): string | undefined {
  if (instruction.arguments === '') return 'ONBUILD requires at least one argument';
  const keyword = instruction.trigger?.keyword ?? 'ONBUILD';
  if (keyword === 'ONBUILD') return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
  if (keyword === 'FROM' || keyword === 'MAINTAINER') return `${keyword} isn't allowed as an ONBUILD trigger`;
  return undefined;
}

function flagsProblem(instruction: Instruction): string | undefined {
  const known = FLAGS[instruction.keyword];
  // `HEALTHCHECK NONE` returns before its flags are looked at.
  if (
    known === undefined ||
    /^none$/i.test(instruction.keyword === 'HEALTHCHECK' ? instruction.arguments : '')
  ) {
    return undefined;
  }
  const used = new Set<string>();
  for (const { name, value } of instruction.flags) {
    const type = Object.hasOwn(known, name) ? known[name] : undefined;
    if (type === undefined) return `unknown flag: --${name}`;
    if (used.has(name) && type !== 'strings') return `duplicate flag specified: --${name}`;
    used.add(name);
    if (type !== 'boolean' && value === undefined) return `missing a value on flag: --${name}`;
    if (type === 'boolean' && value === '') return `missing a value on flag: --${name}`;
    if (type === 'boolean' && !/^(?:true|false)$/i.test(value ?? 'true')) {
      return `expecting boolean value for flag --${name}, not: ${value}`;
    }
    const problem = name === 'mount' ? mountProblem(value ?? '') : undefined;
    if (problem !== undefined) return problem;
  }
  return undefined;
}
