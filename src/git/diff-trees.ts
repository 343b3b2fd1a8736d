import type { Change } from '../change.ts';
import { decodePath } from './path-bytes.ts';
import { runGit } from './run.ts';

/** A change with the object ids of both sides, all zeros on the side where the path does not exist. */
export interface RawChange extends Change {
  oldOid: string;
  newOid: string;
}

/**
 * Every path that differs between the trees of two commits: contents, modes and submodules alike, whatever
 * `.gitmodules` or the configuration wants ignored. Renames are not looked for, so both their sides are there.
 *
 * @param base `undefined` compares with nothing: every path of head is added.
 */
export async function diffTrees(
  repository: { root: string },
  base: string | undefined,
  head: string,
): Promise<RawChange[]> {
  const args = ['diff-tree', ...RAW_DIFF, base ?? emptyTree(head), head];
  const { stdout } = await runGit({ cwd: repository.root, args });
  return parseRawDiff(decodePath(stdout));
}

/** The flags for `parseRawDiff`. */
export const RAW_DIFF = ['-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--ignore-submodules=none'];

/** Reads `git diff-tree -z --raw`: `:<old mode> <new mode> <old id> <new id> <status>\0<path>\0` for each change. */
export function parseRawDiff(text: string): RawChange[] {
  const changes: RawChange[] = [];
  let start = 0;
  while (start < text.length) {
    const middle = text.indexOf('\0', start);
    const end = text.indexOf('\0', middle + 1);
    const [oldMode, newMode, oldOid, newOid, letter] = text.slice(start + 1, middle).split(' ') as RawFields;
    const status = STATUSES[letter] ?? 'modified';
    changes.push({ path: text.slice(middle + 1, end), status, oldMode, newMode, oldOid, newOid });
    start = end + 1;
  }
  return changes;
}

type RawFields = [oldMode: string, newMode: string, oldOid: string, newOid: string, letter: string];

const STATUSES: Readonly<Record<string, Change['status']>> = {
  A: 'added',
  D: 'deleted',
  T: 'type-changed',
};

/** git knows the empty tree by its id, stored or not, in both of its hash functions. */
function emptyTree(commit: string): string {
  return commit.length === 40
    ? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
    : '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321';
}
