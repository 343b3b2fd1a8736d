import type { AffectedImage } from './affected.ts';
import { isDirect, type Reason } from './reasons.ts';

/** A step on the way from an image to what made it affected. */
export interface ChainLink {
  image: string;
  reason: Reason;
}

/** For each affected image, the reasons it follows from that stand on their own: its own, and those of images it is built from. */
export function causesOf(affected: readonly AffectedImage[]): ReadonlyMap<string, ReadonlySet<Reason>> {
  const dependents = new Map<string, string[]>();
  const causes = new Map<string, Set<Reason>>();
  for (const { image, reasons } of affected) {
    causes.set(image.name, new Set(reasons.filter(isCause)));
    for (const reason of reasons) {
      if (reason.kind !== 'dependency') continue;
      const others = dependents.get(reason.image);
      if (others) others.push(image.name);
      else dependents.set(reason.image, [image.name]);
    }
  }
  for (const { image, reasons } of affected) {
    const own = reasons.filter(isCause);
    if (own.length === 0) continue;
    const reached = new Set(dependents.get(image.name));
    for (const name of reached) {
      for (const cause of own) causes.get(name)?.add(cause);
      for (const dependent of dependents.get(name) ?? []) reached.add(dependent);
    }
  }
  return causes;
}

/** Whether something is known to have changed: an image may be built only because it can't be known that nothing did. */
export function isKnownCause(reason: Reason): boolean {
  return isCause(reason) && reason.kind !== 'unknown' && reason.kind !== 'everything';
}

/** The shortest way from an image to a known cause, or to any cause where there is none. */
export function shortestChain(name: string, affected: readonly AffectedImage[]): readonly ChainLink[] {
  const byName = new Map(affected.map((entry) => [entry.image.name, entry]));
  return chainTo(isKnownCause) ?? chainTo(isCause) ?? [];

  function chainTo(isWanted: (reason: Reason) => boolean): ChainLink[] | undefined {
    const ways = new Map<string, ChainLink[]>([[name, []]]);
    for (const [image, way] of ways) {
      const reasons = byName.get(image)?.reasons ?? [];
      const wanted = reasons.find(isWanted);
      if (wanted) return [...way, { image, reason: wanted }];
      for (const reason of reasons) {
        if (reason.kind !== 'dependency' || ways.has(reason.image)) continue;
        ways.set(reason.image, [...way, { image, reason }]);
      }
    }
    return undefined;
  }
}

function isCause(reason: Reason): boolean {
  return isDirect(reason) || (reason.kind === 'dependency' && reason.removed === true);
}
