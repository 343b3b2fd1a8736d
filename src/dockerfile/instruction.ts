import type { LogicalLine } from './logical-lines.ts';

/** What a Dockerfile says, before any variable is expanded. */
export interface ParsedDockerfile {
  /** The escape character in force (`# escape=`). */
  escape: '\\' | '`';
  instructions: readonly Instruction[];
}

export interface Instruction {
  /** Upper case. */
  keyword: string;
  flags: readonly Flag[];
  /** The logical line after the flags: continuations joined, comments inside them dropped, ends trimmed. */
  arguments: string;
  /** The elements of the JSON (exec) form, for the instructions that know it. */
  json: readonly string[] | undefined;
  heredocs: readonly Heredoc[];
  /** The instruction an `ONBUILD` defers. */
  trigger: Instruction | undefined;
  /** First and last physical line, 1-based; the bodies of heredocs belong to the instruction. */
  line: number;
  endLine: number;
  /** The logical line it was read from, and where in it `arguments` begins: for positions of single words. */
  source: LogicalLine;
  argumentsStart: number;
}

/** `--name=value`, or `--name` (value undefined). */
export interface Flag {
  name: string;
  value: string | undefined;
  /** For each UTF-16 code unit of `value`, the offset in the logical line it came from. */
  offsets: readonly number[];
}

export interface Heredoc {
  delimiter: string;
  /** Whether variables in the body are expanded: not when the delimiter is quoted. */
  expand: boolean;
  /** `<<-`: leading tabs of the body are dropped. */
  chomp: boolean;
  content: string;
}

/** A Dockerfile that the builder would refuse. The message carries no position; line and column are 1-based. */
export class DockerfileError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, position: { line: number; column: number }) {
    super(message);
    this.name = 'DockerfileError';
    this.line = position.line;
    this.column = position.column;
  }
}
