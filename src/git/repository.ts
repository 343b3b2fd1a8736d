import { realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { runGit } from './run.ts';

export interface Repository {
  /** Absolute path of the top of the working tree; of the git directory where there is no working tree. */
  root: string;
  /** Whether there is a working tree; a bare repository has none. */
  workTree: boolean;
  /** Whether history is cut off, as in the clones of CI jobs. */
  shallow: boolean;
  /** Whether a remote named origin is configured. */
  hasOrigin: boolean;
  /** The last part of origin's URL without `.git`, or else of the directory: the same in every checkout of a project. */
  name: string;
}

/**
 * Finds the repository that `cwd` lies in.
 *
 * @throws {AffectedError} `not-a-repository`, `no-directory`, `unsafe-repository`, `git-missing`.
 */
export async function openRepository(cwd: string): Promise<Repository> {
  const [{ root, workTree, shallow }, origin] = await Promise.all([locate(cwd), originUrl(cwd)]);
  return { root, workTree, shallow, hasOrigin: origin !== '', name: nameFrom(origin) || nameFrom(root) };
}

async function locate(cwd: string): Promise<{ root: string; workTree: boolean; shallow: boolean }> {
  const flags = ['--is-shallow-repository', '--is-inside-work-tree', '--absolute-git-dir', '--show-cdup'];
  const { stdout } = await runGit({ cwd, args: ['rev-parse', ...flags] });
  const lines = stdout.toString('utf8').split('\n').slice(0, -1);
  const shallow = lines[0] === 'true';
  const workTree = lines[1] === 'true';
  // --show-cdup prints nothing outside a working tree, so a git directory is the rest, whatever its name holds.
  if (!workTree) return { root: lines.slice(2).join('\n'), workTree, shallow };
  return { root: resolve(await realpath(cwd), lines.at(-1) as string), workTree, shallow };
}

async function originUrl(cwd: string): Promise<string> {
  const args = ['config', '--get', 'remote.origin.url'];
  const { stdout } = await runGit({ cwd, args, okExitCodes: [0, 1] });
  return stdout.toString('utf8').trim();
}

/** Of `https://host/group/name.git/`, `git@host:name.git` or a path; a `.git` directory is named by its parent. */
function nameFrom(location: string): string {
  const trimmed = location.replace(/\/+$/, '').replace(/\/\.git$/, '');
  return basename(trimmed)
    .replace(/^.*:/, '')
    .replace(/\.git$/, '');
}
