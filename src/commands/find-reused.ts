import type { Fingerprint } from '../fingerprint/fingerprint.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { isVerifiedTag, type ReusePolicy, reusableTags } from '../pipeline/fingerprint-tag.ts';
import type { Reused } from '../pipeline/step-jobs.ts';
import type { AskRegistry } from './open-registry.ts';

/**
 * Finds the images that the registry has whole as they are at this commit. What can't be known is built: that costs time,
 * and nothing else.
 *
 * @param options.wanted names of the images.
 * @param options.say told once where the registry gives no answer.
 */
export async function findReused(options: {
  wanted: readonly string[];
  images: ReadonlyMap<string, ResolvedImage>;
  fingerprints: ReadonlyMap<string, Fingerprint>;
  isProtected: boolean;
  reuse: ReusePolicy;
  ask: AskRegistry;
  say: (line: string) => void;
}): Promise<ReadonlyMap<string, Reused>> {
  const { images, fingerprints, ask, say } = options;
  const open = options.wanted.flatMap((name) => {
    const fingerprint = fingerprints.get(name);
    const tags = fingerprint?.known ? reusableTags(fingerprint, options) : [];
    const { image } = images.get(name) as ResolvedImage;
    return tags.length === 0 ? [] : [{ name, repository: image.repository, tags, mustBeWhole: true }];
  });
  if (open.length === 0) return new Map();
  const reused = new Map<string, Reused>();
  const unknown: string[] = [];
  for (const [index, answer] of (await ask(open)).entries()) {
    if (answer.kind === 'unknown') unknown.push(answer.detail);
    if (answer.kind !== 'published') continue;
    const { digest, tag } = answer;
    reused.set(open[index]?.name as string, { digest, verified: isVerifiedTag(tag) });
  }
  if (unknown.length > 0) {
    const which = unknown.length === 1 ? 'An image is' : `${unknown.length} images are`;
    say(`${which} built, as it can't be known whether the registry has it: ${unknown[0]}`);
  }
  return reused;
}
