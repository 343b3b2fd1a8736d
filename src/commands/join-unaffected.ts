import type { Reason } from '../affected/reasons.ts';
import type { Fingerprint } from '../fingerprint/fingerprint.ts';
import type { Publication } from '../gitlab/publication.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { fingerprintTags } from '../pipeline/fingerprint-tag.ts';
import type { AskRegistry } from './open-registry.ts';

/**
 * The images that a pipeline publishes though nothing changed them. A Git tag releases every image. On the default branch
 * what is not published joins, so that a build that failed, or was deleted, heals itself; what can't be asked for does not,
 * as nothing says that anything is wrong with it.
 *
 * @param options.unaffected names of the images.
 * @param options.registry where it can be asked.
 */
export async function joinUnaffected(options: {
  unaffected: readonly string[];
  images: ReadonlyMap<string, ResolvedImage>;
  fingerprints: ReadonlyMap<string, Fingerprint>;
  publication: Publication;
  registry: { isProtected: boolean; ask: AskRegistry } | undefined;
  say: (line: string) => void;
}): Promise<ReadonlyMap<string, Reason>> {
  const { unaffected, images, publication, registry, say } = options;
  if (publication.kind === 'tag') {
    const { tag } = publication;
    return new Map(unaffected.map((name) => [name, { kind: 'released', tag }]));
  }
  const joined = new Map<string, Reason>();
  if (registry === undefined || !healsItself({ publication, registry })) return joined;
  const open = unaffected.flatMap((name) => {
    const fingerprint = options.fingerprints.get(name);
    if (!fingerprint?.known) return [];
    const { repository } = (images.get(name) as ResolvedImage).image;
    // Of thousands that nobody builds anything from, the tag has to do.
    return [{ name, repository, tags: fingerprintTags(fingerprint, registry), mustBeWhole: false }];
  });
  if (open.length === 0) return joined;
  const unknown: string[] = [];
  for (const [index, answer] of (await registry.ask(open)).entries()) {
    if (answer.kind === 'unknown') unknown.push(answer.detail);
    if (answer.kind !== 'absent') continue;
    joined.set(open[index]?.name as string, { kind: 'not-published', detail: answer.detail });
  }
  if (unknown.length > 0) {
    const which = unknown.length === 1 ? 'an unaffected image' : `${unknown.length} unaffected images`;
    say(`Nothing is built for want of ${which}, as it can't be known what is published: ${unknown[0]}`);
  }
  return joined;
}

/** Whether images are looked for that nothing changed. */
export function healsItself(options: { publication: Publication; registry: object | undefined }): boolean {
  return options.publication.kind === 'default-branch' && options.registry !== undefined;
}
