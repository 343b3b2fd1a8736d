import { type CiMap, type CiValue, isCiMap, namesIn } from './ci-yaml.ts';
import type { Templates } from './templates.ts';

/** GitLab's deep merge of `extends`: mappings merge key by key, everything else is replaced. */
export function mergeJobs(base: CiMap, over: CiMap): CiMap {
  const merged: Record<string, CiValue> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const present = merged[key];
    merged[key] = isCiMap(present) && isCiMap(value) ? mergeJobs(present, value) : value;
  }
  return merged;
}

/** The value a job has for `key`, itself or through the hidden jobs it extends, where later ones win. */
export function inheritedValue(job: CiMap, key: string, templates: Templates): CiValue | undefined {
  return reachedByExtends(job, templates).find((reached) => Object.hasOwn(reached, key))?.[key];
}

/** The job and the hidden jobs it extends, what counts more first. */
export function reachedByExtends(job: CiMap, templates: Templates): readonly CiMap[] {
  const seen = new Set<string>();
  const reach = (current: CiMap): CiMap[] => [
    current,
    ...namesIn(current['extends'])
      .toReversed()
      .flatMap((name) => {
        const template = templates.get(name);
        if (!template || seen.has(name)) return [];
        seen.add(name);
        return reach(template.definition);
      }),
  ];
  return reach(job);
}
