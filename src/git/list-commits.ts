import { runGit } from './run.ts';

/**
 * The commits that are no merges and that have a parent here, the oldest first, each with its first parent.
 *
 * @param options.without a commit whose history is left out.
 * @param options.most how many of the newest are looked at.
 */
export async function listCommits(options: {
  repository: { root: string };
  of: string;
  without?: string | undefined;
  most?: number | undefined;
}): Promise<readonly { commit: string; parent: string }[]> {
  const { repository, of, without, most } = options;
  const args = ['rev-list', '--no-merges', '--parents', '--topo-order', '--reverse'];
  if (most !== undefined) args.push(`--max-count=${most}`);
  args.push(of, ...(without === undefined ? [] : [`^${without}`]));
  const { stdout } = await runGit({ cwd: repository.root, args });
  return stdout
    .toString('latin1')
    .split('\n')
    .flatMap((line) => {
      const [commit = '', parent] = line.split(' ');
      return parent === undefined ? [] : [{ commit, parent }];
    });
}
