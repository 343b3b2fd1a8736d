import { AffectedError } from '../errors.ts';
import type { ResolvedImage } from './resolve.ts';

/** The images each image needs, by name; names without an image are left out. */
export type ImageGraph = ReadonlyMap<string, readonly string[]>;

/** Of a side's images, which never change; asked for more than once in most runs. */
export function imageGraph(images: ReadonlyMap<string, ResolvedImage>): ImageGraph {
  const known = graphs.get(images);
  if (known) return known;
  const graph = new Map<string, readonly string[]>();
  // Images that share an outline share their dependencies.
  const found = new Map<ResolvedImage['dependencies'], readonly string[]>();
  for (const [name, { dependencies }] of images) {
    const needed = found.get(dependencies) ?? neededBy(dependencies, images);
    found.set(dependencies, needed);
    graph.set(name, needed);
  }
  graphs.set(images, graph);
  return graph;
}

function neededBy(
  dependencies: ResolvedImage['dependencies'],
  images: ReadonlyMap<string, ResolvedImage>,
): readonly string[] {
  const needed = dependencies.map(({ image }) => image).filter((image) => images.has(image));
  return needed.length < 2 ? needed : [...new Set(needed)].sort();
}

const graphs = new WeakMap<ReadonlyMap<string, ResolvedImage>, ImageGraph>();

/** The same edges the other way round: for each image that others need, these. */
export function dependentsOf(graph: ImageGraph): ImageGraph {
  const known = reversed.get(graph);
  if (known) return known;
  const dependents = new Map<string, string[]>();
  for (const [name, needed] of graph) {
    for (const image of needed) {
      const others = dependents.get(image);
      if (others) others.push(name);
      else dependents.set(image, [name]);
    }
  }
  reversed.set(graph, dependents);
  return dependents;
}

const reversed = new WeakMap<ImageGraph, ImageGraph>();

/**
 * Each image's level: 0 for one that needs no other, else one more than the last image it needs. A walk that keeps its
 * own stack, so that no depth of graph can overflow the program's.
 *
 * @throws AffectedError `cycle` naming the images of one cycle.
 */
export function levelsOf(graph: ImageGraph): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const name of graph.keys()) {
    // An image, one that it needs, and so on, as far as no level is known.
    const path = new Set([name]);
    const walk = [name];
    for (let image = walk.at(-1); image !== undefined; image = walk.at(-1)) {
      const needed = graph.get(image) ?? NONE;
      const next = needed.find((each) => !levels.has(each));
      if (next === undefined) {
        levels.set(
          image,
          needed.reduce((level, each) => Math.max(level, (levels.get(each) as number) + 1), 0),
        );
        walk.pop();
        continue;
      }
      if (path.has(next)) throw cycleError(walk.slice(walk.indexOf(next)));
      path.add(next);
      walk.push(next);
    }
  }
  return levels;
}

const NONE: readonly string[] = [];

/**
 * Build order in levels, names in order within a level.
 *
 * @throws AffectedError `cycle`.
 */
export function buildLevels(graph: ImageGraph): readonly (readonly string[])[] {
  const levels: string[][] = [];
  for (const [name, level] of levelsOf(graph)) (levels[level] ??= []).push(name);
  return levels.map((names) => names.sort());
}

function cycleError(images: readonly string[]): AffectedError {
  return new AffectedError(
    'cycle',
    `The images need each other in a cycle: ${[...images, images[0]].join(' → ')}; remove one of these references`,
  );
}
