/** What a GitLab configuration is made of once its YAML is read; mappings keep their order and any key safely. */
export type Value = string | number | boolean | null | readonly Value[] | Mapping | Reference | RubyScalar;

export type Mapping = ReadonlyMap<string, Value>;

/** `!reference [job, key, …]`; `path` is undefined where the tag stands on anything but a list of strings. */
export interface Reference {
  readonly kind: 'reference';
  readonly path: readonly string[] | undefined;
}

/**
 * A plain scalar that Ruby doesn't hand on as it was written: a float, a date, a symbol, or an integer that prints
 * otherwise than its text. `printed` is what Ruby's `to_s` makes of it.
 */
export interface RubyScalar {
  readonly kind: 'scalar';
  readonly class: 'Integer' | 'Float' | 'Symbol' | 'Date' | 'Time';
  readonly text: string;
  readonly printed: string;
}

export function isMapping(value: Value | undefined): value is Mapping {
  return value instanceof Map;
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isReference(value: Value | undefined): value is Reference {
  return isTagged(value) && value.kind === 'reference';
}

export function isRubyScalar(value: Value | undefined): value is RubyScalar {
  return isTagged(value) && value.kind === 'scalar';
}

/** Strings as GitLab sees them: symbols are as good as strings to it. */
export function asString(value: Value | undefined): string | undefined {
  if (isRubyScalar(value)) return value.class === 'Symbol' ? value.printed : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The strings of a list, nested lists flattened (as `!reference` leaves them); a string alone is a list of one. */
export function asStrings(value: Value | undefined): string[] {
  if (isList(value)) return value.flatMap(asStrings);
  const string = asString(value);
  return string === undefined ? [] : [string];
}

/** JSON's view of a value, for a JSON Schema. */
export function toJson(value: Value): unknown {
  if (isMapping(value)) return Object.fromEntries([...value].map(([key, item]) => [key, toJson(item)]));
  if (isList(value)) return value.map(toJson);
  if (isRubyScalar(value)) {
    const isNumber = value.class === 'Integer' || value.class === 'Float';
    return isNumber ? Number(value.printed) : value.printed;
  }
  return isReference(value) ? null : value;
}

function isTagged(value: Value | undefined): value is Reference | RubyScalar {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
