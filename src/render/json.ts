import { displayDirectory } from '../images/image.ts';
import type { Comparison } from './comparison.ts';
import { printableJson } from './printable.ts';

/** The comparison as one JSON document; its fields are documented in the README. */
export function renderJson(comparison: Comparison): string {
  const { base, head, baseWhy, changedPaths, workingTree, removed, widened, unaffected, unowned } =
    comparison;
  const affected = comparison.affected.map(({ image, reasons, dependsOn }) => ({
    name: image.name,
    // Left out where there is none, as JSON does.
    variant: image.variant,
    directory: displayDirectory(image.directory),
    dockerfile: image.dockerfile,
    reasons,
    dependsOn,
  }));
  return printableJson({
    base,
    head,
    baseWhy,
    changedPaths,
    workingTree,
    affected,
    unaffected,
    removed,
    widened,
    unowned,
  });
}
