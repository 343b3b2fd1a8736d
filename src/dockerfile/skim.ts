import type { Instruction } from './instruction.ts';
import { argumentPairs } from './name-values.ts';
import { CHARACTER, VARIABLE } from './plain-words.ts';

const WORD = `${CHARACTER}+`;
const VALUE = String.raw`(?:${CHARACTER}|${VARIABLE}|"(?: |${CHARACTER}|${VARIABLE})*")*`;
const BLANK = String.raw`[\t ]`;
const COMMENTS = String.raw`(?:${BLANK}*(?:#[^\n]*)?\n)*`;
// A line that goes on, with the comments and empty lines that may stand before the next.
const CONTINUED = String.raw`\\${BLANK}*\n${COMMENTS}`;
const GAP = `(?:${BLANK}|${CONTINUED})+`;
const END = String.raw`${BLANK}*\n`;

const MOUNT_OPTION = String.raw`,(?:(?:id|target|dst|destination|sharing|mode|uid|gid|size|env)=[!#%&(-+\-./0-9:;=?@A-Z^_a-z~]+|required|ro|readonly|rw|readwrite)`;
const MOUNT = String.raw`--mount=type=(?:cache|secret|tmpfs)(?:${MOUNT_OPTION})*${GAP}`;
const SHELL_TEXT = String.raw`(?![-\[<\\])[!-~](?:[\t -;=-\[\]-~]|\\(?![\\\n]|${BLANK}+\n)|${CONTINUED})*\n`;
const RUN = `run${GAP}(?:${MOUNT})*${SHELL_TEXT}`;
const ANY_TEXT = String.raw`(?:cmd|entrypoint|workdir|user|expose|volume)${BLANK}+(?![-\[<\\])[!-~][\t -;=-\[\]-~]*\n`;
const STRING = String.raw`"[\t -!#-;=-\[\]-~]*"`;
const JSON_FORM = String.raw`(?:cmd|entrypoint)${BLANK}+\[${BLANK}*${STRING}(?:${BLANK}*,${BLANK}*${STRING})*${BLANK}*\]${END}`;
const LABEL_PAIR = String.raw`[\w./-]+=${VALUE}`;
const ENV_PAIR = String.raw`[A-Za-z_]\w*=${VALUE}`;
const LABEL = `label${BLANK}+${LABEL_PAIR}(?:${GAP}${LABEL_PAIR})*${END}`;
const ENV = `env${BLANK}+${ENV_PAIR}(?:${GAP}${ENV_PAIR})*${END}`;
const OWNER = `(?:--chown=${WORD}${BLANK}+)?(?:--chmod=${WORD}${BLANK}+)?(?:--link${BLANK}+)?`;
const SOURCE = String.raw`(?![-\[])(?!\S*(?:\.\.|:\/\/|@))${WORD}`;
const READ = `(?:copy|add)${BLANK}+${OWNER}(?:${SOURCE}${BLANK}+)+(?:${CHARACTER}|${VARIABLE})+${END}`;
const NOTHING = String.raw`(?:#[^\n]*)?\n|${RUN}|${ANY_TEXT}|${JSON_FORM}|${LABEL}|${ENV}`;

// Each sticky: what stands here, if that is it.
const HEAD = new RegExp(COMMENTS, 'y');
const SKIPPED = new RegExp(`(?:${BLANK}*(?:${NOTHING}))+`, 'iy');
const SKIPPED_OR_READ = new RegExp(`(?:${BLANK}*(?:${NOTHING}|${READ}))+`, 'iy');
const READS = new RegExp(READ, 'iy');
const ARG = new RegExp(
  `(arg${BLANK}+)([A-Za-z_]\\w*(?:=${VALUE})?(?:${BLANK}+[A-Za-z_]\\w*(?:=${VALUE})?)*)${END}`,
  'iy',
);
const FROM = new RegExp(
  `(from${BLANK}+)((?!-)(?:${CHARACTER}|${VARIABLE})+(?:${BLANK}+as${BLANK}+[a-z][a-z0-9-_.]*)?)${END}`,
  'iy',
);
const COPY_FROM = new RegExp(
  `(copy${BLANK}+${OWNER}--from=)([\\w./:-]+)(${BLANK}+${OWNER})((?![-\\[])(?:${CHARACTER}|${VARIABLE})+(?:${BLANK}+(?![-\\[])(?:${CHARACTER}|${VARIABLE})+)+)${END}`,
  'iy',
);

/** What of the instructions that were left out decides something all the same, whatever stage they belong to. */
export interface Skimmed {
  /** Some take files from the build context, none from anywhere else. */
  reads: boolean;
  /** Names that an ARG declares. */
  names: readonly string[];
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
export function skimPlain(
  file: string,
): { instructions: readonly Instruction[]; skimmed: Skimmed } | undefined {
  if (file.length > SURELY_SHORT) return undefined;
  const text = file.endsWith('\n') ? file : `${file}\n`;
  let at = behind(HEAD, text, 0);
  // Directives stand in the first comments: one for the escape character, or any of them twice.
  const head = text.slice(0, at);
  if (/escape/i.test(head) || (head.match(/syntax|check/gi) ?? []).length > 1) return undefined;
  const instructions: Instruction[] = [];
  const names: string[] = [];
  let [reads, inStage, line] = [false, false, linesIn(head) + 1];
  while (at < text.length) {
    const skipped = behind(inStage ? (reads ? SKIPPED_OR_READ : SKIPPED) : HEAD, text, at);
    let end = skipped;
    if (end === at && inStage && !reads) {
      end = behind(READS, text, at);
      reads = end > at;
    }
    if (end === at) {
      const found =
        fromAt(text, at, line) ??
        argumentAt(text, at, line) ??
        (inStage ? copyAt(text, at, line) : undefined);
      if (found === undefined) return undefined;
      ({ end } = found);
      if (found.keyword === 'ARG' && inStage) names.push(...namesIn(found));
      else instructions.push(found);
      inStage ||= found.keyword === 'FROM';
    }
    line += linesIn(text.slice(at, end));
    at = end;
  }
  return inStage ? { instructions, skimmed: { reads, names } } : undefined;
}

type Found = Instruction & { end: number };

function fromAt(text: string, at: number, line: number): Found | undefined {
  const [whole, keyword = '', words = ''] = matchAt(FROM, text, at) ?? [];
  return whole === undefined
    ? undefined
    : instructionOf({ keyword: 'FROM', whole, words, start: keyword.length, at, line });
}

function argumentAt(text: string, at: number, line: number): Found | undefined {
  const [whole, keyword = '', words = ''] = matchAt(ARG, text, at) ?? [];
  return whole === undefined
    ? undefined
    : instructionOf({ keyword: 'ARG', whole, words, start: keyword.length, at, line });
}

function copyAt(text: string, at: number, line: number): Found | undefined {
  const [whole, before = '', value = '', after = '', words = ''] = matchAt(COPY_FROM, text, at) ?? [];
  if (whole === undefined) return undefined;
  const start = before.length + value.length + after.length;
  const copy = instructionOf({ keyword: 'COPY', whole, words, start, at, line });
  const offsets = Array.from({ length: value.length }, (_, index) => before.length + index);
  return { ...copy, flags: [{ name: 'from', value, offsets }] };
}

function instructionOf(options: {
  keyword: string;
  whole: string;
  words: string;
  start: number;
  at: number;
  line: number;
}): Found {
  const { keyword, whole, words, start, at, line } = options;
  return {
    keyword,
    flags: [],
    arguments: words,
    json: undefined,
    heredocs: [],
    trigger: undefined,
    line,
    endLine: line,
    source: { text: whole.trimEnd(), pieces: [{ start: 0, line, column: 1 }], line, endLine: line },
    argumentsStart: start,
    end: at + whole.length,
  };
}

function namesIn(argument: Instruction): string[] {
  return argumentPairs(argument.arguments, { escape: '\\' }).pairs.map(({ name }) => name);
}

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}

function behind(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : at;
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
