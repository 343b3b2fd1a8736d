import type { Flag, Instruction } from '../instruction.ts';
import { positionAt } from '../logical-lines.ts';
import type { Construct } from './differences.ts';

/** Something in a Dockerfile that not every builder builds in the same way. */
export interface Found {
  construct: Construct;
  /** What it is called in a message, as in `RUN --network=none`. */
  shown: string;
  /** 1-based; of an ONBUILD in a base image, the place of the FROM that brings it in. */
  line: number;
  column: number;
}

/** What earlier instructions of a stage, or of the stages below it, say of the later ones. */
export interface StageSettings {
  /** USER, as written; undefined for the base image's. */
  user: Instruction | undefined;
  /** The words of SHELL. */
  shell: readonly string[] | undefined;
  /** Directories that a VOLUME named, where they are absolute and hold no variable. */
  volumes: readonly string[];
  env: ReadonlyMap<string, string>;
}

/** What an instruction shows, at its own place or at that of one of its flags. */
export type Report = Omit<Found, 'line' | 'column'> & {
  place?: { line: number; column: number } | undefined;
};

/** Where a flag stands. */
export function placeOfFlag({ source }: Instruction, { name, offsets: [first] }: Flag): Report['place'] {
  return first === undefined ? undefined : positionAt(source, first - `--${name}=`.length);
}
