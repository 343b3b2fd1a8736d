import type { Arguments } from '../arguments.ts';
import type { Affected } from '../affected/affected.ts';

/** With `--strict`, something that could not be known fails the run instead of building more. */
export function exitCodeFor({ widened }: Pick<Affected, 'widened'>, values: Arguments['values']): number {
  return values.strict && widened.length > 0 ? 2 : 0;
}
