import { type Affected, findAffected } from '../affected/affected.ts';
import type { BuildRequest } from '../affected/requests.ts';
import type { UnownedSettings } from '../affected/unowned.ts';
import type { Change } from '../change.ts';
import type { Widening } from '../images/image.ts';
import type { Comparison } from '../render/comparison.ts';
import type { CommandOptions } from '../run.ts';
import type { ChangesSinceBase } from './changes-since-base.ts';
import { readKeyChanges } from './key-changes.ts';
import { loadBase } from './load-base.ts';
import type { LoadedHead } from './load-head.ts';
import type { LoadedSide } from './load-side.ts';
import { templateUses } from './template-uses.ts';
import { unownedSettings } from './unowned-policy.ts';
import { supposeContents } from './what-if.ts';

/** What a command may work with after a comparison. */
export interface Compared {
  comparison: Comparison;
  head: LoadedHead;
  base: LoadedSide | undefined;
  changes: readonly Change[];
  unowned: UnownedSettings;
}

/**
 * Compares a head whose images are read with what came before it.
 *
 * @param options.asked as the head was read.
 * @throws AffectedError for what a person can mend at the head.
 */
export async function compareWithBase(options: {
  head: LoadedHead;
  since: ChangesSinceBase;
  asked: ReadonlySet<string> | undefined;
  requests?: readonly BuildRequest[];
  options: Pick<CommandOptions, 'values' | 'surroundings'>;
}): Promise<Compared> {
  const { head, since, asked } = options;
  const { decision, changes, baseTree } = since;
  const whatIf = options.options.values['what-if'];
  const widened = decision.widened ? [widenAll(decision.widened)] : [];
  const loading = baseTree && (await loadBase({ tree: baseTree, head, changes, asked }));
  if (loading && 'code' in loading) widened.push(widenAll(loading));
  const loaded = loading && 'code' in loading ? undefined : loading;
  const supposed = loaded && whatIf ? supposeContents(loaded, changes) : loaded;
  const unowned = await unownedSettings({ ...head, base: loaded }, options.options);
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
    requests: options.requests ?? [],
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
