import type { Change } from '../change.ts';
import { type InputRule, inputRule, otherRule } from '../images/inputs.ts';
import type { Image } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { submoduleRule } from '../images/submodules.ts';
import { SUBMODULE } from '../tree.ts';
import { compareDockerfiles, sayTheSame } from './dockerfiles.ts';
import { directoryRule } from './directory-rule.ts';
import { keyedUses } from '../images/keyed-inputs.ts';
import { ignoreFileReason } from './ignore-file-reason.ts';
import { indexInputs } from './input-index.ts';
import { changedKeysRule, type KeyChanges } from './key-changes.ts';
import type { Reason } from './reasons.ts';
import type { Side, TemplateUses } from './side.ts';

export interface DirectReasons {
  /** By image name, for every image of the head that a change reaches without going through another image. */
  reasons: Map<string, Reason[]>;
  /** The changed paths that no image of either side has as an input, sorted. */
  inputOfNone: readonly string[];
}

export function directReasons(options: {
  changes: readonly Change[];
  base: Side;
  head: Side;
  templateUses: TemplateUses;
  keyChanges: KeyChanges;
}): DirectReasons {
  const { changes, base, head, keyChanges } = options;
  const found = new Map<string, Reason[]>();
  const add: AddReason = (image, ...reasons) => {
    if (reasons.length === 0 || !head.images.has(image)) return;
    const present = found.get(image);
    if (present) present.push(...reasons);
    else found.set(image, reasons);
  };
  const isOnBoth = (image: string) => base.images.has(image) && head.images.has(image);
  for (const [name, resolved] of head.images) {
    const before = base.images.get(name);
    // Both sides share an image that was read from the same files.
    if (before && before !== resolved) add(name, ...settingsReason(before, resolved, isOnBoth));
    else if (!before) add(name, newImage(resolved));
    if (resolved.widenings.length > 0) add(name, ...unknownReasons(resolved));
    if (before && before !== resolved) add(name, ...unknownReasons(before));
  }
  const inputOfNone = addChangedInputs({ changes, base, head, keyChanges, add });
  for (const [name, resolved] of head.images) {
    const before = base.images.get(name);
    // With another Dockerfile the image is affected anyway.
    if (!before || before === resolved || before.image.dockerfile !== resolved.image.dockerfile) continue;
    const reason = ignoreFileReason(before.inputs, resolved.inputs, { base: base.tree, head: head.tree });
    if (reason) add(name, reason);
  }
  for (const [path, uses] of options.templateUses) {
    for (const { image, template } of uses) add(image, { kind: 'template', path, template });
  }
  const names = [...found.keys()].sort();
  const reasons = names.map((name): [string, Reason[]] => [
    name,
    withoutRepeats(found.get(name) as Reason[]),
  ]);
  return { reasons: new Map(reasons), inputOfNone };
}

/** Adds reasons of an image of the head; what is no image there can't be built. */
type AddReason = (image: string, ...reasons: Reason[]) => void;

function newImage({ image }: ResolvedImage): Reason {
  return { kind: 'new-image', dockerfile: image.dockerfile };
}

function unknownReasons({ widenings }: ResolvedImage): Reason[] {
  return widenings.map(({ code, detail }) => ({ kind: 'unknown', code, detail }));
}

/** The settings are compared after resolution: a config change touches only the images it says something else about. */
function settingsReason(
  old: ResolvedImage,
  now: ResolvedImage,
  isOnBoth: (image: string) => boolean,
): Reason[] {
  const [before, after] = [old.image, now.image];
  const settings: string[] = [];
  for (const key of ['dockerfile', 'target', 'registry', 'template'] as const) {
    if (before[key] !== after[key]) settings.push(key);
  }
  if (tagsOf(before) !== tagsOf(after)) settings.push('tags');
  // Of what runs the job, only its variables can make another image: flags of the builder are some.
  if (variablesOf(before) !== variablesOf(after)) settings.push('runner.variables');
  // Where it really is: a link in the configured one may lead elsewhere now.
  if (old.inputs.context !== now.inputs.context) settings.push('context');
  // By its rules, a bare name may mean the image of that name here, or whatever the builder finds by it.
  if (bareNames(old, isOnBoth) !== bareNames(now, isOnBoth) && sayTheSame(old, now))
    settings.push('references');
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

/** What of an image's tags it says itself; those that all images have are none of its settings. */
function tagsOf({ tags, component }: Image): string {
  return JSON.stringify([tags.toSorted(), component?.arg, component?.as]);
}

function variablesOf({ runner }: Image): string {
  return JSON.stringify(Object.entries(runner?.variables ?? {}).sort());
}

function bareNames({ dependencies }: ResolvedImage, isOnBoth: (image: string) => boolean): string {
  const bare = dependencies
    .filter(({ image, bare: rest }) => rest !== undefined && isOnBoth(image))
    .map(({ image, word, bare: rest }) => JSON.stringify([word, image, rest]));
  return bare.sort().join('\n');
}

/**
 * An input on either side counts: what the base read and what the head reads can both change the image. A side that
 * does not have the path can't have read it, whatever its patterns say.
 *
 * @returns the paths that are an input of no image, sorted.
 */
function addChangedInputs(options: {
  changes: readonly Change[];
  base: Side;
  head: Side;
  keyChanges: KeyChanges;
  add: AddReason;
}): readonly string[] {
  const { base, head, keyChanges, add } = options;
  const paths = options.changes.map(({ path }) => path);
  const atHead = indexInputs(head.images.values(), paths);
  const atBase = base.images === head.images ? atHead : indexInputs(base.images.values(), paths);
  const sides = [
    { images: head.images, candidates: atHead, lacks: 'deleted', mode: 'newMode', other: base.tree },
    { images: base.images, candidates: atBase, lacks: 'added', mode: 'oldMode', other: head.tree },
  ] as const;
  const readsAlike = compareDockerfiles({ base, head });
  const changes = [...options.changes].sort((a, b) => (a.path < b.path ? -1 : 1));
  const ruleThatCounts = (rule: InputRule, { image, inputs, path }: ChangedInput): InputRule | undefined => {
    if (rule.kind === 'dockerfile' && readsAlike(image.name, path)) return otherRule(inputs, path);
    if (rule.kind !== 'declared-input' || rule.keys === undefined) return rule;
    return changedKeysRule(keyedUses(inputs.keyed, path), keyChanges);
  };
  const inputOfNone: string[] = [];
  for (const change of changes) {
    const { path, status } = change;
    let isInput = false;
    for (const { images, candidates, lacks, mode, other } of sides) {
      if (status === lacks) continue;
      // It may be one on one side only.
      const isSubmodule = change[mode] === SUBMODULE;
      // What reads from inside of a submodule has its directory below the changed path, where the index does not look.
      for (const { image, inputs } of isSubmodule ? images.values() : candidates(path)) {
        // A new image needs no further reason; it is asked only whether the path has a taker at all.
        const isNew = !base.images.has(image.name);
        if (isNew && isInput) continue;
        const found = isSubmodule
          ? submoduleRule(inputs, path)
          : (inputRule(inputs, path) ?? directoryRule(inputs, path, other));
        if (!found) continue;
        isInput = true;
        const rule = ruleThatCounts(found, { image, inputs, path });
        if (rule && !isNew) add(image.name, { ...rule, path, status });
      }
    }
    if (!isInput) inputOfNone.push(path);
  }
  return inputOfNone;
}

type ChangedInput = Pick<ResolvedImage, 'image' | 'inputs'> & { path: string };

function withoutRepeats(reasons: readonly Reason[]): Reason[] {
  const byPath = new Map<string, Reason>();
  for (const reason of reasons) {
    // The same path can be an input on both sides, by rules that differ only in their line.
    const key = 'path' in reason ? `${reason.kind}\0${reason.path}` : JSON.stringify(reason);
    if (!byPath.has(key)) byPath.set(key, reason);
  }
  return [...byPath.values()];
}
