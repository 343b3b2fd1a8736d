import type { Change } from '../change.ts';
import { imageGraph, levelsOf } from '../images/graph.ts';
import { displayDirectory, type Image, type Widening } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { directReasons } from './direct-reasons.ts';
import type { KeyChanges } from './key-changes.ts';
import type { Reason } from './reasons.ts';
import { type BuildRequest, requestedImages } from './requests.ts';
import type { Side, TemplateUses } from './side.ts';
import { type UnownedSettings, unownedPaths } from './unowned.ts';

/** An image to build, with all its reasons: direct ones first, then the affected images it is built from. */
export interface AffectedImage {
  image: Image;
  reasons: readonly Reason[];
  /** Names of the images it is built from at the head, affected or not. */
  dependsOn: readonly string[];
  /** 0 for an image that needs no other, else one more than the last image it needs. */
  level: number;
}

export interface Affected {
  /** In build order: by level, then by name. */
  affected: readonly AffectedImage[];
  /** Images of the base that the head no longer has; they get no job. */
  removed: readonly { name: string; directory: string }[];
  widened: readonly Widening[];
  /** The changed paths that belong to no image, sorted; none where there is nothing to compare with. */
  unowned: readonly string[];
}

/**
 * The images a set of changes affects: those with an input among the changed paths, at the base or at the head,
 * and everything built from them. Where the policy says so, a changed path that belongs to no image affects them all.
 *
 * @param options.base undefined when there is nothing to compare with: then all images are affected, for the reason
 *   `everything` gives.
 * @throws AffectedError `cycle` when the head's images need each other in a cycle.
 */
export function findAffected(options: {
  changes: readonly Change[];
  base: Side | undefined;
  head: Side;
  everything: string | undefined;
  widened: readonly Widening[];
  templateUses: TemplateUses;
  unowned: UnownedSettings;
  keyChanges: KeyChanges;
  /** What a person asked for. One that names no image here means all of them. */
  requests?: readonly BuildRequest[];
}): Affected {
  const { base, head, changes, templateUses, keyChanges } = options;
  const levels = levelsOf(imageGraph(head.images));
  const { reasons, inputOfNone } = base
    ? directReasons({ changes, base, head, templateUses, keyChanges })
    : { reasons: new Map<string, Reason[]>(), inputOfNone: [] };
  const unowned = base ? unownedPaths(inputOfNone, { base, head, isKnown: options.unowned.isKnown }) : [];
  const [path] = unowned;
  if (path !== undefined && options.unowned.policy === 'all') {
    const reason: Reason = { kind: 'unowned', path, count: unowned.length };
    for (const name of head.images.keys()) reasons.set(name, [...(reasons.get(name) ?? []), reason]);
  }
  if (options.everything !== undefined) {
    const everything: Reason = { kind: 'everything', detail: options.everything };
    for (const name of head.images.keys()) reasons.set(name, [everything, ...(reasons.get(name) ?? [])]);
  }
  const { requested, widened } = requestedImages(options.requests ?? [], head.images);
  for (const [name, found] of requested) reasons.set(name, [...(reasons.get(name) ?? []), ...found]);
  const removed = base ? removedImages(base, head) : [];
  spread({ reasons, base, head, removed: removed.map(({ name }) => name) });
  const affected = [...reasons].map(([name, found]): AffectedImage => {
    const resolved = head.images.get(name) as ResolvedImage;
    return {
      image: resolved.image,
      reasons: found,
      dependsOn: needs(resolved, head),
      level: levels.get(name) ?? 0,
    };
  });
  return {
    affected: affected.sort((a, b) => a.level - b.level || (a.image.name < b.image.name ? -1 : 1)),
    removed,
    widened: [...options.widened, ...widened, ...imageWidenings({ base, head, affected: reasons })],
    unowned,
  };
}

function needs(resolved: ResolvedImage, head: Side): readonly string[] {
  const names = new Set(
    resolved.dependencies.map(({ image }) => image).filter((name) => head.images.has(name)),
  );
  return [...names].sort();
}

const NONE: readonly Widening[] = [];

/** What could not be known on either side about an image that is still there, each thing once. */
function imageWidenings(options: {
  base: Side | undefined;
  head: Side;
  affected: ReadonlyMap<string, unknown>;
}): readonly Widening[] {
  const { base, head, affected } = options;
  const widenings = new Map<string, Widening>();
  for (const [name, { widenings: found, unknownSources }] of head.images) {
    const before = base?.images.get(name)?.widenings ?? NONE;
    const overestimated = affected.has(name) ? unknownSources : NONE;
    if (found.length + before.length + overestimated.length === 0) continue;
    for (const widening of [...found, ...before, ...overestimated]) {
      widenings.set(JSON.stringify(widening), widening);
    }
  }
  return [...widenings.values()];
}

function removedImages(base: Side, head: Side): { name: string; directory: string }[] {
  return [...base.images.values()]
    .filter(({ image }) => !head.images.has(image.name))
    .map(({ image }) => ({ name: image.name, directory: displayDirectory(image.directory) }));
}

/** Hands each affected or removed image on to the images built from it, at the base or at the head. */
function spread(options: {
  reasons: Map<string, Reason[]>;
  base: Side | undefined;
  head: Side;
  removed: readonly string[];
}): void {
  const { reasons, base, head } = options;
  const removed = new Set(options.removed);
  const dependents = uniteDependents(base, head);
  const queue = [...removed, ...reasons.keys()];
  for (const name of queue) {
    for (const image of [...(dependents.get(name) ?? [])].sort()) {
      if (!head.images.has(image)) continue;
      const known = reasons.get(image);
      const instruction = edgeInstruction([head, base], image, name);
      const reason: Reason = { kind: 'dependency', image: name, instruction };
      const found = removed.has(name) ? { ...reason, removed: true as const } : reason;
      if (known) known.push(found);
      else {
        reasons.set(image, [found]);
        queue.push(image);
      }
    }
  }
}

/** For each image, who is built from it on either side. */
function uniteDependents(base: Side | undefined, head: Side): ReadonlyMap<string, ReadonlySet<string>> {
  const dependents = new Map<string, Set<string>>();
  for (const side of base && base.images !== head.images ? [head, base] : [head]) {
    for (const [image, resolved] of side.images) {
      if (side !== head && resolved === head.images.get(image)) continue;
      for (const { image: needed } of resolved.dependencies) {
        const known = dependents.get(needed);
        if (known) known.add(image);
        else dependents.set(needed, new Set([image]));
      }
    }
  }
  return dependents;
}

/** By which instruction an image needs another: the head's, where it still does. */
function edgeInstruction(sides: readonly (Side | undefined)[], image: string, needed: string): string {
  for (const side of sides) {
    const edge = side?.images.get(image)?.dependencies.find((dependency) => dependency.image === needed);
    if (edge) return edge.instruction;
  }
  throw new Error(`${image} does not need ${needed}`);
}
