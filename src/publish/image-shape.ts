import * as z from 'zod/mini';

// The distribution reference grammar: `tag`, `digest`, `name`.
const TAG = String.raw`[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`;
const HOST = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?`;
const COMPONENT = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`;

const tag = textLike(TAG, "can't be an image tag");
const list = { error: 'is no list' };

/** What is published of one image, as the variables of a job or a plan have it. */
export const imageShape = z.strictObject(
  {
    name: textLike('.+', 'is no name'),
    repository: textLike(`${HOST}(?:/${COMPONENT})+`, 'is no <registry>/<repository>'),
    digest: z.optional(textLike('sha256:[0-9a-f]{64}', 'is no digest, sha256:…')),
    candidate: z.optional(tag),
    tags: z.optional(z.array(tag, list)),
    branchTags: z.optional(z.array(tag, list)),
    version: z.optional(textLike('.+', 'is no version')),
    versionTags: z.optional(z.array(textLike(`${TAG}(?:=${TAG})?`, 'is no tag, nor <tag>=<line>'), list)),
    marker: z.optional(tag),
    after: z.optional(
      z.array(textLike(`${HOST}(?:/${COMPONENT})+:${TAG}`, 'is no <registry>/<repository>:<tag>'), list),
    ),
  },
  { error: unexpected },
);

export type ImageShape = z.infer<typeof imageShape>;

/** What is wrong: where, and a sentence that goes on after it. */
export interface Complaint {
  path: readonly PropertyKey[];
  message: string;
}

/** The first of what zod found. */
export function complaintOf(error: z.core.$ZodError, value: unknown): Complaint {
  const [{ path, message }] = error.issues as [z.core.$ZodIssue];
  const found = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  return { path, message: typeof found === 'string' ? `${JSON.stringify(found)} ${message}` : message };
}

export function unexpected(issue: z.core.$ZodRawIssue): string {
  return issue.code === 'unrecognized_keys'
    ? `has ${(issue['keys'] as string[]).map((key) => JSON.stringify(key)).join(', ')}, which this version of affected does not know`
    : 'is no mapping';
}

export function textLike(pattern: string, error: string): z.ZodMiniString {
  return z.string({ error }).check(z.regex(new RegExp(`^(?:${pattern})$`), { error }));
}
