import { runGit } from './run.ts';

/** A commit as git stores it: `git cat-file commit`, decoded. */
export interface CommitText {
  parents: readonly string[];
  message: string;
}

/** Headers up to the first empty line, then the message (gitformat-commit; continued headers begin with a space). */
export function parseCommit(text: string): CommitText {
  const end = text.indexOf('\n\n');
  const headers = (end === -1 ? text : text.slice(0, end)).split('\n');
  const parents = headers.flatMap((line) => /^parent ([0-9a-f]+)$/.exec(line)?.[1] ?? []);
  return { parents, message: end === -1 ? '' : text.slice(end + 2) };
}

/**
 * The values of a trailer of a commit message, as `git interpret-trailers` finds them; it is asked only where the
 * message may have one.
 *
 * @param key without the colon; its case does not matter.
 */
export async function trailersOf(
  repository: { root: string },
  options: { message: string; key: string },
): Promise<readonly string[]> {
  const { message, key } = options;
  // A line may end in a carriage return, or hold another end of line of Unicode's, where a dot alone stops.
  const line = new RegExp(`^${key}[ \\t]*:[ \\t]*(.*)$`, 'is');
  if (!message.split('\n').some((each) => line.test(each))) return [];
  const args = ['interpret-trailers', '--parse', '--no-divider'];
  const { stdout } = await runGit({ cwd: repository.root, args, input: message });
  const found = stdout.toString('utf8').split('\n');
  return found.flatMap((each) => line.exec(each)?.[1]?.trim() || []);
}
