import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runGit } from './run.ts';

export interface MergeBases {
  /** Commit ids, git's first choice first; none where the histories share nothing. */
  commits: string[];
  /** False in a shallow clone whose history is cut where a better merge base, or any at all, may lie behind the cut. */
  certain: boolean;
}

/**
 * All best common ancestors of two commits. There can be several after branches were merged into each other
 * ("criss-cross"). A path that a merge of `one` and `other` would change differs from at least one of them, not
 * from each: whoever wants to miss nothing compares with all of them.
 */
export async function mergeBases(options: {
  repository: { root: string; shallow: boolean };
  one: string;
  other: string;
}): Promise<MergeBases> {
  const { repository, one, other } = options;
  const args = ['merge-base', '--all', one, other];
  const { stdout } = await runGit({ cwd: repository.root, args, okExitCodes: [0, 1] });
  const commits = linesOf(stdout);
  return {
    commits,
    certain: !repository.shallow || !(await mayHideMore({ repository, one, other, commits })),
  };
}

/** Whether some history of the tips that is not also history of the bases is cut: there, git shows no parents. */
async function mayHideMore(options: {
  repository: { root: string };
  one: string;
  other: string;
  commits: readonly string[];
}): Promise<boolean> {
  const { repository, one, other, commits } = options;
  // There is no better common ancestor than one of the two.
  if (commits.includes(one) || commits.includes(other)) return false;
  const args = ['rev-list', '--max-parents=0', one, other, '--not', ...commits];
  const { stdout } = await runGit({ cwd: repository.root, args });
  const ends = linesOf(stdout);
  if (ends.length === 0) return false;
  // The first commit of a history that was merged in has no parents either, however deep one looks.
  const cuts = await readCuts(repository);
  return ends.some((commit) => cuts.has(commit));
}

/** The commits whose parents git leaves out of a shallow repository. */
export async function readCuts(repository: { root: string }): Promise<ReadonlySet<string>> {
  const { stdout } = await runGit({ cwd: repository.root, args: ['rev-parse', '--git-path', 'shallow'] });
  const path = resolve(repository.root, stdout.toString('utf8').replace(/\n$/, ''));
  return new Set(existsSync(path) ? linesOf(readFileSync(path)) : []);
}

function linesOf(text: Buffer): string[] {
  return text.toString('utf8').split('\n').slice(0, -1);
}
