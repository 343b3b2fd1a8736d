import { freshImages } from '../affected/fresh-images.ts';
import type { Fingerprint } from '../fingerprint/fingerprint.ts';
import type { Publication } from '../gitlab/publication.ts';
import { fingerprintTags, type ReusePolicy } from '../pipeline/fingerprint-tag.ts';
import { NO_REGISTRY_IMAGES, type RegistryImages } from '../pipeline/plan.ts';
import type { Comparison } from '../render/comparison.ts';
import { printable } from '../render/printable.ts';
import type { Surroundings } from '../run.ts';
import type { Compared } from './compare-with-base.ts';
import { findBases } from './find-bases.ts';
import { findReused } from './find-reused.ts';
import { joinImages } from './join-images.ts';
import { healsItself, joinUnaffected } from './join-unaffected.ts';
import { fingerprintsAtHead } from './load-fingerprints.ts';
import { registryOf } from './open-registry.ts';

/** What is to be built, and what the registry has for it. */
export interface WithRegistry {
  comparison: Comparison;
  registryImages: RegistryImages;
  /** Names of the images that are built afresh on purpose. */
  fresh: ReadonlySet<string>;
}

/**
 * Asks the registry what it has for this commit, by the tags of fingerprints: images that join what is affected, affected
 * ones that need no build, and what the others are built from. Outside of GitLab nobody is asked, and builds take what
 * the tags in their Dockerfiles name.
 */
export async function withRegistryImages(
  compared: Compared,
  options: { surroundings: Surroundings; publication: Publication; reuse: ReusePolicy },
): Promise<WithRegistry> {
  const { surroundings, publication, reuse } = options;
  const { head } = compared;
  const { images, config } = head.side;
  const registry = trusting(registryOf({ name: config.registry, surroundings }), publication);
  const all = await isAllFresh(surroundings.env);
  const isAsked = registry !== undefined;
  const wanted = healsItself({ publication, registry })
    ? images.keys()
    : affectedNames(compared.comparison, { all: publication.kind === 'tag' });
  const fingerprints: ReadonlyMap<string, Fingerprint> = isAsked
    ? await fingerprintsAtHead(head, wanted)
    : new Map();
  const say = (line: string) => surroundings.stderr(`${printable(line)}\n`);
  const { unaffected } = compared.comparison;
  const unchanged = await joinUnaffected({ unaffected, images, fingerprints, publication, registry, say });
  const comparison = joinImages(compared.comparison, { joined: unchanged, images });
  const fresh = freshImages(comparison.affected, { all });
  const names = affectedNames(comparison);
  if (registry === undefined || names.length === 0) {
    return { comparison, registryImages: NO_REGISTRY_IMAGES, fresh };
  }
  const asking = { images, fingerprints, ...registry, reuse, say };
  // What was not found a moment ago was looked for under the same tag.
  const isAbsent = (name: string) => unchanged.get(name)?.kind === 'not-published' && reuse !== 'all';
  const reused = await findReused({
    ...asking,
    wanted: names.filter((name) => !fresh.has(name) && !isAbsent(name)),
  });
  const bases = await findBases({
    ...asking,
    built: names.filter((name) => !reused.has(name)),
    affected: new Set(names),
  });
  const whole = joinImages(comparison, { ...bases, images });
  const own = affectedNames(whole).flatMap((name) => {
    const fingerprint = fingerprints.get(name);
    const tags = fingerprint?.known
      ? fingerprintTags(fingerprint, { isProtected: registry.isVerifying })
      : [];
    return tags.length === 0 ? [] : [[name, tags.slice(-1)] as const];
  });
  return {
    comparison: whole,
    registryImages: {
      published: bases.published,
      fingerprintTags: new Map(own),
      reused: new Map([...reused, ...bases.reused]),
    },
    fresh: freshImages(whole.affected, { all }),
  };
}

/**
 * What publishes trusts verified images alone, be its ref protected or not: nobody's candidate gets a tag that people pull.
 * The default branch is where images are verified for all others; a Git tag that anybody may push is not.
 */
function trusting<Registry extends { isProtected: boolean }>(
  registry: Registry | undefined,
  { kind }: Publication,
): (Registry & { isVerifying: boolean }) | undefined {
  if (registry === undefined) return undefined;
  const isVerifying = registry.isProtected || kind === 'default-branch';
  return { ...registry, isProtected: isVerifying || kind === 'tag', isVerifying };
}

async function isAllFresh(env: Surroundings['env']): Promise<boolean> {
  if (!env['AFFECTED_ALL'] && !env['CI_PIPELINE_SOURCE']) return false;
  const { buildsAfresh } = await import('../gitlab/builds-afresh.ts');
  return buildsAfresh(env);
}

function affectedNames({ affected, unaffected }: Comparison, { all = false } = {}): readonly string[] {
  const names = affected.map(({ image }) => image.name);
  return all ? [...names, ...unaffected] : names;
}
