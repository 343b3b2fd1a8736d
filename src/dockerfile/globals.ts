import type { Gap } from './gaps.ts';
import type { Instruction } from './instruction.ts';
import { located } from './located.ts';
import { startOf } from './logical-lines.ts';
import { argumentPairs } from './name-values.ts';
import { platformArguments } from './platform.ts';
import { ownArgument, type Value } from './scope.ts';
import { expandWord } from './words.ts';

/** A value, and which parts of it hang on what is unknown. */
export interface GlobalValue extends Value {
  gaps: readonly Gap[];
}

/** The arguments that `FROM` words are expanded with, and that an `ARG` of a stage can take over. */
export type Globals = ReadonlyMap<string, GlobalValue>;

/**
 * The arguments before the first FROM, on top of the platform's (BuildKit frontend/dockerfile/dockerfile2llb,
 * buildMetaArgs). Build arguments reach only those that are declared.
 */
export function globalArguments(
  declarations: readonly Instruction[],
  options: { args: Readonly<Record<string, string>>; platform: string; target: string; escape: string },
): Globals {
  const { args, escape } = options;
  const globals = new Map<string, GlobalValue>(platformArguments(options.platform, options.target));
  for (const [name, text] of Object.entries(args)) {
    if (globals.has(name)) globals.set(name, { text, unknown: [], gaps: [] });
  }
  for (const instruction of declarations) {
    for (const { name, value } of argumentPairs(instruction.arguments, { escape }).pairs) {
      const given = ownArgument(args, name);
      if (given !== undefined) globals.set(name, { text: given, unknown: [], gaps: [] });
      else if (value !== undefined) {
        const expanded = located(startOf(instruction), () => expandGlobal(globals, value, escape));
        globals.set(name, expanded);
      }
    }
  }
  return globals;
}

/**
 * Expands a word of the global scope; `unknown` names what has no value and no default took its place, if any of the
 * text hangs on it.
 */
export function expandGlobal(globals: Globals, word: string, escape: string): GlobalValue {
  const unknown = new Set<string>();
  const lookup = (name: string): GlobalValue | undefined => {
    const value = globals.get(name);
    for (const each of value?.unknown ?? []) unknown.add(each);
    return value;
  };
  const { text, gaps, unset } = expandWord(word, { escape, lookup });
  return { text, gaps, unknown: gaps.length === 0 ? [] : [...new Set([...unknown, ...unset])] };
}
