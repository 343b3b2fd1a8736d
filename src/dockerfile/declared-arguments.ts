import type { Instruction } from './instruction.ts';
import { argumentPairs } from './name-values.ts';
import { expandWord, unlessRefused } from './words.ts';

/** The names a Dockerfile's ARG instructions take build arguments by. */
export interface DeclaredArguments {
  names: ReadonlySet<string>;
  /** Whether a name holds a variable (`ARG ${X}_VERSION`), so that it may be any. */
  any: boolean;
}

/**
 * What ARG declares, also where an `ONBUILD` defers it. BuildKit expands the names, which takes off their quotes
 * (frontend/dockerfile/instructions, ArgCommand.Expand).
 *
 * @param options.triggers deferred instructions of base images, which are read without any directive.
 */
export function declaredArguments(
  instructions: readonly Instruction[],
  options: { escape: string; triggers: readonly Instruction[] },
): DeclaredArguments {
  const names = new Set<string>();
  let any = false;
  const declare = (instruction: Instruction, escape: string) => {
    if (instruction.keyword !== 'ARG') return;
    for (const { name } of argumentPairs(instruction.arguments, { escape }).pairs) {
      if (/^\w+$/.test(name)) {
        names.add(name);
        continue;
      }
      const lookup = () => undefined;
      const { text, unset } = unlessRefused(() => expandWord(name, { escape, lookup }), {
        text: name,
        gaps: [],
        unset: [name],
      });
      if (unset.length > 0 || name.includes('${')) any = true;
      else names.add(text);
    }
  };
  for (const instruction of instructions) {
    declare(instruction, options.escape);
    if (instruction.trigger) declare(instruction.trigger, '\\');
  }
  for (const trigger of options.triggers) declare(trigger, '\\');
  return { names, any };
}
