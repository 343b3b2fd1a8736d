import type { Change } from '../change.ts';
import type { Widening } from '../images/image.ts';
import type { Affected } from './affected.ts';
import { causesOf, type ChainLink, isKnownCause, shortestChain } from './causes.ts';
import { selectedByDirectory } from './directory-rules.ts';
import type { Reason } from './reasons.ts';
import type { Side } from './side.ts';

/** What a history of comparisons adds up to. A build is one image, or one variant of it, at one commit. */
export interface Tally {
  /** Commits that could be compared, and those of them with something to build. */
  commits: number;
  building: number;
  /** Builds if every commit built every image; if each image's directory decided; and of the affected images. */
  everything: number;
  byDirectory: number;
  affected: number;
  /** Affected images that their directories would not have told; not those of which it is only not known whether they are. */
  missed: number;
  /** Images that their directories would have built, though nothing of theirs changed. */
  needless: number;
  /** For each image that was missed, the newest time; the same of what was needless. */
  missedExamples: ReadonlyMap<string, { commit: string; chain: readonly ChainLink[] }>;
  needlessExamples: ReadonlyMap<string, { commit: string; path: string }>;
  /** For each path that caused builds, at how many commits it did, and how many builds. */
  inputs: ReadonlyMap<string, { commits: number; builds: number }>;
  /** What could not be known: how many commits that widened, and by code and image, the newest of them. */
  widenedCommits: number;
  widenings: ReadonlyMap<string, { widening: Widening; commits: number; commit: string }>;
}

/** Adds comparisons up, newest first. */
export function createTally(): {
  add: (comparison: {
    commit: string;
    changes: readonly Change[];
    head: Pick<Side, 'images'>;
    affected: Affected;
  }) => void;
  tally: Tally;
} {
  const missedExamples = new Map<string, { commit: string; chain: readonly ChainLink[] }>();
  const needlessExamples = new Map<string, { commit: string; path: string }>();
  const inputs = new Map<string, { commits: number; builds: number }>();
  const widenings = new Map<string, { widening: Widening; commits: number; commit: string }>();
  const tally = {
    ...{ commits: 0, building: 0, everything: 0, byDirectory: 0, affected: 0, missed: 0, needless: 0 },
    ...{ missedExamples, needlessExamples, inputs, widenedCommits: 0, widenings },
  };
  return {
    tally,
    add({ commit, changes, head, affected: { affected, widened } }) {
      const paths = changes.map(({ path }) => path);
      const selected = selectedByDirectory(head, paths);
      const causes = causesOf(affected);
      tally.commits += 1;
      if (affected.length > 0) tally.building += 1;
      tally.everything += head.images.size;
      tally.byDirectory += selected.size;
      tally.affected += affected.length;
      for (const { image } of affected) {
        const isKnown = [...(causes.get(image.name) ?? [])].some(isKnownCause);
        if (selected.has(image.name) || !isKnown) continue;
        tally.missed += 1;
        if (missedExamples.has(image.name)) continue;
        missedExamples.set(image.name, { commit, chain: shortestChain(image.name, affected) });
      }
      for (const name of selected) {
        if (causes.has(name)) continue;
        tally.needless += 1;
        if (needlessExamples.has(name)) continue;
        const directory = head.images.get(name)?.image.directory;
        const path = paths.find((each) => directory === '' || each.startsWith(`${directory}/`)) as string;
        needlessExamples.set(name, { commit, path });
      }
      const builds = [...causes.values()].map((reasons) => new Set([...reasons].flatMap(pathsOf)));
      for (const path of new Set(builds.flatMap((found) => [...found]))) {
        const known = inputs.get(path) ?? { commits: 0, builds: 0 };
        const here = builds.filter((found) => found.has(path)).length;
        inputs.set(path, { commits: known.commits + 1, builds: known.builds + here });
      }
      if (widened.length > 0) tally.widenedCommits += 1;
      const kinds = new Map(
        widened.map((widening) => [`${widening.code}\0${widening.image ?? ''}`, widening]),
      );
      for (const [kind, widening] of kinds) {
        const known = widenings.get(kind) ?? { widening, commits: 0, commit };
        widenings.set(kind, { ...known, commits: known.commits + 1 });
      }
    },
  };
}

/** What changed, where that is a path. */
function pathsOf(reason: Reason): string[] {
  if (reason.kind === 'new-image') return [reason.dockerfile];
  return 'path' in reason ? [reason.path] : [];
}
