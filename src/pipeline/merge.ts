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
  const seen = new Set<string>();
  const find = (current: CiMap): CiValue | undefined => {
    if (Object.hasOwn(current, key)) return current[key];
    for (const name of namesIn(current['extends']).toReversed()) {
      const template = templates.get(name);
      if (!template || seen.has(name)) continue;
      seen.add(name);
      const found = find(template.definition);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return find(job);
}
