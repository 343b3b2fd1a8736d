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
  if (Object.hasOwn(job, key)) return job[key];
  return reachedFrom(job['extends'], templates).find((reached) => Object.hasOwn(reached, key))?.[key];
}

/** The job and the hidden jobs it extends, what counts more first. */
export function reachedByExtends(job: CiMap, templates: Templates): readonly CiMap[] {
  return [job, ...reachedFrom(job['extends'], templates)];
}

/** Thousands of jobs extend the same few. */
function reachedFrom(extended: CiValue | undefined, templates: Templates): readonly CiMap[] {
  if (extended === undefined) return [];
  const known = chains.get(templates) ?? new Map<string, readonly CiMap[]>();
  chains.set(templates, known);
  const names = namesIn(extended);
  const key = names.length === 1 ? (names[0] as string) : JSON.stringify(names);
  const chain = known.get(key) ?? reach(names, { templates, seen: new Set() });
  known.set(key, chain);
  return chain;
}

const chains = new WeakMap<Templates, Map<string, readonly CiMap[]>>();

function reach(
  extended: readonly string[],
  context: { templates: Templates; seen: Set<string> },
): readonly CiMap[] {
  const { templates, seen } = context;
  return extended.toReversed().flatMap((name) => {
    const template = templates.get(name);
    if (!template || seen.has(name)) return [];
    seen.add(name);
    return [template.definition, ...reach(namesIn(template.definition['extends']), context)];
  });
}
