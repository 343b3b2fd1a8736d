import type { Reason } from '../affected/reasons.ts';
import type { Fingerprint } from '../fingerprint/fingerprint.ts';
import type { Widening } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { fingerprintTags, isVerifiedTag, type ReusePolicy } from '../pipeline/fingerprint-tag.ts';
import type { Reused } from '../pipeline/step-jobs.ts';
import type { AskedImage, AskRegistry } from './open-registry.ts';

/** What is known of the images that others are built from and that no change affects. */
export interface FoundBases {
  /** Digests, by name. */
  published: ReadonlyMap<string, string>;
  /** Those that join what is affected, … */
  joined: ReadonlyMap<string, Reason>;
  widened: readonly Widening[];
  /** … and of them those that are there, but were never verified. */
  reused: ReadonlyMap<string, Reused>;
}

/**
 * Finds the images that `built` ones are built from and that are not affected themselves, as they are at this commit: by
 * the tag of their fingerprint. One that is not published is built too, and so on with what it is built from; else a
 * build would take whatever its tag names today.
 *
 * @param options.affected names of all affected images, built or not.
 */
export async function findBases(options: {
  built: Iterable<string>;
  affected: ReadonlySet<string>;
  images: ReadonlyMap<string, ResolvedImage>;
  fingerprints: ReadonlyMap<string, Fingerprint>;
  isProtected: boolean;
  reuse: ReusePolicy;
  ask: AskRegistry;
}): Promise<FoundBases> {
  const { affected, images, fingerprints, isProtected, ask } = options;
  const joined = new Map<string, Reason>();
  const published = new Map<string, string>();
  const reused = new Map<string, Reused>();
  const widened: Widening[] = [];
  const isOpen = ({ base }: { base: string }) =>
    !affected.has(base) && !joined.has(base) && !published.has(base);
  const takesAny = !isProtected || options.reuse === 'all';
  let open = basesOf(options.built, images).filter(isOpen);
  while (open.length > 0) {
    const answers = await ask(
      open.map(({ base }) => {
        const fingerprint = fingerprints.get(base);
        const { image } = images.get(base) as ResolvedImage;
        const tags = fingerprint?.known ? fingerprintTags(fingerprint, { isProtected: !takesAny }) : [];
        return { repository: image.repository, tags, mustBeWhole: true };
      }),
    );
    const added: string[] = [];
    for (const [index, { base, dependent }] of open.entries()) {
      const answer = answers[index] as AskedImage;
      const verified = answer.kind === 'published' && isVerifiedTag(answer.tag);
      if (answer.kind === 'published' && (verified || !isProtected)) {
        published.set(base, answer.digest);
        continue;
      }
      const detail = answer.kind === 'published' ? 'it was never verified' : answer.detail;
      joined.set(base, { kind: 'base-not-available', image: dependent, detail });
      if (answer.kind === 'published') reused.set(base, { digest: answer.digest, verified });
      else added.push(base);
      if (answer.kind === 'unknown') {
        widened.push({ scope: 'image', image: base, code: 'registry', detail });
      }
    }
    open = basesOf(added, images).filter(isOpen);
  }
  return { published, joined, widened, reused };
}

/**
 * What images are built from, each once, with the first of them that is built from it. What only an inherited ONBUILD
 * names stands in no line of a Dockerfile, so that no digest could take its place.
 */
function basesOf(
  dependents: Iterable<string>,
  images: ReadonlyMap<string, ResolvedImage>,
): { base: string; dependent: string }[] {
  const found = new Map<string, string>();
  for (const dependent of dependents) {
    for (const { image, viaTrigger } of images.get(dependent)?.dependencies ?? []) {
      if (!viaTrigger && images.has(image) && !found.has(image)) found.set(image, dependent);
    }
  }
  return [...found].map(([base, dependent]) => ({ base, dependent }));
}
