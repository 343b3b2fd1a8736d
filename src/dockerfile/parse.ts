import { lowerCase, skipSpace, splitWords, trimSpaceEnd } from './characters.ts';
import { instructionProblem } from './check.ts';
import { extractFlags } from './flags.ts';
import { heredocOpenings, readHeredocs } from './heredoc.ts';
import { DockerfileError, type Heredoc, type Instruction, type ParsedDockerfile } from './instruction.ts';
import { jsonForm } from './json-form.ts';
import { located } from './located.ts';
import { type Skimmed, skimPlain } from './skim.ts';
import {
  openCursor,
  positionAt,
  readLogicalLine,
  startOf,
  type Cursor,
  type LogicalLine,
} from './logical-lines.ts';

export { DockerfileError };
export type { ParsedDockerfile } from './instruction.ts';

const WITH_JSON = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'HEALTHCHECK', 'RUN', 'SHELL', 'VOLUME']);
const WITH_HEREDOCS = new Set(['ADD', 'COPY', 'RUN']);

/**
 * Reads a Dockerfile by BuildKit's rules (frontend/dockerfile/parser and instructions): byte order mark, directives,
 * continuations, heredocs, flags, JSON form, `ONBUILD`. Kaniko reads with the same parser. Bytes that are not UTF-8
 * are lone surrogates in `text`. Throws a DockerfileError for what BuildKit refuses, and nothing else; only values
 * that never decide what an image is built from (durations, ports, signals) are not checked.
 */
export function parseDockerfile(text: string): ParsedDockerfile {
  if (last?.text === text) return last.parsed;
  const parsed = parse(text);
  last = { text, parsed };
  return parsed;
}

/** Whose stages run is often asked for its normal form before or after. */
let last: { text: string; parsed: ParsedDockerfile } | undefined;

function parse(text: string): ParsedDockerfile {
  const cursor = openCursor(text);
  const instructions: Instruction[] = [];
  for (let source = readLogicalLine(cursor); source !== undefined; source = readLogicalLine(cursor)) {
    instructions.push(readInstruction(source, cursor));
  }
  if (instructions.length === 0) {
    throw new DockerfileError('file with no instructions', {
      line: Math.max(1, cursor.lines.length),
      column: 1,
    });
  }
  return { escape: cursor.directives.escape, instructions };
}

/** A Dockerfile without those instructions that only say what `Skimmed` tells: enough to know its stages by. */
export interface SkimmedDockerfile extends ParsedDockerfile {
  skimmed: Skimmed;
  /** Where it is known without reading on: Dockerfiles with the same key have the same outline. */
  key: string | undefined;
}

/** Reads what decides on stages and images; refuses the same texts as `parseDockerfile`, for the same reasons. */
export function skimDockerfile(text: string): SkimmedDockerfile {
  return skimPlain(text) ?? { ...parseDockerfile(text), skimmed: NOTHING_LEFT_OUT, key: undefined };
}

const NOTHING_LEFT_OUT: Skimmed = { reads: false, names: [] };

function readInstruction(source: LogicalLine, cursor: Cursor): Instruction {
  const { escape } = cursor.directives;
  const key = `${escape}${source.text}`;
  const same = known.get(key);
  if (same) return { ...same, line: source.line, endLine: source.endLine, source };
  const instruction = readUnknown(source, cursor);
  const { heredocs, trigger } = instruction;
  // Its text says all there is to it, but where a heredoc goes on below, or a trigger tells its own place.
  if (heredocs.length === 0 && trigger === undefined && key.length <= LONGEST_KEPT) {
    if (known.size === MOST_KEPT) known.clear();
    known.set(key, instruction);
  }
  return instruction;
}

/** The same few lines stand in thousands of Dockerfiles. */
const known = new Map<string, Instruction>();
const MOST_KEPT = 10_000;
const LONGEST_KEPT = 500;

function readUnknown(source: LogicalLine, cursor: Cursor): Instruction {
  const { escape } = cursor.directives;
  const bare = parseInstruction(source, { start: 0, escape });
  const heredocs = heredocsOf(bare, cursor);
  const endLine = cursor.next;
  const trigger = bare.trigger && { ...bare.trigger, heredocs, endLine };
  const instruction = { ...bare, heredocs, trigger, endLine };
  const problem = instructionProblem(instruction, escape);
  if (problem !== undefined) throw new DockerfileError(problem, startOf({ source }));
  return instruction;
}

function parseInstruction(source: LogicalLine, options: { start: number; escape: string }): Instruction {
  const line = trimSpaceEnd(source.text);
  const start = skipSpace(line, options.start);
  const [name = '', after] = splitWords(line.slice(start), true);
  const keyword = lowerCase(name).toUpperCase();
  const flagsStart = after === undefined ? line.length : line.length - after.length;
  const { flags, rest, restStart } = extractFlags(line, { start: flagsStart, escape: options.escape });
  const indent = skipSpace(rest);
  const text = trimSpaceEnd(rest.slice(indent));
  const argumentsStart = restStart + indent;

  const json = WITH_JSON.has(keyword)
    ? jsonForm(keyword === 'HEALTHCHECK' ? commandOf(text) : text)
    : undefined;
  if (json === 'not strings') {
    const message = 'when using JSON array syntax, arrays must be comprised of strings only';
    throw new DockerfileError(message, positionAt(source, argumentsStart));
  }
  return {
    keyword,
    flags,
    arguments: text,
    json,
    heredocs: [],
    // The builder keeps the text and reads it again where it runs, where no directive is in force.
    trigger: keyword === 'ONBUILD' ? triggerIn(source, argumentsStart) : undefined,
    line: source.line,
    endLine: source.endLine,
    source,
    argumentsStart,
  };
}

/** `ONBUILD ONBUILD` is refused later; it must not be followed here without end. */
function triggerIn(source: LogicalLine, start: number): Instruction | undefined {
  const rest = source.text.slice(start);
  if (rest === '' || /^onbuild(?:[\t\v\f\r ]|$)/i.test(rest)) return undefined;
  return parseInstruction(source, { start, escape: '\\' });
}

/** What follows the first word: `HEALTHCHECK CMD [...]`. */
function commandOf(text: string): string {
  return splitWords(text, true)[1] ?? '';
}

function heredocsOf(instruction: Instruction, cursor: Cursor): Heredoc[] {
  const { json, keyword, source } = instruction.trigger ?? instruction;
  if (!WITH_HEREDOCS.has(keyword) || json !== undefined) return [];
  const position = startOf({ source });
  return located(position, () => readHeredocs(heredocOpenings(source.text), cursor, position));
}
