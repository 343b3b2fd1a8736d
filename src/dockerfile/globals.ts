import type { Gap } from './gaps.ts';
import type { Instruction } from './instruction.ts';
import { located } from './located.ts';
import { startOf } from './logical-lines.ts';
import { argumentPairs } from './name-values.ts';
import { platformArguments } from './platform.ts';
import { ownArgument, type Value } from './scope.ts';
import { expandPlain, expandWord } from './words.ts';

/** A value, and which parts of it hang on what is unknown. */
export interface GlobalValue extends Value {
  gaps: readonly Gap[];
}

/** The arguments that `FROM` words are expanded with, and that an `ARG` of a stage can take over. */
export type Globals = Pick<ReadonlyMap<string, GlobalValue>, 'get'>;

/**
 * The arguments before the first FROM, on top of the platform's (BuildKit frontend/dockerfile/dockerfile2llb,
 * buildMetaArgs). Build arguments reach only those that are declared.
 */
export function globalArguments(
  declarations: readonly Instruction[],
  options: { args: Readonly<Record<string, string>>; platform: string; target: string; escape: string },
): Globals {
  const { args, escape } = options;
  const platform = platformArguments(options.platform, options.target);
  const own = new Map<string, GlobalValue>();
  const globals: Globals = { get: (name) => own.get(name) ?? platform.get(name) };
  for (const name of Object.keys(args)) {
    if (platform.has(name)) own.set(name, { text: args[name] as string, unknown: [], gaps: [] });
  }
  for (const instruction of declarations) {
    for (const { name, value } of argumentPairs(instruction.arguments, { escape }).pairs) {
      const given = ownArgument(args, name);
      if (given !== undefined) own.set(name, { text: given, unknown: [], gaps: [] });
      else if (value !== undefined) {
        const expanded = located(startOf(instruction), () => expandGlobal(globals, value, escape));
        own.set(name, expanded);
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
  const plain = expandPlain(word, (name) => {
    const value = globals.get(name);
    return value?.unknown.length === 0 ? value : undefined;
  });
  if (plain !== undefined) return { text: plain, gaps: [], unknown: [] };
  const unknown = new Set<string>();
  const lookup = (name: string): GlobalValue | undefined => {
    const value = globals.get(name);
    for (const each of value?.unknown ?? []) unknown.add(each);
    return value;
  };
  const { text, gaps, unset } = expandWord(word, { escape, lookup });
  return { text, gaps, unknown: gaps.length === 0 ? [] : [...new Set([...unknown, ...unset])] };
}
