import { renderJson } from '../render/json.ts';
import { renderTable } from '../render/table.ts';
import type { CommandFunction } from '../run.ts';
import { compare } from './compare.ts';
import { paintFor } from './paint.ts';
import { exitCodeFor } from './strict.ts';
import { failOnUnowned } from './unowned-policy.ts';

/** `affected [--since REF]`: what would be built, and why. */
export const preview: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  const { comparison } = await compare({ ...options, includeWorkingTree: true });
  surroundings.stdout(
    values.json
      ? renderJson(comparison)
      : renderTable(comparison, { paint: paintFor(surroundings), showUnaffected: values.all ?? false }),
  );
  return Math.max(exitCodeFor(comparison, values), failOnUnowned(comparison, options));
};
