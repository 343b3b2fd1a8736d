import { type KeyChanges, keyedFilesReached } from '../affected/key-changes.ts';
import type { Change } from '../change.ts';
import { AffectedError } from '../errors.ts';
import type { Widening } from '../images/image.ts';
import { followLinks } from '../images/links.ts';
import { changedKeys } from '../values/changed-keys.ts';
import type { BlobStore } from './blob-store.ts';
import type { LoadedSide } from './load-side.ts';
import type { ValuesReading } from './read-values.ts';

/**
 * What changed in the files that are inputs by their keys. Only files that changed are read.
 *
 * @returns the base with widenings for the images that use a file which can't be read there.
 * @throws AffectedError `declared-input` for a file that doesn't parse at the head.
 */
export async function readKeyChanges(options: {
  changes: readonly Change[];
  base: LoadedSide;
  head: LoadedSide;
  blobs: BlobStore;
}): Promise<{ keyChanges: KeyChanges; base: LoadedSide }> {
  const { base, head, blobs } = options;
  const files = keyedFilesReached(options.changes, [head, base]);
  if (files.length === 0) return { keyChanges: new Map(), base };
  for (const { snapshot } of [head, base]) {
    await blobs.read(
      snapshot.tree,
      files.flatMap((file) => followLinks(snapshot, file).path ?? []),
    );
  }
  const { readValues } = await import('./read-values.ts');
  const keyChanges = new Map<string, readonly (readonly string[])[]>();
  const broken: string[] = [];
  const widenings: Widening[] = [];
  for (const file of files) {
    const [now, old] = [head, base].map(({ snapshot }) => readValues(snapshot, file, { single: false })) as [
      ValuesReading,
      ValuesReading,
    ];
    const [before, after] = [valuesOf(old), valuesOf(now)];
    if (before && after) keyChanges.set(file, changedKeys(before, after));
    else if (now.kind === 'broken' && usersOf(head, file).length > 0) broken.push(now.message);
    else {
      const users = new Set([...usersOf(head, file), ...usersOf(base, file)]);
      widenings.push(...[...users].flatMap((image) => unreadableInput(image, now, old)));
    }
  }
  if (broken.length > 0) throw new AffectedError('declared-input', broken);
  return { keyChanges, base: withWidenings(base, widenings) };
}

/** A file that is not there holds nothing. */
function valuesOf(reading: ValuesReading) {
  if (reading.kind === 'missing') return new Map();
  return reading.kind === 'read' ? reading.values : undefined;
}

/** The images that a file is a keyed input of. */
function usersOf({ images }: LoadedSide, file: string): string[] {
  return [...images.values()]
    .filter(({ inputs }) => inputs.keyed.some(({ matches }) => matches(file)))
    .map(({ image }) => image.name);
}

function unreadableInput(image: string, now: ValuesReading, old: ValuesReading): Widening[] {
  if (now.kind === 'unreadable') {
    return [{ scope: 'image', image, code: 'unreadable-file', detail: now.message }];
  }
  if (old.kind === 'unreadable') {
    return [{ scope: 'image', image, code: 'unreadable-file', detail: `at the base, ${old.message}` }];
  }
  if (old.kind !== 'broken') return [];
  return [{ scope: 'image', image, code: 'broken-at-base', detail: `at the base, ${old.message}` }];
}

function withWidenings(side: LoadedSide, widenings: readonly Widening[]): LoadedSide {
  const images = new Map(side.images);
  for (const widening of widenings) {
    const resolved = images.get(widening.image as string);
    // One that is new at the head is affected anyway.
    if (!resolved) continue;
    images.set(resolved.image.name, { ...resolved, widenings: [...resolved.widenings, widening] });
  }
  return { ...side, images };
}
