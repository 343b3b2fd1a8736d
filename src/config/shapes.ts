import * as z from 'zod/mini';

/** A mapping that knows its keys; the message of an unknown key lists them. */
export function mapping<const Shape extends z.core.$ZodLooseShape>(expectation: string, shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : expectation),
  });
}

export function listOf<Item extends z.core.$ZodType>(item: Item, plural: string) {
  return z.array(item, { error: `write a list of ${plural}` });
}

/** An empty list would say that nothing is meant, and look like a repository without changes. */
export function someOf<Item extends z.core.$ZodType>(item: Item, plural: string) {
  const error = `write a list of ${plural}, at least one`;
  return z.array(item, { error }).check(z.minLength(1, { error }));
}

export function described<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  return schema.check(z.describe(description)) as Schema;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
