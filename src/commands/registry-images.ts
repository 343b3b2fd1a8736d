import type { AffectedImage } from '../affected/affected.ts';
import type { Reason } from '../affected/reasons.ts';
import type { Fingerprint } from '../fingerprint/fingerprint.ts';
import { imageGraph, levelsOf } from '../images/graph.ts';
import type { Widening } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { fingerprintTags } from '../pipeline/fingerprint-tag.ts';
import { NO_REGISTRY_IMAGES, type RegistryImages } from '../pipeline/plan.ts';
import type { Comparison } from '../render/comparison.ts';
import type { Surroundings } from '../run.ts';
import type { Compared } from './compare-with-base.ts';
import { fingerprintsAtHead } from './load-fingerprints.ts';
import { type AskRegistry, registryOf } from './open-registry.ts';

/** What is to be built, and what the registry has for it. */
export interface WithRegistry {
  comparison: Comparison;
  registryImages: RegistryImages;
}

/**
 * Finds the images that affected ones are built from and that are not affected themselves, as they are at this commit: by
 * the tag of their fingerprint. One that is not published is built too, and so on with what it is built from; else a
 * build would take whatever its tag names today. Outside of GitLab, where nobody is asked, that is what it does.
 */
export async function withRegistryImages(
  compared: Compared,
  surroundings: Surroundings,
): Promise<WithRegistry> {
  const { comparison, head } = compared;
  const registry = registryOf({ name: head.side.config.registry, surroundings });
  if (registry === undefined || comparison.affected.length === 0) {
    return { comparison, registryImages: NO_REGISTRY_IMAGES };
  }
  const wanted = comparison.affected.map(({ image }) => image.name);
  const fingerprints = await fingerprintsAtHead(head, wanted);
  const found = await findBases({ compared, fingerprints, ...registry });
  const own = new Map(
    found.comparison.affected.flatMap(({ image }) => {
      const fingerprint = fingerprints.get(image.name);
      return fingerprint?.known ? [[image.name, fingerprintTags(fingerprint, registry).slice(-1)]] : [];
    }) as [string, readonly string[]][],
  );
  return {
    comparison: found.comparison,
    registryImages: { published: found.published, fingerprintTags: own, reused: new Map() },
  };
}

async function findBases(options: {
  compared: Compared;
  fingerprints: ReadonlyMap<string, Fingerprint>;
  isProtected: boolean;
  ask: AskRegistry;
}): Promise<{ comparison: Comparison; published: ReadonlyMap<string, string> }> {
  const { compared, fingerprints, isProtected, ask } = options;
  const { comparison, head } = compared;
  const { images } = head.side;
  const joined = new Map<string, Reason>();
  const published = new Map<string, string>();
  const widened: Widening[] = [];
  const built = new Set(comparison.affected.map(({ image }) => image.name));
  let open = basesOf(built, images).filter(({ base }) => !built.has(base));
  while (open.length > 0) {
    const answers = await ask(
      open.map(({ base }) => {
        const fingerprint = fingerprints.get(base);
        const { image } = images.get(base) as ResolvedImage;
        const tags = fingerprint?.known ? fingerprintTags(fingerprint, { isProtected }) : [];
        return { repository: image.repository, tags };
      }),
    );
    for (const [index, { base, dependent }] of open.entries()) {
      const answer = answers[index] as Awaited<ReturnType<AskRegistry>>[number];
      if (answer.kind === 'published') {
        published.set(base, answer.digest);
        continue;
      }
      joined.set(base, { kind: 'base-not-available', image: dependent, detail: answer.detail });
      built.add(base);
      if (answer.kind === 'unknown') {
        widened.push({ scope: 'image', image: base, code: 'registry', detail: answer.detail });
      }
    }
    const added = open.map(({ base }) => base).filter((base) => built.has(base));
    open = basesOf(added, images).filter(({ base }) => !built.has(base) && !published.has(base));
  }
  return { comparison: withBases(comparison, { joined, widened, images }), published };
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

function withBases(
  comparison: Comparison,
  options: {
    joined: ReadonlyMap<string, Reason>;
    widened: readonly Widening[];
    images: ReadonlyMap<string, ResolvedImage>;
  },
): Comparison {
  const { joined, widened, images } = options;
  if (joined.size === 0) return comparison;
  const graph = imageGraph(images);
  const levels = levelsOf(graph);
  const added = [...joined].map(([name, reason]): AffectedImage => {
    const { image } = images.get(name) as ResolvedImage;
    const dependsOn = [...(graph.get(name) ?? [])].sort();
    return { image, reasons: [reason], dependsOn, level: levels.get(name) ?? 0 };
  });
  return {
    ...comparison,
    affected: [...comparison.affected, ...added].sort(
      (a, b) => a.level - b.level || (a.image.name < b.image.name ? -1 : 1),
    ),
    unaffected: comparison.unaffected.filter((name) => !joined.has(name)),
    widened: [...comparison.widened, ...widened],
  };
}
