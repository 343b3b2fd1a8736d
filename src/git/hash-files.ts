import { encodePath } from './path-bytes.ts';
import { runGit } from './run.ts';

/**
 * The blob ids regular files would get if they were added now, filters (line ends, LFS) applied as for their path.
 * Ids are in the order of the paths.
 */
export async function hashFiles(repository: { root: string }, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const input = paths.map((path) => `${quotePath(path)}\n`).join('');
  const { stdout } = await runGit({ cwd: repository.root, args: ['hash-object', '--stdin-paths'], input });
  return stdout.toString('latin1').split('\n').slice(0, -1);
}

/** git's C-style quotes, so that a path of any bytes fits on one line of ASCII. */
function quotePath(path: string): string {
  const bytes = encodePath(path).toString('latin1');
  return `"${bytes.replaceAll(/[^ !#-[\]-~]/g, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`)}"`;
}
