import type { Finding } from './finding.ts';
import type { Resolved } from './references.ts';
import { asStrings, isMapping } from './value.ts';
import type { Mapping, Value } from './value.ts';

/**
 * Merges what each job extends into it: mappings key by key, anything else replaced as a whole, several bases in
 * their order and the job itself last. Source: lib/gitlab/ci/config/extendable/entry.rb.
 */
export function resolveExtends(config: Mapping): Resolved {
  const merger: Merger = { config, findings: [] };
  const entries = [...config].map(([key]) => [key, extend(merger, key, [])] as const);
  return { config: new Map(entries), findings: merger.findings };
}

const maxLevels = 10;

interface Merger {
  readonly config: Mapping;
  readonly findings: Finding[];
}

function extend(merger: Merger, key: string, ancestors: readonly string[]): Value {
  const value = merger.config.get(key) ?? null;
  if (!isMapping(value) || !value.has('extends')) return value;
  const bases = asStrings(value.get('extends'));
  if (!areValid(merger, { key, bases, ancestors })) return value;
  const parents = bases.map((base) => extend(merger, base, [...ancestors, key]));
  return [...parents, value].filter(isMapping).reduce(deepMerge, new Map());
}

interface Extension {
  readonly key: string;
  readonly bases: readonly string[];
  readonly ancestors: readonly string[];
}

function areValid(merger: Merger, { key, bases, ancestors }: Extension): boolean {
  let valid = true;
  const report = (code: Finding['code'], problem: string): void => {
    valid = false;
    const message = `${key}: extends ${bases.join(', ')}: ${problem}.`;
    if (!merger.findings.some((finding) => finding.message === message)) {
      merger.findings.push({ code, job: key, message });
    }
  };
  for (const base of bases) {
    if (!merger.config.has(base)) report('extends-unknown', `${base} is not defined`);
    else if (!isMapping(merger.config.get(base))) report('extends-not-a-job', `${base} is not a mapping`);
  }
  if (ancestors.includes(key)) report('extends-cycle', 'circular dependency');
  else if (ancestors.length > maxLevels) report('extends-too-deep', `more than ${maxLevels} levels`);
  return valid;
}

function deepMerge(left: Mapping, right: Mapping): Mapping {
  const merged = new Map(left);
  for (const [key, value] of right) {
    const other = merged.get(key);
    merged.set(key, isMapping(other) && isMapping(value) ? deepMerge(other, value) : value);
  }
  return merged;
}
