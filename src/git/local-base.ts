import { AffectedError } from '../errors.ts';
import { runGit } from './run.ts';

/**
 * The commit to take the merge base with outside CI: origin's default branch, else the configured target branch,
 * else main or master, whichever there is.
 *
 * @throws {AffectedError} `no-target` when nothing tells, `unknown-target` when the configured branch does not exist.
 */
export async function localTarget(
  repository: { root: string },
  configured: () => Promise<string | undefined>,
): Promise<{ commit: string; name: string }> {
  const [head] = await readRefs(repository, [ORIGIN_HEAD]);
  if (head !== undefined) return head;
  const targetBranch = await configured();
  const names = targetBranch === undefined ? ['main', 'master'] : [targetBranch];
  const branches = names.flatMap((name) => [`refs/remotes/origin/${name}`, `refs/heads/${name}`]);
  const [found] = await readRefs(repository, branches);
  if (found !== undefined) return found;
  if (targetBranch === undefined) {
    throw new AffectedError(
      'no-target',
      'Nothing tells which branch to compare with: pass --since BRANCH, set targetBranch in affected.yml, ' +
        'or run git remote set-head origin --auto.',
    );
  }
  throw new AffectedError(
    'unknown-target',
    `targetBranch: there is no branch ${JSON.stringify(targetBranch)} here or at origin: fetch it, or pass --since.`,
  );
}

/** The default branch of origin, as a clone remembers it; undefined where it does not. */
export async function originBranch(repository: { root: string }): Promise<string | undefined> {
  const [head] = await readRefs(repository, [ORIGIN_HEAD]);
  return head?.name.startsWith('origin/') ? head.name.slice('origin/'.length) : undefined;
}

const ORIGIN_HEAD = 'refs/remotes/origin/HEAD';

/** The refs of these full names that exist, in the order of the names. A pattern also matches what lies below a name. */
async function readRefs(
  repository: { root: string },
  names: readonly string[],
): Promise<{ commit: string; name: string }[]> {
  const format = '--format=%(refname)%00%(symref)%00%(objectname)';
  const { stdout } = await runGit({ cwd: repository.root, args: ['for-each-ref', format, ...names] });
  const refs = new Map<string, { commit: string; name: string }>();
  for (const line of stdout.toString('utf8').split('\n').slice(0, -1)) {
    const [name, target, commit] = line.split('\0') as [string, string, string];
    refs.set(name, { commit, name: shorten(target || name) });
  }
  return names.flatMap((name) => refs.get(name) ?? []);
}

function shorten(ref: string): string {
  return ref.replace(/^refs\/(?:heads|remotes)\//, '');
}
