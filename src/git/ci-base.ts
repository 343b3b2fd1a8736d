import type { BaseStrategy } from '../gitlab/base-strategy.ts';
import type { PublishedImage } from '../gitlab/built-commit.ts';
import {
  type AskLastBuilt,
  type LastBuilt,
  widen,
  type BaseDecision,
  type FoundBase,
} from './base-decision.ts';
import { searchMergeBases } from './history.ts';
import { mergeBaseDecision } from './merge-base-decision.ts';
import { obtainCommit } from './obtain-commit.ts';
import type { Origin, OriginAnswer } from './origin.ts';
import { findPreviousTag } from './previous-tag.ts';
import type { Repository } from './repository.ts';
import { parentsOf, resolveRevisions } from './revisions.ts';
import { runGit } from './run.ts';

interface Situation<Strategy> {
  repository: Repository;
  head: string;
  strategy: Strategy;
  /** `undefined` where there is no remote named origin: then this clone is all there is. */
  origin: Origin | undefined;
  /** `undefined` where GitLab can't be asked. */
  askLastBuilt: AskLastBuilt | undefined;
}

/** Carries out what the pipeline's variables ask for. Whatever can't be had widens to everything, never an error. */
export async function ciBase(situation: Situation<BaseStrategy>): Promise<BaseDecision> {
  const { strategy } = situation;
  switch (strategy.kind) {
    case 'everything':
      return { ...everything(strategy), strategy: strategy.kind };
    case 'commit': {
      const find = strategy.mustBeAncestor ? ancestor : exactly;
      return { ...(await find({ ...situation, strategy })), strategy: strategy.kind };
    }
    case 'merge-base':
      return { ...(await mergeBase({ ...situation, strategy })), strategy: strategy.kind };
    case 'previous-tag':
      return { ...(await previousTag({ ...situation, strategy })), strategy: strategy.kind };
    case 'first-parent':
      return firstParent({ ...situation, strategy });
    case 'last-built':
      return lastBuilt({ ...situation, strategy });
  }
}

type Kind<Name> = Extract<BaseStrategy, { kind: Name }>;

function everything({ policy, why }: Kind<'everything'>): FoundBase {
  return policy ? { commits: [], why } : widen('no-base', sentence(why), why);
}

async function exactly({ repository, strategy, origin }: Situation<Kind<'commit'>>): Promise<FoundBase> {
  const { revision, why } = strategy;
  const obtained = await obtainCommit({ repository, revision, origin });
  if (obtained.ok) return { commits: [obtained.value], why };
  return widen('base-unavailable', `The base ${revision} can't be had: ${obtained.detail}.`, why);
}

/** A branch that was rewritten has another past: what was built then says nothing of what came after. */
async function ancestor(situation: Situation<Kind<'commit'>>): Promise<FoundBase> {
  const { revision, why } = situation.strategy;
  const found = await searchMergeBases({ ...situation, target: revision });
  if (found.commits.includes(revision)) return exactly(situation);
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

/** In merged results pipelines head is a merge that GitLab made; by a fast-forward train it is not. */
async function firstParent(situation: Situation<Kind<'first-parent'>>): Promise<BaseDecision> {
  const { repository, head, strategy } = situation;
  const [parent, second] = await parentsOf(repository, head);
  if (parent === undefined || second === undefined) {
    return ciBase({ ...situation, strategy: strategy.otherwise });
  }
  const { why } = strategy;
  const found = await exactly({
    ...situation,
    strategy: { kind: 'commit', revision: parent, mustBeAncestor: false, why },
  });
  return { ...found, strategy: strategy.kind };
}

/** Without anybody to ask, the next best commit; where there is and the answer is no, no other can be trusted. */
async function lastBuilt(situation: Situation<Kind<'last-built'>>): Promise<BaseDecision> {
  const { repository, head, strategy } = situation;
  const { branch, otherwise, why } = strategy;
  const answer: LastBuilt = (await situation.askLastBuilt?.({
    branch,
    history: await recentHistory(repository, head),
    isAncestor: (commit) => isInHistory(situation, commit),
  })) ?? { kind: 'unasked', detail: 'CI_API_V4_URL and CI_PROJECT_ID are not set' };
  switch (answer.kind) {
    case 'built': {
      const built = {
        kind: 'commit',
        revision: answer.commit,
        mustBeAncestor: false,
        why: answer.why,
      } as const;
      const published = answer.published ?? unknownOf(strategy, answer);
      return {
        ...(await exactly({ ...situation, strategy: built })),
        strategy: strategy.kind,
        ...(published.length === 0 ? {} : { published }),
      };
    }
    case 'none':
      return otherwise.kind === 'everything' && otherwise.policy
        ? { ...everything(otherwise), why: `${otherwise.why}; ${answer.detail}`, strategy: strategy.kind }
        : { ...widen('not-built', sentence(answer.detail), why), strategy: strategy.kind };
    case 'unasked': {
      const next = await ciBase({ ...situation, strategy: otherwise });
      return { ...next, why: `${next.why}; which commit was built last is not known: ${answer.detail}` };
    }
  }
}

/** Where one file is all that is known, the push before may have built some of its images, and failed to build others. */
function unknownOf(
  { otherwise }: Kind<'last-built'>,
  { commit, pipeline }: Extract<LastBuilt, { kind: 'built' }>,
): readonly PublishedImage[] {
  const isKnown = pipeline !== undefined || otherwise.kind !== 'commit' || otherwise.revision === commit;
  return isKnown ? [] : [{ commit: otherwise.revision }];
}

/** Pipelines of commits that lie further back are too old to look for in most repositories. */
const RECENT = 2_000;

/** Newest first: no commit before its descendants. */
async function recentHistory(repository: Repository, head: string): Promise<readonly string[]> {
  const args = ['rev-list', '--topo-order', `--max-count=${RECENT}`, head];
  const { stdout } = await runGit({ cwd: repository.root, args });
  return stdout.toString('latin1').split('\n').slice(0, -1);
}

async function isInHistory(situation: Situation<unknown>, commit: string): Promise<boolean | undefined> {
  if (commit === situation.head) return true;
  const { commits, certain } = await searchMergeBases({ ...situation, target: commit });
  if (commits.includes(commit)) return true;
  return certain ? false : undefined;
}

async function previousTag(situation: Situation<Kind<'previous-tag'>>): Promise<FoundBase> {
  const { why } = situation.strategy;
  const found = await findPreviousTag(situation);
  if (!found.ok) return widen('base-unavailable', sentence(found.detail), why);
  if (found.value === undefined) return { commits: [], why: "no tag is in this commit's history" };
  return { commits: [found.value.commit], why: `${why}: ${found.value.tag}` };
}

async function mergeBase(situation: Situation<Kind<'merge-base'>>): Promise<FoundBase> {
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
