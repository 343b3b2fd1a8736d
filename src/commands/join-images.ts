import type { AffectedImage } from '../affected/affected.ts';
import type { Reason } from '../affected/reasons.ts';
import { imageGraph, levelsOf } from '../images/graph.ts';
import type { Widening } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import type { Comparison } from '../render/comparison.ts';

/** Adds images to the affected ones that no change affects, each with its reason. */
export function joinImages(
  comparison: Comparison,
  options: {
    joined: ReadonlyMap<string, Reason>;
    widened?: readonly Widening[];
    images: ReadonlyMap<string, ResolvedImage>;
  },
): Comparison {
  const { joined, widened = [], images } = options;
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
