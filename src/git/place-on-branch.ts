import { lookDeeper } from './look-deeper.ts';
import { readCuts } from './merge-bases.ts';
import type { Origin, OriginAnswer } from './origin.ts';
import type { Repository } from './repository.ts';
import { findRevision } from './revisions.ts';
import { runGit } from './run.ts';

/** A commit among those of a branch, as origin has it now. */
export interface PlaceOnBranch {
  /** False where the branch was pushed back behind it, or elsewhere. */
  onBranch: boolean;
  /** Those of the branch that are not in its history, the newest first. */
  newer: readonly string[];
}

/**
 * Where a commit stands on a branch of origin. As much history as it takes is fetched, beside the clone, files left out.
 *
 * @param options.asked The commits that it matters of whether they are newer: for these the answer is certain, however
 *   shallow the clone.
 */
export async function placeOnBranch(options: {
  repository: Repository;
  commit: string;
  branch: string;
  origin: Origin;
  asked: ReadonlySet<string>;
}): Promise<OriginAnswer<PlaceOnBranch>> {
  const { repository, commit, branch, origin, asked } = options;
  const tip = await origin.branchTip(branch);
  if (!tip.ok) return tip;
  if (tip.value === commit) return { ok: true, value: { onBranch: true, newer: [] } };
  const known = await Promise.all([tip.value, commit].map((one) => findRevision(repository, one)));
  const question = { commit, tip: tip.value, asked };
  if (!known.includes(undefined)) {
    const here = await lookUp(repository, question);
    if (here) return { ok: true, value: here };
  }
  return lookDeeper({
    repository,
    head: known[1] ?? 'HEAD',
    tips: [tip.value, commit],
    origin,
    look: (history) => lookUp(history, question),
  });
}

interface Question {
  commit: string;
  tip: string;
  asked: ReadonlySet<string>;
}

/** `undefined` where a cut of the history may hide what matters. */
async function lookUp(
  history: { root: string; shallow: boolean },
  { commit, tip, asked }: Question,
): Promise<PlaceOnBranch | undefined> {
  const newer = await list(history, [tip, `^${commit}`]);
  const cuts = history.shallow ? await readCuts(history) : new Set<string>();
  // Behind a cut there may be more of them, and the commit itself.
  if (newer.some((one) => cuts.has(one))) return undefined;
  const onBranch = await isAncestor(history, commit, tip);
  const matter = newer.filter((one) => asked.has(one));
  if (cuts.size > 0 && matter.length > 0 && (await isCut(history, commit, cuts))) {
    // One that looks newer may be an older one, which is reached behind the cut; what descends from the commit is not.
    const after = new Set(await list(history, ['--ancestry-path', tip, `^${commit}`]));
    if (!matter.every((one) => after.has(one))) return undefined;
  }
  return { onBranch, newer };
}

async function isCut(history: { root: string }, commit: string, cuts: ReadonlySet<string>): Promise<boolean> {
  return (await list(history, ['--max-parents=0', commit])).some((one) => cuts.has(one));
}

async function list({ root }: { root: string }, args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runGit({ cwd: root, args: ['rev-list', '--topo-order', ...args], bulk: true });
  return stdout.toString('latin1').split('\n').slice(0, -1);
}

async function isAncestor({ root }: { root: string }, older: string, newer: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', older, newer];
  return (await runGit({ cwd: root, args, okExitCodes: [0, 1] })).exitCode === 0;
}
