import { compileKeyPattern, type KeyPattern } from '../values/key-pattern.ts';
import type { DeclaredGlob, DeclaredGlobs } from './declared-globs.ts';
import type { Image } from './image.ts';

/** Files of which only some keys are an input. */
export interface KeyedInput extends DeclaredGlob {
  keys: readonly KeyPattern[];
}

/** A file with values, asked for some of its keys. */
export interface KeyedUse {
  file: string;
  input: KeyedInput;
}

export function keyedInputsOf({ keyedInputs }: Image, globs: DeclaredGlobs): readonly KeyedInput[] {
  return keyedInputs.flatMap(({ paths, keys }) => {
    const patterns = keys.map(compileKeyPattern);
    return paths.map((glob) => ({ ...globs(glob), keys: patterns }));
  });
}

/** The files whose values a change of `path` may change: itself, and those that lead through it. */
export function keyedUses(inputs: readonly KeyedInput[], path: string): readonly KeyedUse[] {
  return inputs.flatMap((input) => {
    const through = [...input.linked].filter(([, files]) => files.includes(path)).map(([file]) => file);
    const files = new Set(input.matches(path) ? [path, ...through] : through);
    return [...files].map((file) => ({ file, input }));
  });
}
