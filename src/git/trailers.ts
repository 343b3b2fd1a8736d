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
 * @returns also whether it stands where git takes no line for a trailer: in the subject, or in front of other text.
 */
export async function trailersOf(
  repository: { root: string },
  options: { message: string; key: string },
): Promise<{ values: readonly string[]; misplaced: boolean }> {
  const { message, key } = options;
  // A line may end in a carriage return, or hold another end of line of Unicode's, where a dot alone stops.
  const line = new RegExp(`^${key}[ \\t]*:[ \\t]*(.*)$`, 'is');
  const valuesIn = (text: string) => text.split('\n').flatMap((each) => line.exec(each)?.[1]?.trim() || []);
  const lines = valuesIn(message);
  if (lines.length === 0) return { values: [], misplaced: false };
  const args = ['interpret-trailers', '--parse', '--no-divider'];
  const { stdout } = await runGit({ cwd: repository.root, args, input: message });
  const values = valuesIn(stdout.toString('utf8'));
  return { values, misplaced: values.length < lines.length };
}
