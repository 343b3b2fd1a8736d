import { type Affected, findAffected } from '../affected/affected.ts';
import type { UnownedSettings } from '../affected/unowned.ts';
import type { Change } from '../change.ts';
import type { Widening } from '../images/image.ts';
import type { Comparison } from '../render/comparison.ts';
import type { CommandOptions } from '../run.ts';
import { CONFIG_FILE } from './load-config.ts';
import { agreed, askedPaths, changesSinceBase, type ChangesSinceBase } from './changes-since-base.ts';
import { type LoadedHead, loadHead, type OpenHead, openHead, workingTreeOf } from './load-head.ts';
import { readKeyChanges } from './key-changes.ts';
import { type LoadedSide, refuseProblems } from './load-side.ts';
import { loadBase } from './load-base.ts';
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

interface CompareOptions extends CommandOptions {
  includeWorkingTree: boolean;
  /** Whether the images will be asked for paths that did not change. */
  anyPath?: boolean;
}

/**
 * Compares two commits, or a commit and the working tree: gathers from git and the config, asks the core.
 *
 * @throws AffectedError for what a person can mend: arguments, config, files at the head.
 */
export async function compare(options: CompareOptions): Promise<Compared> {
  const location = await options.location;
  const workingTree = options.includeWorkingTree ? workingTreeOf(location, options) : undefined;
  const opening = openHead({ location, workingTree, options });
  const whatIf = options.values['what-if'];
  // Git is asked for the base while the head is being read; what is wrong with the head is told first.
  const asking = whatIf ? undefined : changesSinceBase({ location, workingTree, opening, options });
  asking?.catch(() => {});
  const opened = await opening;
  const asked = options.anyPath ? undefined : await asking?.then(askedPaths, () => undefined);
  if (asking) readAhead(opened, asking);
  const head = await loadHead(opened, asked);
  refuseProblems(head.side.problems);
  const { decision, changes, baseTree } = agreed(await (asking ?? suppose(head, whatIf ?? [])), head);
  const widened = decision.widened ? [widenAll(decision.widened)] : [];
  const loading = baseTree && (await loadBase({ tree: baseTree, head, changes, asked }));
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

/** Git reads the base's own Dockerfiles and ignore files while the head's are being read. */
function readAhead({ blobs }: OpenHead, asking: Promise<ChangesSinceBase>): void {
  const reading = asking.then(({ baseTree, changes }) => {
    const paths = changes
      .map(({ path }) => path)
      .filter((path) => /(?:Dockerfile|\.dockerignore)$/.test(path));
    return baseTree && blobs.read(baseTree, paths);
  });
  // Who needs them asks again.
  reading.catch(() => {});
}

async function suppose(head: LoadedHead, paths: readonly string[]): Promise<ChangesSinceBase> {
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
