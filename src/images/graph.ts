import { AffectedError } from '../errors.ts';
import type { ResolvedImage } from './resolve.ts';

/** The images each image needs, by name; names without an image are left out. */
export type ImageGraph = ReadonlyMap<string, readonly string[]>;

/** Of a side's images, which never change; asked for more than once in most runs. */
export function imageGraph(images: ReadonlyMap<string, ResolvedImage>): ImageGraph {
  const known = graphs.get(images);
  if (known) return known;
  const graph = new Map<string, readonly string[]>();
  for (const [name, { dependencies }] of images) {
    const needed = dependencies.map(({ image }) => image).filter((image) => images.has(image));
    graph.set(name, needed.length < 2 ? needed : [...new Set(needed)].sort());
  }
  graphs.set(images, graph);
  return graph;
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
 * Build order in levels: an image stands one level after the last image it needs, names in order within a level.
 * Kahn's algorithm, so that no depth of graph can overflow the stack.
 *
 * @throws AffectedError `cycle` naming the images of one cycle.
 */
export function buildLevels(graph: ImageGraph): readonly (readonly string[])[] {
  const dependents = dependentsOf(graph);
  const waiting = new Map([...graph].map(([name, needed]) => [name, needed.length]));
  const levels: string[][] = [];
  let placed = 0;
  let level = [...graph.keys()].filter((name) => waiting.get(name) === 0).sort();
  while (level.length > 0) {
    levels.push(level);
    placed += level.length;
    const next: string[] = [];
    for (const name of level) {
      for (const dependent of dependents.get(name) ?? []) {
        const left = (waiting.get(dependent) ?? 0) - 1;
        waiting.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    level = next.sort();
  }
  if (placed < graph.size) throw cycleError(graph, waiting);
  return levels;
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
