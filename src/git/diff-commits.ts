import { parseRawDiff, RAW_DIFF, type RawChange } from './diff-trees.ts';
import { decodePath } from './path-bytes.ts';
import { runGitUnchecked } from './run.ts';

/** Two commits to compare: what changed from `base` to `head`. */
export interface Pair {
  base: string;
  head: string;
}

/**
 * As `diffTrees` for many pairs of commits, by one process.
 *
 * @returns the changes in the order of the pairs; undefined where git gave none, such as at a missing tree.
 * @throws {AffectedError} where git can't be run at all.
 */
export async function diffCommits(
  repository: { root: string },
  pairs: readonly Pair[],
): Promise<readonly (readonly RawChange[] | undefined)[]> {
  if (pairs.length === 0) return [];
  const { exitCode, stdout } = await runGitUnchecked({
    cwd: repository.root,
    // Without --always nothing is printed of a pair that does not differ.
    args: ['diff-tree', '--stdin', '--always', ...RAW_DIFF],
    // Further commits on a line are taken for the parents of its first.
    input: pairs.map(({ base, head }) => `${head} ${base}\n`).join(''),
    bulk: true,
  });
  return parseDiffs(decodePath(stdout), { pairs, whole: exitCode === 0 });
}

/**
 * Reads `git diff-tree --stdin -z --raw`.
 *
 * @param options.whole whether git wrote all that it meant to; else the last it was printing may not be all.
 */
export function parseDiffs(
  text: string,
  options: { pairs: readonly Pair[]; whole: boolean },
): (readonly RawChange[] | undefined)[] {
  const diffs = splitDiffs(text);
  if (!options.whole) diffs.pop();
  let index = 0;
  return options.pairs.map(({ head }) => {
    const diff = diffs[index];
    // Git says nothing of a commit it can't find.
    if (diff?.head !== head) return undefined;
    index += 1;
    return parseRawDiff(diff.text);
  });
}

/** Reads `<head>\0` and the changes behind it, for each pair; of a change, the first field starts with a colon. */
function splitDiffs(text: string): { head: string; text: string }[] {
  const behindNull = (from: number) => {
    const end = text.indexOf('\0', from);
    return end === -1 ? text.length : end + 1;
  };
  const diffs: { head: string; text: string }[] = [];
  for (let start = 0; start < text.length;) {
    const from = behindNull(start);
    let end = from;
    while (text[end] === ':') end = behindNull(behindNull(end));
    diffs.push({ head: text.slice(start, from - 1), text: text.slice(from, end) });
    start = end;
  }
  return diffs;
}
