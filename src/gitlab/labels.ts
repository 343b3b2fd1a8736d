import type { Environment } from './variables.ts';

/**
 * What the labels of a merge request ask to have built: `affected:all`, `affected:<image>`, or scoped
 * (`affected::<image>`), of which GitLab allows one.
 *
 * Source: `CI_MERGE_REQUEST_LABELS`, comma-separated titles, in GitLab's documentation of predefined variables.
 */
export function labelRequests(environment: Environment): { names: string; by: string }[] {
  const labels = (environment['CI_MERGE_REQUEST_LABELS'] ?? '').split(',');
  return labels.flatMap((label) => {
    const names = /^\s*affected::?\s*(\S.*?)\s*$/i.exec(label)?.[1];
    return names === undefined ? [] : [{ names, by: `label ${JSON.stringify(label.trim())}` }];
  });
}
