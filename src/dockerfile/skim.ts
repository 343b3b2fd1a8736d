import { argumentPairs } from './name-values.ts';

/** What of an instruction that need not be read decides something all the same. */
export interface Skimmed {
  /** It takes files from the build context, and from nowhere else. */
  reads: boolean;
  /** Names that an ARG declares. */
  names: readonly string[];
}

const BLANK = String.raw`[\t ]`;
// Nothing that any rule gives a meaning: printable ASCII without quotes, escapes, variables and what opens a heredoc.
const CHARACTER = String.raw`[!#%&(-;=?-\[\]-_a-~]`;
const WORD = `${CHARACTER}+`;
const VARIABLE = String.raw`\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\}`;
const VALUE = String.raw`(?:[!#%&(-;=?-\[\]-_a-~]|${VARIABLE}|"(?:[ !#%&(-;=?-\[\]-_a-~]|${VARIABLE})*")*`;
const pairs = (pair: string) => `${pair}(?:${BLANK}+${pair})*`;

// A word of any text is enough for these, and none of it is looked at.
const ANY_TEXT = String.raw`(?:run|cmd|entrypoint|workdir|user|expose|volume)${BLANK}+(?![-\[<])[!-~][^<]*`;
const JSON_FORM = String.raw`(?:cmd|entrypoint)${BLANK}+\[${BLANK}*"[^"\\<\p{Cc}\p{Surrogate}]*"(?:${BLANK}*,${BLANK}*"[^"\\<\p{Cc}\p{Surrogate}]*")*${BLANK}*\]`;
const LABEL = String.raw`label${BLANK}+${pairs(String.raw`[\w.\/-]+=${VALUE}`)}`;
const ENV = String.raw`env${BLANK}+${pairs(String.raw`[A-Za-z_]\w*=${VALUE}`)}`;
const NOTHING = new RegExp(`^(?:${ANY_TEXT}|${JSON_FORM}|${LABEL}|${ENV})${BLANK}*$`, 'iu');

const DECLARES = new RegExp(`^arg${BLANK}+(${pairs(String.raw`[A-Za-z_]\w*(?:=${VALUE})?`)})${BLANK}*$`, 'i');

const COPY_FLAGS = String.raw`(?:--chown=${WORD}${BLANK}+)?(?:--chmod=${WORD}${BLANK}+)?(?:--link${BLANK}+)?`;
// One source at least, then where it goes to; no way out of the context, no URL, no git repository, no JSON form.
const SOURCE = String.raw`(?![-\[])(?!\S*(?:\.\.|:\/\/|@))${WORD}`;
const READS = new RegExp(
  `^(?:copy|add)${BLANK}+${COPY_FLAGS}(?:${SOURCE}${BLANK}+)+(?:${CHARACTER}|${VARIABLE})+${BLANK}*$`,
  'i',
);

/**
 * Tells the plain kinds of instructions, by far the most, from those that must be read: no builder refuses them, and
 * of what the image is built from they say no more than this. For instructions of a stage, in a file without an escape
 * directive.
 *
 * @param line a logical line from its keyword on.
 * @returns undefined for a line that must be read.
 */
export function skimInstruction(line: string): Skimmed | undefined {
  if (NOTHING.test(line)) return NOTHING_FOUND;
  if (READS.test(line)) return READS_CONTEXT;
  const declared = DECLARES.exec(line)?.[1];
  if (declared === undefined) return undefined;
  return { reads: false, names: argumentPairs(declared, { escape: '\\' }).pairs.map(({ name }) => name) };
}

const NOTHING_FOUND: Skimmed = { reads: false, names: [] };
const READS_CONTEXT: Skimmed = { reads: true, names: [] };
