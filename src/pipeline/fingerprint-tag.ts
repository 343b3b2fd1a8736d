import type { Fingerprint } from '../fingerprint/fingerprint.ts';

/** The digest of the image it stands for is found under this tag by later pipelines. */
export type FingerprintTag = `h-${string}` | `candidate-h-${string}`;

/**
 * The tags under which an image of a fingerprint may be found, best first; the last is the one to push it under.
 *
 * @param isProtected whether the pipeline is of a protected branch or tag. What others push is no image that such a
 *   pipeline may build on: whoever may push a branch decides what is in it.
 */
export function fingerprintTags(
  fingerprint: Extract<Fingerprint, { known: true }>,
  { isProtected }: { isProtected: boolean },
): readonly FingerprintTag[] {
  const tag = `h-${fingerprint.sha256}` as const;
  return isProtected ? [tag] : [tag, `candidate-${tag}`];
}

/** Which images a pipeline takes in the place of a build; a protected one what unprotected ones built only with `all`. */
export type ReusePolicy = 'protected' | 'all' | 'off';

/** The tags under which an image is looked for that need not be built, best first. */
export function reusableTags(
  fingerprint: Extract<Fingerprint, { known: true }>,
  { isProtected, reuse }: { isProtected: boolean; reuse: ReusePolicy },
): readonly FingerprintTag[] {
  if (reuse === 'off') return [];
  return fingerprintTags(fingerprint, { isProtected: isProtected && reuse !== 'all' });
}

/** Whether what is found under the tag was verified before it was put there. */
export function isVerifiedTag(tag: string): boolean {
  return !tag.startsWith('candidate-');
}
