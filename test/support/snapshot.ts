import * as z from 'zod/mini';
import { type Affected, findAffected } from '../../src/affected/affected.ts';
import { type KeyChanges, keyedFilesReached } from '../../src/affected/key-changes.ts';
import type { Side, TemplateUses } from '../../src/affected/side.ts';
import type { UnownedSettings } from '../../src/affected/unowned.ts';
import type { Change } from '../../src/change.ts';
import { Config } from '../../src/config/schema.ts';
import { argsFilesOf, argsIn, type FileArgs } from '../../src/images/build-args.ts';
import { discoverImages } from '../../src/images/discover.ts';
import type { Image, Widening } from '../../src/images/image.ts';
import { followLinks } from '../../src/images/links.ts';
import { type Problem, resolveImages } from '../../src/images/resolve.ts';
import type { Snapshot } from '../../src/images/snapshot.ts';
import { changedKeys } from '../../src/values/changed-keys.ts';
import { parseValues } from '../../src/values/parse-values.ts';
import { createTree, SUBMODULE, SYMBOLIC_LINK, type TreeEntry } from '../../src/tree.ts';

/** A path's content, or what else git can hold there; `missing` is a blob that this clone lacks. */
type File =
  string | { executable: string } | { symlink: string } | { submodule: string } | { missing: string };
export type Files = Readonly<Record<string, File>>;

/** A snapshot in memory: what git would say of a commit that holds these files. */
export function snapshot(files: Files): Snapshot {
  const entries = new Map(Object.entries(files).map(([path, file]) => [path, entryOf(file)]));
  const texts = new Map(Object.entries(files).map(([path, file]) => [path, textOf(file)]));
  return { tree: createTree(entries), text: (path) => texts.get(path) };
}

/** The whole configuration of a repository with this `affected.yml`. */
export function configOf(settings: z.input<typeof Config> = {}): Config {
  return z.parse(Config, settings);
}

export interface TestSide extends Side {
  snapshot: Snapshot;
  images: ReturnType<typeof resolveImages>['images'];
  problems: readonly Problem[];
  config: Config;
}

/** One side of a comparison, as the commands load it: images found, Dockerfiles read, inputs resolved. */
export function side(content: Files | Snapshot, settings: z.input<typeof Config> = {}): TestSide {
  const config = configOf(settings);
  const here = isSnapshot(content) ? content : snapshot(content);
  const images = discoverImages({
    tree: here.tree,
    config,
    repositoryName: 'repo',
    fileArgs: fileArgsOf(here, config),
  });
  return { tree: here.tree, snapshot: here, config, ...resolveImages({ snapshot: here, images, config }) };
}

export function imagesOf(files: Files, settings: z.input<typeof Config> = {}): readonly Image[] {
  const here = snapshot(files);
  const config = configOf(settings);
  const fileArgs = fileArgsOf(here, config);
  return discoverImages({ tree: here.tree, config, repositoryName: 'repo', fileArgs });
}

function fileArgsOf(here: Snapshot, config: Config): FileArgs {
  const files = [config, ...config.images].flatMap(argsFilesOf);
  return new Map(
    files.map((file) => [file, argsIn(parseValues(here.text(file) ?? '', file, { single: true }))]),
  );
}

/** What git's own comparison of two trees says, without renames. */
export function changesBetween(base: Side, head: Side): Change[] {
  const paths = [...new Set([...base.tree.paths, ...head.tree.paths])].sort();
  return paths.flatMap((path) => {
    const [before, after] = [base.tree.get(path), head.tree.get(path)];
    if (before?.oid === after?.oid && before?.mode === after?.mode) return [];
    const [oldMode, newMode] = [before?.mode ?? '000000', after?.mode ?? '000000'];
    const sameType = oldMode.slice(0, 3) === newMode.slice(0, 3);
    const status = !before ? 'added' : !after ? 'deleted' : sameType ? 'modified' : 'type-changed';
    return [{ path, status, oldMode, newMode }];
  });
}

/** The answer to everything that changed from one side to the other. */
export function compare(
  base: Side | undefined,
  head: Side,
  options: {
    changes?: readonly Change[];
    everything?: string;
    widened?: Widening[];
    templateUses?: TemplateUses;
    unowned?: Partial<UnownedSettings>;
  } = {},
): Affected {
  return findAffected({
    changes: options.changes ?? (base ? changesBetween(base, head) : []),
    base,
    head,
    everything: options.everything,
    widened: options.widened ?? [],
    templateUses: options.templateUses ?? new Map(),
    unowned: { policy: 'ignore', isKnown: () => false, ...options.unowned },
    keyChanges: base ? keyChangesBetween(base, head) : new Map(),
  });
}

function keyChangesBetween(base: Side, head: Side): KeyChanges {
  const files = keyedFilesReached(changesBetween(base, head), [head, base]);
  const values = (at: Side, file: string) => {
    const { snapshot: here } = at as TestSide;
    return parseValues(here.text(followLinks(here, file).path ?? '') ?? '', file, { single: false });
  };
  return new Map(files.map((file) => [file, changedKeys(values(base, file), values(head, file))]));
}

/** The names of the affected images, in build order. */
export function affectedNames(base: Side | undefined, head: Side): string[] {
  return compare(base, head).affected.map(({ image }) => image.name);
}

function isSnapshot(content: Files | Snapshot): content is Snapshot {
  return typeof content['text'] === 'function';
}

function entryOf(file: File): TreeEntry {
  if (typeof file === 'string') return { mode: '100644', oid: `blob ${file}` };
  if ('executable' in file) return { mode: '100755', oid: `blob ${file.executable}` };
  if ('symlink' in file) return { mode: SYMBOLIC_LINK, oid: `blob ${file.symlink}` };
  if ('submodule' in file) return { mode: SUBMODULE, oid: file.submodule };
  return { mode: '100644', oid: file.missing };
}

function textOf(file: File): string | undefined {
  if (typeof file === 'string') return file;
  if ('executable' in file) return file.executable;
  if ('symlink' in file) return file.symlink;
  return undefined;
}
