import { DockerfileError } from './instruction.ts';
import { WordError } from './words.ts';

/**
 * Runs something that reads words and reports at `place` what is wrong with one of them, and, when `foreign`, also what
 * is wrong with an instruction that comes from another file.
 */
export function located<T>(place: { line: number; column: number }, run: () => T, foreign = false): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof WordError || (foreign && error instanceof DockerfileError)) {
      throw new DockerfileError(error.message, { line: place.line, column: place.column });
    }
    throw error;
  }
}
