import type { TreeEntry } from '../tree.ts';
import { decodePath } from './path-bytes.ts';
import { runGit } from './run.ts';

/** Every file, link and submodule of a commit, in git's order. */
export async function readTree(
  repository: { root: string },
  commit: string,
): Promise<Map<string, TreeEntry>> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit];
  const { stdout } = await runGit({ cwd: repository.root, args });
  return parseTree(decodePath(stdout));
}

/** Reads `git ls-tree -r -z`: `<mode> <type> <id>\t<path>\0` for each entry. */
export function parseTree(text: string): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  let start = 0;
  while (start < text.length) {
    const tab = text.indexOf('\t', start);
    const end = text.indexOf('\0', tab);
    const oid = text.slice(text.lastIndexOf(' ', tab) + 1, tab);
    entries.set(text.slice(tab + 1, end), { mode: text.slice(start, start + 6), oid });
    start = end + 1;
  }
  return entries;
}
