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
