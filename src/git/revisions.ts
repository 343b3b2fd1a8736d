import { AffectedError } from '../errors.ts';
import { runGit } from './run.ts';
import { parseCommit } from './trailers.ts';

/**
 * The commit ids that revisions name (branches, tags, ids, `HEAD~3`, …), `undefined` where there is no such commit.
 * They reach git on its standard input, one a line, so that no name can be an option or anything else.
 */
export async function resolveRevisions(
  repository: { root: string },
  revisions: readonly string[],
): Promise<(string | undefined)[]> {
  const asked = revisions.filter(isOneLine);
  const input = asked.map((revision) => `${revision}^{commit}\n`).join('');
  const { stdout } = await runGit({ cwd: repository.root, args: ['cat-file', '--batch-check'], input });
  const lines = stdout.toString('utf8').split('\n');
  const commits = new Map(asked.map((revision, index) => [revision, commitOf(lines[index] as string)]));
  return revisions.map((revision) => commits.get(revision));
}

/** A commit's parents, also where a shallow clone does not have them. */
export async function parentsOf(repository: { root: string }, commit: string): Promise<readonly string[]> {
  const { stdout } = await runGit({ cwd: repository.root, args: ['cat-file', 'commit', commit] });
  return parseCommit(stdout.toString('utf8')).parents;
}

/**
 * The commit a person named. A branch that exists only at origin, as in a fresh clone, is found there.
 *
 * @param options.option The option the revision was given with, for the error, such as `--since`.
 * @throws {AffectedError} `unknown-revision`.
 */
export async function resolveRevision(options: {
  repository: { root: string };
  revision: string;
  option: string;
}): Promise<string> {
  const commit = await findRevision(options.repository, options.revision);
  if (commit !== undefined) return commit;
  throw await unknownRevision(options);
}

/** As `resolveRevision`, `undefined` where there is no such commit. */
export async function findRevision(
  repository: { root: string },
  revision: string,
): Promise<string | undefined> {
  const candidates = mayBeBranch(revision) ? [revision, `refs/remotes/origin/${revision}`] : [revision];
  const found = await resolveRevisions(repository, candidates);
  return found.find((commit) => commit !== undefined);
}

/** The error for a revision that names no commit, with what helps most. */
export async function unknownRevision(options: {
  repository: { root: string };
  revision: string;
  option: string;
  /** Why origin gave no such commit, where it was asked. */
  detail?: string;
}): Promise<AffectedError> {
  const { repository, revision, option, detail } = options;
  const { stdout } = await runGit({ cwd: repository.root, args: ['rev-parse', '--is-shallow-repository'] });
  const shallow = stdout.toString('utf8').startsWith('true');
  return new AffectedError('unknown-revision', `${option}: ${adviceFor({ revision, shallow, detail })}`);
}

function adviceFor(options: { revision: string; shallow: boolean; detail: string | undefined }): string {
  const { revision, shallow, detail } = options;
  const quoted = JSON.stringify(revision);
  if (revision === 'HEAD') return 'HEAD names no commit yet: commit something first, or name a commit.';
  if (detail !== undefined) return `${quoted} names no commit here, and it could not be fetched: ${detail}.`;
  if (shallow) {
    return `${quoted} names no commit here, and this is a shallow clone: fetch it, or run git fetch --unshallow.`;
  }
  return `${quoted} names no commit here: check the spelling, or fetch it with git fetch origin.`;
}

function isOneLine(revision: string): boolean {
  return !/[\n\0]/.test(revision);
}

/** Output of `git cat-file --batch-check`: `<id> commit <size>`, or the name and `missing` or `ambiguous`. */
function commitOf(line: string): string | undefined {
  return /^([0-9a-f]+) commit \d+$/.exec(line)?.[1];
}

/** `HEAD`, `HEAD~1` and `@{upstream}` mean this clone: origin's branches must not answer for them. */
function mayBeBranch(revision: string): boolean {
  return revision !== 'HEAD' && !/[~^:]|@\{|^@$/.test(revision);
}
