import type { Change } from '../change.ts';
import { overlayChanges, patchTree, uniteChanges } from '../git/change-sets.ts';
import { diffTrees, type RawChange } from '../git/diff-trees.ts';
import { GitError } from '../git/git-error.ts';
import { type BaseDecision, resolveBase } from '../git/resolve-base.ts';
import type { WorkingTree } from '../git/working-tree.ts';
import type { Widening } from '../images/image.ts';
import { printable } from '../render/printable.ts';
import type { CommandOptions } from '../run.ts';
import { SYMBOLIC_LINK, type Tree } from '../tree.ts';
import { lastBuiltAt } from './ask-last-built.ts';
import { CONFIG_FILE } from './load-config.ts';
import type { LoadedHead, OpenHead } from './load-head.ts';
import type { Location } from './locate.ts';
import { decidesImages } from './same-images.ts';

/** What the head is compared with, and how they differ. */
export interface ChangesSinceBase {
  decision: Pick<BaseDecision, 'commits' | 'why' | 'published'> & {
    widened?: Pick<Widening, 'code' | 'detail'>;
  };
  changes: readonly Change[];
  /** Undefined when there is no base. */
  baseTree: Tree | undefined;
  /** The commits' changes since each of several merge bases. */
  lists?: readonly (readonly RawChange[])[];
}

interface BaseQuestion {
  location: Location;
  opening: Promise<OpenHead>;
  options: CommandOptions;
}

/** Asks git, and in CI origin and GitLab, what the head is compared with, and how they differ. */
export async function changesSinceBase(
  options: BaseQuestion & { workingTree: Promise<WorkingTree | undefined> | undefined },
): Promise<ChangesSinceBase> {
  const { stderr } = options.options.surroundings;
  const decision = await decideBase({ ...options, say: (line) => stderr(`${printable(line)}\n`) });
  return changesSince({ ...options, decision });
}

/** @param options.say is told what origin and GitLab are asked, a line each. */
export async function decideBase(
  options: BaseQuestion & { say: (line: string) => void },
): Promise<BaseDecision> {
  const { repository, commit, named } = options.location;
  const { values, surroundings } = options.options;
  const say = (line: string) => options.say(line.trimEnd());
  return resolveBase({
    repository,
    head: commit,
    named,
    since: values.since,
    base: values.base,
    settings: async () => (await options.opening).config,
    env: surroundings.env,
    askLastBuilt: lastBuiltAt({ values, surroundings, say }),
    say,
  });
}

/** The changes since what was decided to compare with. */
export async function changesSince(options: {
  location: Location;
  workingTree: Promise<WorkingTree | undefined> | undefined;
  decision: ChangesSinceBase['decision'];
}): Promise<ChangesSinceBase> {
  const { location, decision } = options;
  const lists = await diffAll(location, decision.commits);
  if (!Array.isArray(lists)) {
    return { decision: { ...decision, widened: lists }, changes: [], baseTree: undefined };
  }
  if (lists.length === 0) return { decision, changes: [], baseTree: undefined };
  const workingTree = await options.workingTree;
  const tree = await location.listing;
  // A path on disk can be as one merge base has it, and not as another has.
  const overlaid = lists.map((changes) => {
    const base = patchTree(tree, changes);
    const dirty = workingTree?.dirty;
    return { base, changes: dirty ? overlayChanges({ changes, base, dirty }) : changes };
  });
  const changes = uniteChanges(...overlaid.map((one) => one.changes));
  return { decision, changes, baseTree: overlaid[0]?.base ?? tree, lists };
}

/** The changes since each base. A base whose trees are not all in this clone can't be compared with: then why. */
async function diffAll(
  { repository, commit }: Location,
  bases: readonly string[],
): Promise<RawChange[][] | Pick<Widening, 'code' | 'detail'>> {
  try {
    return await Promise.all(bases.map((base) => diffTrees(repository, base, commit)));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { code: 'base-unreadable', detail: `the base can't be read: ${error.message}` };
  }
}

/**
 * The paths that a comparison will ask the images for: those that changed. Undefined where it may be any path: where
 * there is nothing to compare with, and where a config or a link changed, so that other rules hold or paths lead elsewhere.
 */
export function askedPaths({ changes, baseTree }: ChangesSinceBase): ReadonlySet<string> | undefined {
  const leadsElsewhere = ({ path, oldMode, newMode }: Change) =>
    path === CONFIG_FILE || oldMode === SYMBOLIC_LINK || newMode === SYMBOLIC_LINK;
  if (baseTree === undefined || changes.some(leadsElsewhere)) return undefined;
  return new Set(changes.map(({ path }) => path));
}

/** Only the first merge base's images are read: where the others' may be other images, nothing can be compared. */
export function agreed(since: ChangesSinceBase, head: LoadedHead): ChangesSinceBase {
  const { lists = [], decision } = since;
  if (lists.length < 2 || agreeOnImages(lists, head)) return since;
  const detail = 'the merge bases differ in a config, a Dockerfile, an ignore file or a link';
  const widened = { code: 'several-merge-bases', detail };
  return { decision: { ...decision, widened }, changes: [], baseTree: undefined };
}

/** Whether the images of all merge bases are read from the same files: only the first one's are read. */
function agreeOnImages(lists: readonly (readonly RawChange[])[], head: LoadedHead): boolean {
  const decides = decidesImages(head.side);
  const states = lists.map((list) =>
    JSON.stringify(list.filter(decides).map(({ path, oldMode, oldOid }) => [path, oldMode, oldOid])),
  );
  return new Set(states).size === 1;
}
