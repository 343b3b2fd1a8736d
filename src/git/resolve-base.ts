import type { BasePolicy, BaseStrategy } from '../gitlab/base-strategy.ts';
import type { Environment } from '../gitlab/variables.ts';
import type { AskLastBuilt, BaseDecision } from './base-decision.ts';
import { ciBase } from './ci-base.ts';
import { localTarget } from './local-base.ts';
import { mergeBaseDecision } from './merge-base-decision.ts';
import { obtainCommit } from './obtain-commit.ts';
import { openOrigin, type Origin } from './origin.ts';
import { originUrl, type Repository } from './repository.ts';
import { unknownRevision } from './revisions.ts';

export type { BaseDecision } from './base-decision.ts';

interface BaseOptions {
  repository: Repository;
  /** Commit id of head. */
  head: string;
  /** Ids of commits that are known by the names a person may have used. */
  named?: ReadonlyMap<string, string>;
  /** `--since`: compare with the merge base of this revision and head. */
  since?: string | undefined;
  /** `--base`: compare with exactly this revision. Counts more than `since`. */
  base?: string | undefined;
  /** What the config says, read only where it matters; its target branch where neither CI nor origin tells one. */
  settings: () => Promise<{ targetBranch?: string | undefined; base: BasePolicy }>;
  /** Asks GitLab which commit of a branch was built last. */
  askLastBuilt?: AskLastBuilt | undefined;
  env: Environment;
  /** Is told each command that asks origin, a line each. */
  say: (line: string) => void;
  /** Time for everything that is asked of origin, in milliseconds. */
  budgetMs?: number;
}

/**
 * Decides which commit head is compared with: the revision a person named, else what the pipeline's variables say,
 * else origin's default branch, else the configured one. Only in CI is anything fetched from origin.
 *
 * @throws {AffectedError} `unknown-revision` for what a person named wrongly; `no-target` or `unknown-target` outside
 *   CI when no branch tells. What can't be known for want of history or network widens instead.
 */
export async function resolveBase(options: BaseOptions): Promise<BaseDecision> {
  const { repository, head, since, base } = options;
  const origin = await originInCi(options);
  if (base !== undefined) {
    const commit = await idOf({ ...options, revision: base, option: '--base', origin });
    return { commits: [commit], why: `--base ${base}`, strategy: 'named' };
  }
  if (since !== undefined) {
    const target = await idOf({ ...options, revision: since, option: '--since', origin });
    const why = `merge base with ${since} (--since)`;
    const found = await mergeBaseDecision({ repository, head, target, targetName: since, origin, why });
    return { ...found, strategy: 'named' };
  }
  const strategy = await strategyOf(options);
  if (strategy !== undefined) {
    return ciBase({ repository, head, strategy, origin, askLastBuilt: options.askLastBuilt });
  }
  const target = await localTarget(repository, async () => (await options.settings()).targetBranch);
  const why = `merge base with ${target.name}`;
  const asked = { repository, head, target: target.commit, targetName: target.name, origin, why };
  return { ...(await mergeBaseDecision(asked)), strategy: 'merge-base' };
}

const DEFAULT_BUDGET_MS = 120_000;

/** A person's own clone is not touched, and no passphrase asked for, by a command that only looks. */
async function originInCi(options: BaseOptions): Promise<Origin | undefined> {
  const { repository, env, say, budgetMs = DEFAULT_BUDGET_MS } = options;
  if (!CI_VARIABLES.some((name) => env[name])) return undefined;
  if ((await originUrl(repository)) === undefined) return undefined;
  return openOrigin({ root: repository.root, budgetMs, say });
}

const CI_VARIABLES = ['CI', 'GITLAB_CI', 'CI_PIPELINE_SOURCE'];

/** Loaded where it is needed only, because reading the variables loads a library. */
async function strategyOf({ env, settings }: BaseOptions): Promise<BaseStrategy | undefined> {
  const isAsked = [...CI_VARIABLES, 'AFFECTED_ALL', 'AFFECTED_BASE'].some((name) => env[name]);
  if (!isAsked) return undefined;
  const { baseStrategy } = await import('../gitlab/base-strategy.ts');
  return baseStrategy(env, (await settings()).base);
}

/** @throws {AffectedError} `unknown-revision`, also where origin could not be asked: the person can name another. */
async function idOf(options: {
  repository: Repository;
  named?: ReadonlyMap<string, string>;
  revision: string;
  option: string;
  origin: Origin | undefined;
}): Promise<string> {
  const known = options.named?.get(options.revision);
  if (known !== undefined) return known;
  const obtained = await obtainCommit(options);
  if (obtained.ok) return obtained.value;
  throw await unknownRevision({
    ...options,
    ...(options.origin === undefined ? {} : { detail: obtained.detail }),
  });
}
