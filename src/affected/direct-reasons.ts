import type { Change } from '../change.ts';
import { inputRule, sourceRule } from '../images/inputs.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { submoduleRule } from '../images/submodules.ts';
import { pathsUnder, SUBMODULE } from '../tree.ts';
import { keyedUses } from '../images/keyed-inputs.ts';
import { indexInputs } from './input-index.ts';
import { changedKeysRule, type KeyChanges } from './key-changes.ts';
import type { Reason } from './reasons.ts';
import type { Side, TemplateUses } from './side.ts';

/** Reasons by image name, for every image of the head that a change reaches without going through another image. */
export type DirectReasons = Map<string, Reason[]>;

export function directReasons(options: {
  changes: readonly Change[];
  base: Side;
  head: Side;
  templateUses: TemplateUses;
  keyChanges: KeyChanges;
}): DirectReasons {
  const { changes, base, head, keyChanges } = options;
  const reasons: DirectReasons = new Map();
  for (const [name, resolved] of head.images) {
    const before = base.images.get(name);
    const own = before ? settingsReason(before, resolved) : [newImage(resolved)];
    reasons.set(name, [...own, ...unknownReasons(resolved), ...(before ? unknownReasons(before) : [])]);
  }
  addChangedInputs({ changes, base, head, reasons, keyChanges });
  addIgnoreFiles({ base, head, reasons });
  for (const [path, uses] of options.templateUses) {
    for (const { image, template } of uses) reasons.get(image)?.push({ kind: 'template', path, template });
  }
  for (const [name, found] of reasons) {
    if (found.length === 0) reasons.delete(name);
    else reasons.set(name, withoutRepeats(found));
  }
  return reasons;
}

function newImage({ image }: ResolvedImage): Reason {
  return { kind: 'new-image', dockerfile: image.dockerfile };
}

function unknownReasons({ widenings }: ResolvedImage): Reason[] {
  return widenings.map(({ code, detail }) => ({ kind: 'unknown', code, detail }));
}

/** The settings are compared after resolution: a config change touches only the images it says something else about. */
function settingsReason(old: ResolvedImage, now: ResolvedImage): Reason[] {
  const [before, after] = [old.image, now.image];
  const settings: string[] = [];
  for (const key of ['dockerfile', 'target', 'registry', 'template'] as const) {
    if (before[key] !== after[key]) settings.push(key);
  }
  // Where it really is: a link in the configured one may lead elsewhere now.
  if (old.inputs.context !== now.inputs.context) settings.push('context');
  const fromFiles = new Map<string, string[]>();
  for (const name of new Set([...Object.keys(before.args), ...Object.keys(after.args)].sort())) {
    if (before.args[name] === after.args[name]) continue;
    const file = (Object.hasOwn(after.args, name) ? after : before).sharedArgs.get(name);
    if (file === undefined) settings.push(`args.${name}`);
    else fromFiles.set(file, [...(fromFiles.get(file) ?? []), name]);
  }
  return [
    ...(settings.length === 0 ? [] : [{ kind: 'config' as const, settings: settings.sort() }]),
    ...[...fromFiles].map(([path, names]) => ({ kind: 'build-arg' as const, path, names })),
  ];
}

/**
 * An input on either side counts: what the base read and what the head reads can both change the image. A side that
 * does not have the path can't have read it, whatever its patterns say.
 */
function addChangedInputs(options: {
  changes: readonly Change[];
  base: Side;
  head: Side;
  reasons: DirectReasons;
  keyChanges: KeyChanges;
}): void {
  const { base, head, reasons, keyChanges } = options;
  const sides = [
    { images: head.images, candidates: indexInputs(head.images.values()), lacks: 'deleted' },
    { images: base.images, candidates: indexInputs(base.images.values()), lacks: 'added' },
  ] as const;
  const changes = [...options.changes].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, status, oldMode, newMode } of changes) {
    const isSubmodule = oldMode === SUBMODULE || newMode === SUBMODULE;
    for (const { images, candidates, lacks } of sides) {
      if (status === lacks) continue;
      // What reads from inside of a submodule has its directory below the changed path, where the index does not look.
      for (const { image, inputs } of isSubmodule ? images.values() : candidates(path)) {
        if (!base.images.has(image.name)) continue;
        const found = isSubmodule ? submoduleRule(inputs, path) : inputRule(inputs, path);
        const isKeyed = found?.kind === 'declared-input' && found.keys !== undefined;
        const rule = isKeyed ? changedKeysRule(keyedUses(inputs.keyed, path), keyChanges) : found;
        if (rule) reasons.get(image.name)?.push({ ...rule, path, status });
      }
    }
  }
}

/** A changed ignore file, or other rules for it, matter only through the unchanged files they let in or keep out. */
function addIgnoreFiles({ base, head, reasons }: { base: Side; head: Side; reasons: DirectReasons }): void {
  for (const [name, { inputs: after }] of head.images) {
    const before = base.images.get(name)?.inputs;
    // With another context the image is affected anyway.
    if (!before || before.context !== after.context) continue;
    const sameRules = before.rules === after.rules;
    if (sameRules && before.ignoreFile?.text === after.ignoreFile?.text) continue;
    // What a COPY no longer asks for is not the ignore file's doing.
    const otherwise = sameRules ? { ...after, ignoreFile: before.ignoreFile } : before;
    const example = pathsUnder(head.tree, after.context).find(
      (path) =>
        base.tree.get(path) !== undefined &&
        (sourceRule(otherwise, path) === undefined) !== (sourceRule(after, path) === undefined),
    );
    if (example === undefined) continue;
    const path = after.ignoreFile?.path ?? before.ignoreFile?.path;
    reasons
      .get(name)
      ?.push(
        sameRules && path !== undefined
          ? { kind: 'ignore-file', path, example }
          : { kind: 'config', settings: ['dockerignore'] },
      );
  }
}

function withoutRepeats(reasons: readonly Reason[]): Reason[] {
  const byPath = new Map<string, Reason>();
  for (const reason of reasons) {
    // The same path can be an input on both sides, by rules that differ only in their line.
    const key = 'path' in reason ? `${reason.kind}\0${reason.path}` : JSON.stringify(reason);
    if (!byPath.has(key)) byPath.set(key, reason);
  }
  return [...byPath.values()];
}
