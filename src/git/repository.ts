import { realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { runGit } from './run.ts';

export interface Repository {
  /** Absolute path of the top of the working tree; of the git directory where there is no working tree. */
  root: string;
  /** Whether there is a working tree; a bare repository has none. */
  workTree: boolean;
  /** Whether history is cut off, as in the clones of CI jobs. */
  shallow: boolean;
}

/**
 * Finds the repository that `cwd` lies in.
 *
 * @throws {AffectedError} `not-a-repository`, `no-directory`, `unsafe-repository`, `git-missing`.
 */
export async function openRepository(cwd: string): Promise<Repository> {
  const { stdout } = await runGit({ cwd, args: ['rev-parse', ...ABOUT] });
  return repositoryFrom(linesOf(stdout), cwd);
}

/**
 * The same, and the ids of the commits that `revisions` name, as far as the same process can tell: one whose name is not
 * a simple one is left out, and all are where one of them names no commit.
 */
export async function openRepositoryAt(
  cwd: string,
  revisions: readonly string[],
): Promise<{ repository: Repository; commits: ReadonlyMap<string, string> }> {
  const asked = [...new Set(revisions)].filter((revision) => SIMPLE_NAME.test(revision));
  const args = ['rev-parse', ...asked.map((revision) => `${revision}^{commit}`), ...ABOUT];
  const { stdout, exitCode } = await runGit({ cwd, args, okExitCodes: asked.length === 0 ? [0] : [0, 128] });
  const lines = linesOf(stdout);
  const ids = lines.slice(0, asked.length);
  if (exitCode !== 0 || !ids.every((id) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id))) {
    return { repository: await openRepository(cwd), commits: new Map() };
  }
  const commits = new Map(asked.map((revision, index) => [revision, ids[index] as string]));
  return { repository: repositoryFrom(lines.slice(asked.length), cwd), commits };
}

const ABOUT = ['--is-shallow-repository', '--is-inside-work-tree', '--absolute-git-dir', '--show-cdup'];
// Neither an option nor more than one commit.
const SIMPLE_NAME = /^(?!.*\.\.)[A-Za-z0-9][\w./-]*$/;

function linesOf(stdout: Buffer): string[] {
  return stdout.toString('utf8').split('\n').slice(0, -1);
}

function repositoryFrom(lines: readonly string[], cwd: string): Repository {
  const shallow = lines[0] === 'true';
  const workTree = lines[1] === 'true';
  // --show-cdup prints nothing outside a working tree, so a git directory is the rest, whatever its name holds.
  if (!workTree) return { root: lines.slice(2).join('\n'), workTree, shallow };
  return { root: resolve(realpathSync.native(cwd), lines.at(-1) as string), workTree, shallow };
}

/** Where the remote named origin lies; undefined without one. Asked only where it matters: a process costs time. */
export async function originUrl(repository: { root: string }): Promise<string | undefined> {
  const args = ['config', '--get', 'remote.origin.url'];
  const { stdout } = await runGit({ cwd: repository.root, args, okExitCodes: [0, 1] });
  return stdout.toString('utf8').trim() || undefined;
}

/** The last part of origin's URL without `.git`, or else of the directory: the same in every checkout of a project. */
export function repositoryName(repository: { root: string }): Promise<string> {
  // Asked for by every commit that is read.
  const known = names.get(repository) ?? findName(repository);
  names.set(repository, known);
  return known;
}

const names = new WeakMap<{ root: string }, Promise<string>>();

async function findName(repository: { root: string }): Promise<string> {
  return nameFrom((await originUrl(repository)) ?? '') || nameFrom(repository.root);
}

/** Of `https://host/group/name.git/`, `git@host:name.git` or a path; a `.git` directory is named by its parent. */
function nameFrom(location: string): string {
  const trimmed = location.replace(/\/+$/, '').replace(/\/\.git$/, '');
  return basename(trimmed)
    .replace(/^.*:/, '')
    .replace(/\.git$/, '');
}
