import * as z from 'zod/mini';
import { isMapping } from './shapes.ts';

/** One use of the `{name}`s that `pattern` binds, in the value at `path`. */
interface PlaceholderUse {
  pattern: unknown;
  value: unknown;
  path: string[];
}

/**
 * The check that every placeholder of a value is bound by its pattern, and by one place in it. It also looks at
 * mappings in which other things are wrong, so that all of them are told at once; it passes over what is no string.
 */
export function placeholdersBound<T>(usesOf: (value: T) => PlaceholderUse[]) {
  return z.check<T>(
    ({ value, issues }) => {
      for (const use of usesOf(value)) {
        const message = complaint(use);
        if (message !== undefined) {
          issues.push({ code: 'custom', input: value, path: use.path, message });
        }
      }
    },
    { when: ({ value }) => isMapping(value) },
  );
}

function complaint({ pattern, value }: PlaceholderUse): string | undefined {
  if (typeof pattern !== 'string' || typeof value !== 'string') return undefined;
  const bound = placeholdersIn(pattern);
  const twice = bound.find((name, index) => bound.indexOf(name) !== index);
  if (twice !== undefined)
    return `{${twice}} occurs twice in ${JSON.stringify(pattern)}; name each part differently`;
  const unbound = placeholdersIn(value).find((name) => !bound.includes(name));
  if (unbound === undefined) return undefined;
  return `{${unbound}} does not occur in ${JSON.stringify(pattern)}`;
}

/** The names a pattern binds. The `${NAME}` of a variable is none. */
export function placeholdersIn(pattern: string): string[] {
  return [...pattern.matchAll(/(?<!\$)\{[A-Za-z_]\w*\}/g)].map(([placeholder]) => placeholder.slice(1, -1));
}
