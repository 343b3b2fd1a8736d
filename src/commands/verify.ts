import { AffectedError } from '../errors.ts';
import { type ComparableSide, type Difference, differences } from '../fingerprint/differences.ts';
import { readTree } from '../git/read-tree.ts';
import { type CommitWithParent, nothingTo, recentCommits } from '../git/recent-commits.ts';
import { resolveRevision } from '../git/revisions.ts';
import {
  type Disagreement,
  renderVerification,
  renderVerificationJson,
  type Verification,
} from '../render/verification.ts';
import type { CommandFunction, CommandOptions } from '../run.ts';
import { compare } from './compare.ts';
import { loadConfigFile } from './load-config.ts';
import { createFingerprinter, type FingerprintCommit } from './load-fingerprints.ts';
import type { Location } from './locate.ts';
import { judge, type Verdict } from './verdict.ts';

/** These say nothing about one commit: no other would fare better. */
const NOT_OF_A_COMMIT = new Set(['git-missing', 'git-failed', 'unreadable-config']);

/** `affected verify`: answers held against fingerprints; exit 1 where they disagree, 2 where nothing was compared. */
export const verify: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  const location = await options.location;
  const override = values.config ? await loadConfigFile(surroundings.cwd, values.config) : undefined;
  const fingerprint = keepingLast(createFingerprinter({ repository: location.repository, override }));
  const pairs = (await pairsOf(location, values)).toReversed();
  if (pairs.length === 0) throw nothingTo('verify', values.range ?? values.head ?? 'HEAD');
  const isOne = values.base !== undefined;
  const verdicts: VerifiedPair[] = [];
  const refused: Verification['refused'][number][] = [];
  for (const pair of pairs) {
    try {
      verdicts.push(await verifyPair({ pair, location, fingerprint, options }));
    } catch (error) {
      if (isOne || !(error instanceof AffectedError) || NOT_OF_A_COMMIT.has(error.code)) throw error;
      refused.push({ commit: pair.commit, message: error.lines[0] ?? error.code });
    }
  }
  const verification: Verification = { ...sumOf(verdicts), refused };
  surroundings.stdout((values.json ? renderVerificationJson : renderVerification)(verification));
  if (verification.images === 0) return 2;
  return verification.disagreements.length === 0 ? 0 : 1;
};

async function pairsOf(
  { repository, commit }: Location,
  { base, range, commits, head }: CommandOptions['values'],
): Promise<readonly CommitWithParent[]> {
  if ([base, range, commits].filter((value) => value !== undefined).length !== 1) {
    throw new AffectedError('usage', 'affected verify takes one of --base, --range and --commits');
  }
  if (base !== undefined) {
    return [{ commit, parent: await resolveRevision({ repository, revision: base, option: '--base' }) }];
  }
  if (commits !== undefined) {
    if (!/^[1-9]\d{0,8}$/.test(commits)) {
      throw new AffectedError('usage', `--commits ${JSON.stringify(commits)}: write a number of commits`);
    }
    return recentCommits({ repository, from: commit, count: Number(commits) });
  }
  if (head !== undefined) {
    throw new AffectedError('usage', '--head does not go with --range, which names both ends');
  }
  const [from = '', to = '.', ...more] = (range as string).split('..');
  if (from === '' || to.startsWith('.') || more.length > 0) {
    throw new AffectedError('usage', `--range ${JSON.stringify(range)}: write A..B, such as main..HEAD`);
  }
  const [without, newest] = (await Promise.all(
    [from, to || 'HEAD'].map((revision) => resolveRevision({ repository, revision, option: '--range' })),
  )) as [string, string];
  return recentCommits({ repository, from: newest, without });
}

interface VerifiedPair extends Verdict, CommitWithParent {
  images: number;
  affected: number;
  changedPaths: readonly string[];
}

async function verifyPair(options: {
  pair: CommitWithParent;
  location: Location;
  fingerprint: FingerprintCommit;
  options: CommandOptions;
}): Promise<VerifiedPair> {
  const { location, pair, fingerprint } = options;
  const { commit, parent } = pair;
  const listing = readTree(location.repository, commit);
  const { comparison, changes } = await compare({
    ...options.options,
    values: { ...options.options.values, base: parent, head: commit },
    location: Promise.resolve({ ...location, commit, listing }),
    includeWorkingTree: false,
    isHistory: true,
  });
  const head = await fingerprint(commit);
  const base = await fingerprint(parent).catch(unreadable);
  const verdict = judge({ affected: comparison.affected, differences: differencesFrom(base, head) });
  return {
    ...verdict,
    ...pair,
    images: head.images.size,
    affected: comparison.affected.length,
    changedPaths: changes.map(({ path }) => path).sort(),
  };
}

/** A base that a person can't mend any more. */
function unreadable(error: unknown): AffectedError {
  if (error instanceof AffectedError && !NOT_OF_A_COMMIT.has(error.code)) return error;
  throw error;
}

function differencesFrom(
  base: ComparableSide | AffectedError,
  head: ComparableSide,
): ReadonlyMap<string, Difference> {
  if (!(base instanceof AffectedError)) return differences(base, head);
  const detail = `the base can't be read: ${base.message}`;
  return new Map([...head.images.keys()].map((name) => [name, { kind: 'unknown', detail }]));
}

/** As many commits as are likely to be parents of the next ones. */
const MOST_KEPT = 4;

/** Most commits are the parent of the next one. */
function keepingLast(fingerprint: FingerprintCommit): FingerprintCommit {
  const kept = new Map<string, ReturnType<FingerprintCommit>>();
  return (commit) => {
    const found = kept.get(commit) ?? fingerprint(commit);
    kept.delete(commit);
    kept.set(commit, found);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return found;
  };
}

function sumOf(verdicts: readonly VerifiedPair[]): Omit<Verification, 'refused'> {
  const total = (value: (verdict: VerifiedPair) => number) =>
    verdicts.reduce((sum, verdict) => sum + value(verdict), 0);
  const surplus: Record<string, number> = {};
  for (const kind of verdicts.flatMap((verdict) => verdict.surplus).sort()) {
    surplus[kind] = (surplus[kind] ?? 0) + 1;
  }
  const disagreements = verdicts.flatMap(({ parent, commit, changedPaths, ...verdict }): Disagreement[] =>
    verdict.disagreements.map((found) => ({ base: parent, commit, ...found, changedPaths })),
  );
  return {
    commits: verdicts.length,
    images: total(({ images }) => images),
    affected: total(({ affected }) => affected),
    changed: total(({ changed }) => changed),
    surplus,
    disagreements: disagreements.sort((a, b) => a.changedPaths.length - b.changedPaths.length),
  };
}
