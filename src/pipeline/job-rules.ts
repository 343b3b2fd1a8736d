import type { CiMap, CiValue } from './ci-yaml.ts';
import { inheritedValue } from './merge.ts';
import type { Templates } from './templates.ts';

/** In a child of a merge request's pipeline GitLab does not create jobs without rules. */
export function withRules(job: CiMap, templates: Templates): CiMap {
  const has = (key: string) => inheritedValue(job, key, templates) !== undefined;
  if (['rules', 'only', 'except'].some(has)) return job;
  const inherited = ['when', 'start_in', 'allow_failure'].map(
    (key) => [key, inheritedValue(job, key, templates)] as const,
  );
  const known = inherited.filter((entry): entry is [string, CiValue] => entry[1] !== undefined);
  return withOwnRules({ ...job, ...Object.fromEntries(known) });
}

/** A job's own `when` as the rule it stands for. */
export function withOwnRules(job: CiMap): CiMap {
  const { when = 'on_success', start_in: startIn, ...rest } = job;
  const rule: Record<string, CiValue> = { when };
  if (startIn !== undefined) rule['start_in'] = startIn;
  // Manual by a rule, a job holds the pipeline up; manual by itself, it does not.
  if (when === 'manual' && job['allow_failure'] === undefined) rule['allow_failure'] = true;
  return { ...rest, rules: [rule] };
}
