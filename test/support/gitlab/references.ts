import type { Finding } from './finding.ts';
import { isList, isMapping, isReference } from './value.ts';
import type { Mapping, Reference, Value } from './value.ts';

export interface Resolved {
  readonly config: Mapping;
  readonly findings: readonly Finding[];
}

/**
 * Puts the referred value in place of each `!reference`, after `extends` has been merged, as GitLab does. A list
 * referred to inside a list stays a nested list. Source: lib/gitlab/ci/config/yaml/tags/{base,reference,resolver}.rb.
 */
export function resolveReferences(config: Mapping): Resolved {
  const resolver: Resolver = { config, findings: [], known: new Map(), open: new Set() };
  const entries = [...config].map(([key, value]) => [key, resolve(resolver, value, key)] as const);
  return { config: new Map(entries), findings: resolver.findings };
}

interface Resolver {
  readonly config: Mapping;
  readonly findings: Finding[];
  readonly known: Map<Reference, Value>;
  readonly open: Set<Reference>;
}

function resolve(resolver: Resolver, value: Value, job: string): Value {
  if (isList(value)) return value.map((item) => resolve(resolver, item, job));
  if (isMapping(value)) return new Map([...value].map(([key, item]) => [key, resolve(resolver, item, job)]));
  return isReference(value) ? follow(resolver, value, job) : value;
}

function follow(resolver: Resolver, reference: Reference, job: string): Value {
  const known = resolver.known.get(reference);
  if (known !== undefined) return known;
  const value = followOnce(resolver, reference, job);
  resolver.known.set(reference, value);
  return value;
}

function followOnce(resolver: Resolver, reference: Reference, job: string): Value {
  const report = (code: Finding['code'], problem: string): null => {
    const text = `!reference [${reference.path?.join(', ') ?? ''}]`;
    resolver.findings.push({ code, job, message: `${job}: ${text} ${problem}.` });
    return null;
  };
  if (reference.path === undefined) return report('reference-invalid', 'is not a list of strings');
  if (resolver.open.has(reference)) return report('reference-cycle', 'is part of a circle');
  const before = resolver.findings.length;
  resolver.open.add(reference);
  const target = dig(resolver.config, reference.path);
  const value = target === undefined ? null : resolve(resolver, target, job);
  if (value !== null && value !== false) return value;
  return resolver.findings.length > before ? null : report('reference-unknown', 'names nothing');
}

function dig(config: Mapping, path: readonly string[]): Value | undefined {
  let value: Value | undefined = config;
  for (const key of path) value = isMapping(value) ? value.get(key) : undefined;
  return value;
}
