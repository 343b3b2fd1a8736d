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
 * Each image's level: 0 for one that needs no other, else one more than the last image it needs. Kahn's algorithm, so
 * that no depth of graph can overflow the stack.
 *
 * @throws AffectedError `cycle` naming the images of one cycle.
 */
export function levelsOf(graph: ImageGraph): ReadonlyMap<string, number> {
  const dependents = dependentsOf(graph);
  const levels = new Map<string, number>();
  const waiting = new Map<string, number>();
  const queue: string[] = [];
  for (const [name, needed] of graph) {
    if (needed.length === 0) queue.push(name);
    else waiting.set(name, needed.length);
  }
  for (const name of queue) levels.set(name, 0);
  // What needs an image is placed by the last one it waits for, which stands highest: the queue is in order of levels.
  for (const name of queue) {
    for (const dependent of dependents.get(name) ?? []) {
      const left = (waiting.get(dependent) as number) - 1;
      waiting.set(dependent, left);
      if (left > 0) continue;
      levels.set(dependent, (levels.get(name) as number) + 1);
      queue.push(dependent);
    }
  }
  if (levels.size < graph.size) throw cycleError(graph, waiting);
  return levels;
}

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

function cycleError(graph: ImageGraph, waiting: ReadonlyMap<string, number>): AffectedError {
  const isStuck = (name: string) => (waiting.get(name) ?? 0) > 0;
  // Every image that is stuck needs another one that is; walking on must come back to one already seen.
  const walk = [[...graph.keys()].filter(isStuck).sort()[0] as string];
  for (;;) {
    const next = (graph.get(walk.at(-1) as string) ?? []).find(isStuck) as string;
    const seen = walk.indexOf(next);
    walk.push(next);
    if (seen === -1) continue;
    const cycle = walk.slice(seen).join(' → ');
    return new AffectedError(
      'cycle',
      `The images need each other in a cycle: ${cycle}; remove one of these references`,
    );
  }
}
