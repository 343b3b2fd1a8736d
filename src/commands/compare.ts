import { type Affected, findAffected } from '../affected/affected.ts';
import type { UnownedSettings } from '../affected/unowned.ts';
import type { Change } from '../change.ts';
import { overlayChanges, patchTree, uniteChanges } from '../git/change-sets.ts';
import { GitError } from '../git/git-error.ts';
import { diffTrees, type RawChange } from '../git/diff-trees.ts';
import { type BaseDecision, resolveBase } from '../git/resolve-base.ts';
import type { WorkingTree } from '../git/working-tree.ts';
import type { Widening } from '../images/image.ts';
import type { Comparison } from '../render/comparison.ts';
import { printable } from '../render/printable.ts';
import type { CommandOptions } from '../run.ts';
import type { Tree } from '../tree.ts';
import { CONFIG_FILE } from './load-config.ts';
import { type LoadedHead, loadHead, workingTreeOf } from './load-head.ts';
import { readKeyChanges } from './key-changes.ts';
import { type LoadedSide, refuseProblems } from './load-side.ts';
import { loadBase } from './load-base.ts';
import type { Location } from './locate.ts';
import { decidesImages } from './same-images.ts';
import { templateUses } from './template-uses.ts';
import { unownedSettings } from './unowned-policy.ts';
import { resolveWhatIf, supposeContents } from './what-if.ts';

/** What a command may work with after a comparison. */
export interface Compared {
  comparison: Comparison;
  head: LoadedHead;
  base: LoadedSide | undefined;
  changes: readonly Change[];
  unowned: UnownedSettings;
}

/**
 * Compares two commits, or a commit and the working tree: gathers from git and the config, asks the core.
 *
 * @throws AffectedError for what a person can mend: arguments, config, files at the head.
 */
export async function compare(options: CommandOptions & { includeWorkingTree: boolean }): Promise<Compared> {
  const location = await options.location;
  const workingTree = options.includeWorkingTree ? workingTreeOf(location, options) : undefined;
  const reading = loadHead({ location, workingTree, options });
  const whatIf = options.values['what-if'];
  // Git is asked for the base while the head is being read; what is wrong with the head is told first.
  const asking = whatIf ? undefined : changesSinceBase({ location, workingTree, reading, options });
  asking?.catch(() => {});
  const head = await reading;
  refuseProblems(head.side.problems);
  const { decision, changes, baseTree } = await (asking ?? suppose(head, whatIf ?? []));
  const widened = decision.widened ? [widenAll(decision.widened)] : [];
  const loading = baseTree && (await loadBase({ tree: baseTree, head, changes }));
  if (loading && 'code' in loading) widened.push(widenAll(loading));
  const loaded = loading && 'code' in loading ? undefined : loading;
  const supposed = loaded && whatIf ? supposeContents(loaded, changes) : loaded;
  const unowned = await unownedSettings({ ...head, base: loaded }, options);
  // What would be written is not known; and what changed since each of several bases is more than since the first.
  const isKnown = !whatIf && decision.commits.length === 1;
  const { base, keyChanges } =
    supposed && isKnown
      ? await readKeyChanges({ changes, base: supposed, head: head.side, blobs: head.blobs })
      : { base: supposed, keyChanges: new Map() };
  const affected = findAffected({
    changes,
    base,
    head: head.side,
    everything: base ? undefined : (widened[0]?.detail ?? decision.why),
    widened,
    templateUses: base
      ? await templateUses({ changes, base, head: head.side, blobs: head.blobs })
      : new Map(),
    unowned,
    keyChanges,
  });
  const comparison: Comparison = {
    ...affected,
    base: base ? (decision.commits[0] ?? null) : null,
    head: head.commit,
    baseWhy: decision.why,
    changedPaths: base ? changes.length : null,
    workingTree: head.workingTree ? countsOf(head.workingTree) : null,
    unaffected: unaffectedNames(head.side, affected),
    unownedPolicy: unowned.policy,
  };
  return { comparison, head, base, changes, unowned };
}

interface Changes {
  decision: Pick<BaseDecision, 'commits' | 'why'> & { widened?: Pick<Widening, 'code' | 'detail'> };
  changes: readonly Change[];
  /** Undefined when there is no base. */
  baseTree: Tree | undefined;
}

async function suppose(head: LoadedHead, paths: readonly string[]): Promise<Changes> {
  const { repository, cwd, side, override } = head;
  const changes = await resolveWhatIf({ repository, cwd, paths, side });
  const why = 'as if the named paths had changed';
  if (override || !changes.some(({ path }) => path === CONFIG_FILE)) {
    return { decision: { commits: [head.commit], why }, changes, baseTree: side.tree };
  }
  const detail = `what a change of ${CONFIG_FILE} affects depends on the change`;
  return {
    decision: { commits: [], why, widened: { code: 'what-if-config', detail } },
    changes,
    baseTree: undefined,
  };
}

async function changesSinceBase(options: {
  location: Location;
  workingTree: Promise<WorkingTree | undefined> | undefined;
  reading: Promise<LoadedHead>;
  options: CommandOptions;
}): Promise<Changes> {
  const { repository, commit, tree } = options.location;
  const { values, surroundings } = options.options;
  const decision = await resolveBase({
    repository,
    head: commit,
    since: values.since,
    base: values.base,
    targetBranch: async () => (await options.reading).side.config.targetBranch,
    env: surroundings.env,
    say: (line) => surroundings.stderr(`${printable(line.trimEnd())}\n`),
  });
  const lists = await diffAll(options.location, decision.commits);
  if (!Array.isArray(lists)) {
    return { decision: { ...decision, widened: lists }, changes: [], baseTree: undefined };
  }
  if (lists.length === 0) return { decision, changes: [], baseTree: undefined };
  const workingTree = await options.workingTree;
  if (lists.length > 1 && !agreeOnImages(lists, await options.reading)) {
    const detail = 'the merge bases differ in a config, a Dockerfile, an ignore file or a link';
    return {
      decision: { ...decision, widened: { code: 'several-merge-bases', detail } },
      changes: [],
      baseTree: undefined,
    };
  }
  // A path on disk can be as one merge base has it, and not as another has.
  const overlaid = lists.map((changes) => {
    const base = patchTree(tree, changes);
    const dirty = workingTree?.dirty;
    return { base, changes: dirty ? overlayChanges({ changes, base, dirty }) : changes };
  });
  const changes = uniteChanges(...overlaid.map((one) => one.changes));
  return { decision, changes, baseTree: overlaid[0]?.base ?? tree };
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

/** Whether the images of all merge bases are read from the same files: only the first one's are read. */
function agreeOnImages(lists: readonly (readonly RawChange[])[], head: LoadedHead): boolean {
  const decides = decidesImages(head.side);
  const states = lists.map((list) =>
    JSON.stringify(list.filter(decides).map(({ path, oldMode, oldOid }) => [path, oldMode, oldOid])),
  );
  return new Set(states).size === 1;
}

function widenAll({ code, detail }: { code: string; detail: string }): Widening {
  return { scope: 'all', code, detail };
}

function countsOf({ staged, unstaged, untracked }: NonNullable<LoadedHead['workingTree']>) {
  return { staged, unstaged, untracked };
}

function unaffectedNames(head: LoadedSide, { affected }: Affected): readonly string[] {
  const names = new Set(affected.map(({ image }) => image.name));
  return [...head.images.keys()].filter((name) => !names.has(name));
}
