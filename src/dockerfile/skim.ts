import type { Instruction } from './instruction.ts';
import { argumentPairs } from './name-values.ts';
import { CHARACTER, VARIABLE } from './plain-words.ts';

const WORD = `${CHARACTER}+`;
const VALUE = String.raw`(?:${CHARACTER}|${VARIABLE}|"(?: |${CHARACTER}|${VARIABLE})*")*`;
const BLANK = String.raw`[\t ]`;
const COMMENTS = String.raw`(?:${BLANK}*(?:#[^\n]*)?\n)*`;
// A line that goes on, with the comments and empty lines that may stand before the next.
const CONTINUED = String.raw`\\${BLANK}*\n${COMMENTS}`;
// With a blank in it: a word goes on where the next line begins with no blank.
const GAP = `(?:${CONTINUED})*${BLANK}(?:${BLANK}|${CONTINUED})*`;
const END = String.raw`${BLANK}*\n`;

const MOUNT_OPTION = String.raw`,(?:(?:id|target|dst|destination|sharing|mode|uid|gid|size|env)=[!#%&(-+\-./0-9:;=?@A-Z^_a-z~]+|required|ro|readonly|rw|readwrite)`;
const MOUNT = String.raw`--mount=type=(?:cache|secret|tmpfs)(?:${MOUNT_OPTION})*${GAP}`;
const SHELL_TEXT = String.raw`(?![-\[<\\])[!-~](?:[\t -;=-\[\]-~]|\\(?![\\\n]|${BLANK}+\n)|${CONTINUED})*\n`;
// An expression in which letters of any case match only here takes half the time to compile.
const keyword = (name: string) => name.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
const RUN = `${keyword('run')}${GAP}(?:${MOUNT})*${SHELL_TEXT}`;
const ANY_TEXT = String.raw`(?:${keyword('cmd|entrypoint|workdir|user|expose|volume')})${BLANK}+(?![-\[<\\])[!-~][\t -;=-\[\]-~]*\n`;
const STRING = String.raw`"[\t -!#-;=-\[\]-~]*"`;
const JSON_FORM = String.raw`(?:${keyword('cmd|entrypoint')})${BLANK}+\[${BLANK}*${STRING}(?:${BLANK}*,${BLANK}*${STRING})*${BLANK}*\]${END}`;
const LABEL_PAIR = String.raw`[\w./-]+=${VALUE}`;
const ENV_PAIR = String.raw`[A-Za-z_]\w*=${VALUE}`;
const LABEL = `${keyword('label')}(?:${GAP}${LABEL_PAIR})+${END}`;
const ENV = `${keyword('env')}(?:${GAP}${ENV_PAIR})+${END}`;
const OWNER = `(?:--chown=${WORD}${BLANK}+)?(?:--chmod=${WORD}${BLANK}+)?(?:--link${BLANK}+)?`;
const SOURCE = String.raw`(?![-\[])(?!\S*(?:\.\.|:\/\/|@))${WORD}`;
const READ = `(?:${keyword('copy|add')})${BLANK}+${OWNER}(?:${SOURCE}${BLANK}+)+(?:${CHARACTER}|${VARIABLE})+${END}`;
const LEFT_OUT = String.raw`(?:#[^\n]*)?\n|${RUN}|${ANY_TEXT}|${JSON_FORM}|${LABEL}|${ENV}|${READ}`;

// Each sticky: what stands here, if that is it.
const HEAD = new RegExp(COMMENTS, 'y');
const SKIPPED = new RegExp(`(?:${BLANK}*(?:${LEFT_OUT}))+`, 'y');
const ARG = new RegExp(
  `(${keyword('arg')}${BLANK}+)([A-Za-z_]\\w*(?:=${VALUE})?(?:${BLANK}+[A-Za-z_]\\w*(?:=${VALUE})?)*)${END}`,
  'y',
);
const FROM = new RegExp(
  `(${keyword('from')}${BLANK}+)((?!-)(?:${CHARACTER}|${VARIABLE})+(?:${BLANK}+${keyword('as')}${BLANK}+[A-Za-z][\\w.-]*)?)${END}`,
  'y',
);
const COPY_FROM = new RegExp(
  `(${keyword('copy')}${BLANK}+${OWNER}--from=)([\\w./:-]+)(${BLANK}+${OWNER})((?![-\\[])(?:${CHARACTER}|${VARIABLE})+(?:${BLANK}+(?![-\\[])(?:${CHARACTER}|${VARIABLE})+)+)${END}`,
  'y',
);

// The lines that READ is about; those of a RUN that goes on can look like them. A flag stands before all sources.
const MAY_READ = /^[\t ]*(?:copy|add)[\t ](?![\t ]*(?:--\S+[\t ]+)*--from=)/im;

/** What of the instructions that were left out decides something all the same, whatever stage they belong to. */
export interface Skimmed {
  /** Some may take files from the build context, none from anywhere else. */
  reads: boolean;
  /** Names that an ARG declares. */
  names: readonly string[];
}

/** A Dockerfile of plain instructions: those that decide on stages and images, and what the others say. */
export class PlainDockerfile {
  readonly escape = '\\';
  readonly skimmed: Skimmed;
  /** Says all that `skimmed` and `instructions` do: two Dockerfiles with the same key have the same outline. */
  readonly key: string;
  readonly #pieces: readonly (string | number)[];

  /** @param pieces lines, and the instructions that begin there. */
  constructor(pieces: readonly (string | number)[], skimmed: Skimmed) {
    this.skimmed = skimmed;
    this.key = `${pieces.join(' ')}${skimmed.reads ? 'r' : ''} ${skimmed.names.join(' ')}`;
    this.#pieces = pieces;
  }

  /** Made when they are asked for: most Dockerfiles share another's outline. */
  get instructions(): readonly Instruction[] {
    const instructions: Instruction[] = [];
    for (let index = 0; index < this.#pieces.length; index += 2) {
      const [line, text] = [this.#pieces[index] as number, this.#pieces[index + 1] as string];
      instructions.push(instructionOf({ expression: expressionAt(text, 0), text, line }));
    }
    return instructions;
  }
}

// A line of this many characters can't be longer than a builder takes (bufio.Scanner), whatever they are.
const SURELY_SHORT = 21_845;

/**
 * What of a Dockerfile decides on stages and images, where each instruction is of a plain kind: no builder refuses it,
 * and a few expressions that each run over as many lines as they can tell what it is. Of thousands of Dockerfiles, most
 * are such.
 *
 * @returns undefined where some line must be read by the parser.
 */
export function skimPlain(file: string): PlainDockerfile | undefined {
  if (file.length > SURELY_SHORT) return undefined;
  const text = file.endsWith('\n') ? file : `${file}\n`;
  let at = behind(HEAD, text, 0);
  // Directives stand in the first comments: one for the escape character, or any of them twice.
  if (at > 0 && !isPlainHead(text.slice(0, at))) return undefined;
  const pieces: (string | number)[] = [];
  const names: string[] = [];
  let line = 1 + linesIn(text, 0, at);
  let inStage = false;
  while (at < text.length) {
    let end = behind(inStage ? SKIPPED : HEAD, text, at);
    if (end === at) {
      const expression = expressionAt(text, at);
      end = behind(expression, text, at);
      if (end === at || (expression === COPY_FROM && !inStage)) return undefined;
      const instruction = text.slice(at, end);
      if (expression === ARG && inStage) names.push(...namesIn(instruction));
      else pieces.push(line, instruction);
      inStage ||= expression === FROM;
    }
    line += linesIn(text, at, end);
    at = end;
  }
  if (!inStage) return undefined;
  return new PlainDockerfile(pieces, { reads: MAY_READ.test(text), names });
}

interface Kept {
  expression: RegExp;
  text: string;
  line: number;
}

function isPlainHead(head: string): boolean {
  return !/escape|(?:syntax|check)[^]*(?:syntax|check)/i.test(head);
}

const [A, F] = [0x61, 0x66];
const LOWER_CASE = 0x20;

/** What the instruction is read by, from its first letter. */
function expressionAt(text: string, at: number): RegExp {
  const letter = text.charCodeAt(at) | LOWER_CASE;
  return letter === F ? FROM : letter === A ? ARG : COPY_FROM;
}

function instructionOf({ expression, text, line }: Kept): Instruction {
  expression.lastIndex = 0;
  const [, before = '', ...rest] = expression.exec(text) as RegExpExecArray;
  const [value, after = '', last = ''] = expression === COPY_FROM ? rest : [undefined, '', rest[0]];
  const flags =
    value === undefined
      ? []
      : [{ name: 'from', value, offsets: Array.from(value, (_, index) => before.length + index) }];
  return {
    keyword: expression === FROM ? 'FROM' : expression === ARG ? 'ARG' : 'COPY',
    flags,
    arguments: last,
    json: undefined,
    heredocs: [],
    trigger: undefined,
    line,
    endLine: line,
    source: { text: text.trimEnd(), pieces: [{ start: 0, line, column: 1 }], line, endLine: line },
    argumentsStart: before.length + (value?.length ?? 0) + after.length,
  };
}

/** `ARG A=1 B` */
function namesIn(argument: string): readonly string[] {
  const [, single] = SINGLE.exec(argument) ?? [];
  if (single !== undefined) return [single];
  return argumentPairs(argument.slice('arg'.length).trim(), { escape: '\\' }).pairs.map(({ name }) => name);
}

const SINGLE = /^arg[\t ]+(\w+)(?:=[^\t ]*)?[\t ]*\n$/i;

function behind(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : at;
}

function linesIn(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
