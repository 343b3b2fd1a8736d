import { uniteChanges } from '../git/change-sets.ts';
import { type DerivedTree, treeBefore, underived } from '../git/derived-tree.ts';
import { diffCommits, type Pair } from '../git/diff-commits.ts';
import type { RawChange } from '../git/diff-trees.ts';
import { readTree } from '../git/read-tree.ts';
import type { CommitWithParent } from '../git/recent-commits.ts';
import { type ChangesSinceBase, changesSince } from './changes-since-base.ts';
import type { Location } from './locate.ts';

/** One commit of a history, to be compared with its parent. */
export interface Step extends CommitWithParent {
  location: Location;
  since: () => Promise<ChangesSinceBase>;
}

/** As many commits are asked for at once: what changed in them is held until they are done. */
const AT_ONCE = 256;

/**
 * Goes from commit to commit. Their trees are made one from the other by what changed: of a whole history, git lists the
 * paths once, and again only where it can't tell what changed.
 *
 * @param options.location where git lists the paths of a commit that is near to the first one.
 */
export async function* walkHistory(options: {
  location: Location;
  commits: readonly CommitWithParent[];
}): AsyncGenerator<Step> {
  const { location, commits } = options;
  const { repository } = location;
  let last: Partial<CommitWithParent> = { commit: location.commit };
  let known = new Map([[location.commit, underived(await location.listing)]]);
  for (let start = 0; start < commits.length; start += AT_ONCE) {
    const chunk = commits.slice(start, start + AT_ONCE);
    const diffs = await diffsOf(repository, last, chunk);
    for (const one of chunk) {
      const { commit, parent } = one;
      const link = diffs.get(pairKey({ base: commit, head: last.commit as string }));
      const near = known.get(last.commit as string);
      const head =
        known.get(commit) ?? (link && near && treeBefore(near, link)) ?? (await listed(repository, commit));
      const changes = diffs.get(pairKey({ base: parent, head: commit }));
      const base = changes && head && treeBefore(head, changes);
      yield stepOf({ one, location, head, base, changes });
      known = new Map();
      if (head) known.set(commit, head);
      if (base) known.set(parent, base);
      last = one;
    }
  }
}

type Diffs = ReadonlyMap<string, readonly RawChange[]>;

/** What changed in each commit, and what it takes to get to it from the one before in the list. */
async function diffsOf(
  repository: Location['repository'],
  before: Partial<CommitWithParent>,
  commits: readonly CommitWithParent[],
): Promise<Diffs> {
  const pairs: Pair[] = [];
  let last = before;
  for (const one of commits) {
    const { commit, parent } = one;
    if (last.commit !== commit && last.parent !== commit)
      pairs.push({ base: commit, head: last.commit as string });
    pairs.push({ base: parent, head: commit });
    last = one;
  }
  const found = await diffCommits(repository, pairs);
  return new Map(
    pairs.flatMap((pair, index): [string, readonly RawChange[]][] => {
      const changes = found[index];
      return changes ? [[pairKey(pair), changes]] : [];
    }),
  );
}

function pairKey({ base, head }: Pair): string {
  return `${base} ${head}`;
}

/** Undefined where git can't list the paths: who compares asks again, and tells why. */
async function listed(repository: Location['repository'], commit: string): Promise<DerivedTree | undefined> {
  const tree = await readTree(repository, commit).catch(() => undefined);
  return tree && underived(tree);
}

function stepOf(options: {
  one: CommitWithParent;
  location: Location;
  head: DerivedTree | undefined;
  base: DerivedTree | undefined;
  changes: readonly RawChange[] | undefined;
}): Step {
  const { one, head, base, changes } = options;
  const decision = { commits: [one.parent], why: 'its first parent' };
  const tree = async () => head?.tree ?? readTree(options.location.repository, one.commit);
  const listing = tree();
  // Who needs it waits for it.
  listing.catch(() => {});
  const location = { ...options.location, commit: one.commit, listing };
  const since = async (): Promise<ChangesSinceBase> =>
    changes && base
      ? { decision, changes: uniteChanges(changes), baseTree: base.tree }
      : changesSince({ location, workingTree: undefined, decision });
  return { ...one, location, since };
}
