import type { BaseStrategy } from '../gitlab/environment.ts';
import { widen, type BaseDecision } from './base-decision.ts';
import { findMergeBases } from './history.ts';
import { mergeBaseDecision } from './merge-base-decision.ts';
import { obtainCommit } from './obtain-commit.ts';
import type { Origin, OriginAnswer } from './origin.ts';
import type { Repository } from './repository.ts';
import { resolveRevisions } from './revisions.ts';

interface Situation<Strategy> {
  repository: Repository;
  head: string;
  strategy: Strategy;
  /** `undefined` where there is no remote named origin: then this clone is all there is. */
  origin: Origin | undefined;
}

/** Carries out what the pipeline's variables ask for. Whatever can't be had widens to everything, never an error. */
export async function ciBase(situation: Situation<BaseStrategy>): Promise<BaseDecision> {
  const { strategy } = situation;
  switch (strategy.kind) {
    case 'everything':
      return everything(strategy);
    case 'commit':
      return strategy.mustBeAncestor
        ? ancestor({ ...situation, strategy })
        : exactly({ ...situation, strategy });
    case 'merge-base':
      return mergeBase({ ...situation, strategy });
  }
}

type Kind<Name> = Extract<BaseStrategy, { kind: Name }>;

function everything({ policy, why }: Kind<'everything'>): BaseDecision {
  return policy ? { commits: [], why } : widen('no-base', sentence(why), why);
}

async function exactly({ repository, strategy, origin }: Situation<Kind<'commit'>>): Promise<BaseDecision> {
  const { revision, why } = strategy;
  const obtained = await obtainCommit({ repository, revision, origin });
  if (obtained.ok) return { commits: [obtained.value], why };
  return widen('base-unavailable', `The base ${revision} can't be had: ${obtained.detail}.`, why);
}

/** A branch that was rewritten has another past: what was built then says nothing of what came after. */
async function ancestor(situation: Situation<Kind<'commit'>>): Promise<BaseDecision> {
  const { revision, why } = situation.strategy;
  const found = await findMergeBases({ ...situation, target: revision });
  if (found.commits.includes(revision)) return { commits: [revision], why };
  if (found.certain) {
    return widen(
      'not-an-ancestor',
      `The commit before, ${revision}, is not in this commit's history: the branch was rewritten.`,
      why,
    );
  }
  const failure = found.failure ?? 'it is not in this clone';
  return widen('base-unavailable', `The base ${revision} can't be had: ${failure}.`, why);
}

async function mergeBase(situation: Situation<Kind<'merge-base'>>): Promise<BaseDecision> {
  const { repository, strategy, origin } = situation;
  const { branch, why } = strategy;
  const tip = origin === undefined ? await knownTip(repository, branch) : await origin.branchTip(branch);
  if (!tip.ok) return widen('base-unavailable', sentence(tip.detail), why);
  return mergeBaseDecision({ ...situation, target: tip.value, targetName: branch, why });
}

async function knownTip(repository: Repository, branch: string): Promise<OriginAnswer<string>> {
  const refs = [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`];
  const commit = (await resolveRevisions(repository, refs)).find((found) => found !== undefined);
  if (commit === undefined) return { ok: false, detail: `there is no branch ${branch} and no remote origin` };
  return { ok: true, value: commit };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
