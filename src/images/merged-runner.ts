import type { Runner } from '../config/runner.ts';

/** Settings that are mappings themselves: each of their keys is set and replaced alone. */
const BY_KEY = ['requests', 'limits', 'proxy', 'mirrors', 'variables'] as const;

/** What an entry says of the runner, over what the earlier ones say: a later setting replaces an earlier one. */
export function mergedRunner(before: Runner | undefined, after: Runner): Runner {
  const merged: Runner = { ...before, ...after };
  for (const key of BY_KEY) {
    const both = { ...before?.[key], ...after[key] };
    if (Object.keys(both).length > 0) Object.assign(merged, { [key]: both });
  }
  return merged;
}
