import { argumentWords } from './check.ts';
import { expandGlobal, type Globals, type GlobalValue } from './globals.ts';
import { DockerfileError } from './instruction.ts';
import { located } from './located.ts';
import { positionAt } from './logical-lines.ts';
import { stageNamed, type Stage } from './stages.ts';

/** What a stage is built on. */
export interface Base {
  /** An earlier stage of the file. */
  stage: Stage | undefined;
  /** Expanded; `unknown` names the variables in it that had no value. */
  reference: GlobalValue;
  /** As written, and where. */
  word: string;
  line: number;
  column: number;
}

/** The name of no image at all. */
export const SCRATCH = 'scratch';

/**
 * Resolves a `FROM` with the global arguments. A name that is blank for want of an argument is left to the caller, any
 * other blank one is refused as BuildKit does.
 */
export function readBase(
  stage: Stage,
  options: { stages: readonly Stage[]; globals: Globals; escape: string },
): Base {
  const { from } = stage;
  const { globals, escape } = options;
  const word = argumentWords(from)[0] as string;
  const position = positionAt(from.source, from.argumentsStart);
  const reference = located(position, () => expandGlobal(globals, word, escape));
  if (reference.text === '' && reference.unknown.length === 0) {
    throw new DockerfileError(`base name (${word}) should not be blank`, position);
  }
  const platform = from.flags.find(({ name }) => name === 'platform')?.value;
  if (platform !== undefined) located(position, () => expandGlobal(globals, platform, escape));
  return { stage: stageNamed(options.stages, reference.text, stage.index), reference, word, ...position };
}
