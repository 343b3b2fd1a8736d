import { followLinks } from '../images/links.ts';
import type { Snapshot } from '../images/snapshot.ts';
import { parseValues } from '../values/parse-values.ts';
import { type Values, ValuesError } from '../values/value.ts';

export type ValuesReading =
  | { kind: 'read'; values: Values }
  | { kind: 'missing' }
  /** Its content is not in this clone, or its link leads nowhere. */
  | { kind: 'unreadable'; message: string }
  /** `<path>:<line>:<column>: <what is wrong>` */
  | { kind: 'broken'; message: string };

/**
 * The values of a file of a commit, links followed. What its text is read from must have been read.
 *
 * @param options.single whether a second YAML document is one too many.
 */
export function readValues(snapshot: Snapshot, file: string, options: { single: boolean }): ValuesReading {
  const { path, links } = followLinks(snapshot, file);
  if (links.length === 0 && snapshot.tree.get(file) === undefined) return { kind: 'missing' };
  const text = path === undefined ? undefined : snapshot.text(path);
  if (text === undefined) {
    const message = `${file} can't be read: its content is not in this clone, or its link leads nowhere`;
    return { kind: 'unreadable', message };
  }
  try {
    return { kind: 'read', values: parseValues(text, file, options) };
  } catch (error) {
    if (!(error instanceof ValuesError)) throw error;
    return { kind: 'broken', message: `${file}:${error.line}:${error.column}: ${error.message}` };
  }
}
