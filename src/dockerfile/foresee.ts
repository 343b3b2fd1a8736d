import { argumentWords } from './check.ts';
import type { Instruction } from './instruction.ts';
import { readMount } from './mounts.ts';
import { mountFlags } from './origins.ts';
import { VARIABLE } from './plain-words.ts';
import type { Plan } from './plan.ts';

/** Whether a needed stage takes anything from the build context; never from outside of it. */
export type ForeseenSources = 'none' | 'inside-context';

/** A source that means what it says: nothing to expand or to unquote, no URL, no git repository, no way out. */
const PLAIN_SOURCE = /^(?!.*(?:\.\.|:\/\/|@))[^$"'\\`<\p{Surrogate}\uFEFF]*$/su;
const PLAIN = String.raw`$"'\\` + '`' + String.raw`<\p{Surrogate}\uFEFF`;
const VALUE = String.raw`(?:[^\s\u0085${PLAIN}]|${VARIABLE}|"(?:[^${PLAIN}]|${VARIABLE})*")*`;
const PAIR = `[A-Za-z_][\\w.-]*(?:=${VALUE})?`;
/** Names and values that no expansion refuses: variables without modifiers, and quotes that are closed. */
const HARMLESS = new RegExp(`^${PAIR}(?:[\\t-\\r ]+${PAIR})*$`, 'u');

/**
 * What running a plan's stages will find, where the words of its instructions tell it without being expanded; then
 * running them can't fail for any of them, but where a variable grows beyond 128 KiB. Most stages are such, and most of
 * them never need to run: nothing below their build context changed. Undefined where they have to run.
 */
export function foreseenSources({ stages }: Plan): ForeseenSources | undefined {
  let foreseen: ForeseenSources = 'none';
  for (const { commands } of stages) {
    for (const { instruction } of commands) {
      const found = foreseenIn(instruction);
      if (found === undefined) return undefined;
      if (found === 'inside-context') foreseen = found;
    }
  }
  return foreseen;
}

function foreseenIn(instruction: Instruction): ForeseenSources | undefined {
  switch (instruction.keyword) {
    case 'ENV':
    case 'ARG':
      return HARMLESS.test(instruction.arguments) ? 'none' : undefined;
    case 'COPY':
    case 'ADD':
      if (instruction.flags.some(({ name, value }) => name === 'from' && value !== '')) return 'none';
      return isPlain(instruction) ? 'inside-context' : undefined;
    case 'RUN':
      return foreseenInMounts(instruction);
    default:
      return 'none';
  }
}

function isPlain(copy: Instruction): boolean {
  if (PLAIN_SOURCE.test(copy.arguments)) return true;
  // What the files are called in the image does not matter.
  return argumentWords(copy)
    .slice(0, -1)
    .every((word) => PLAIN_SOURCE.test(word));
}

function foreseenInMounts(run: Instruction): ForeseenSources | undefined {
  let foreseen: ForeseenSources = 'none';
  for (const { value = '' } of mountFlags(run)) {
    const mount = PLAIN_SOURCE.test(value) ? readMount(value, (word) => word) : 'unforeseen';
    if (typeof mount === 'string') return undefined;
    if (mount.type === 'bind' && mount.from === undefined) foreseen = 'inside-context';
  }
  return foreseen;
}
