import type { CommandFunction } from '../run.ts';
import { compare } from './compare.ts';
import { paintFor } from './paint.ts';
import { exitCodeFor } from './strict.ts';
import { failOnUnowned } from './unowned-policy.ts';

/** `affected [--since REF]`: what would be built, and why. */
export const preview: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  const { comparison } = await compare({ ...options, includeWorkingTree: true });
  if (values.json) {
    const { renderJson } = await import('../render/json.ts');
    surroundings.stdout(renderJson(comparison));
  } else {
    const { renderTable } = await import('../render/table.ts');
    surroundings.stdout(
      renderTable(comparison, { paint: paintFor(surroundings), showUnaffected: values.all ?? false }),
    );
  }
  return Math.max(exitCodeFor(comparison, values), failOnUnowned(comparison, options));
};
