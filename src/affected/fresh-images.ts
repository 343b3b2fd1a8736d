import type { AffectedImage } from './affected.ts';

/**
 * The images that are built afresh on purpose, whatever was built before: those that a person asked for, and all that is
 * built on them, which would else be built on what is there already.
 *
 * @param affected in build order.
 * @param options.all whether the pipeline builds everything afresh.
 */
export function freshImages(
  affected: readonly AffectedImage[],
  { all }: { all: boolean },
): ReadonlySet<string> {
  const fresh = new Set<string>();
  for (const { image, reasons, dependsOn } of affected) {
    const isAsked = reasons.some((reason) => reason.kind === 'requested' && reason.again !== true);
    if (all || isAsked || dependsOn.some((name) => fresh.has(name))) fresh.add(image.name);
  }
  return fresh;
}
