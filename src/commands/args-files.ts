import type { Config } from '../config/schema.ts';
import { argsFilesOf, argsIn, type FileArgs } from '../images/build-args.ts';
import type { Image } from '../images/image.ts';
import { followLinks } from '../images/links.ts';
import type { Problem } from '../images/resolve.ts';
import type { Snapshot } from '../images/snapshot.ts';
import type { BlobStore } from './blob-store.ts';
import { CONFIG_FILE } from './load-config.ts';
import type { LoadedSide } from './load-side.ts';

interface ArgsFiles {
  args: FileArgs;
  /** What is wrong with a file, by its path. */
  wrong: ReadonlyMap<string, string>;
}

/** Reads the files that the config names as `argsFile`. Their parsers are loaded only where there is one. */
export async function readArgsFiles(options: {
  config: Config;
  snapshot: Snapshot;
  blobs: BlobStore;
}): Promise<ArgsFiles> {
  const { config, snapshot, blobs } = options;
  const args = new Map<string, Readonly<Record<string, string>>>();
  const wrong = new Map<string, string>();
  const files = new Set([config, ...config.images].flatMap(argsFilesOf));
  if (files.size === 0) return { args, wrong };
  const targets = [...files].flatMap((file) => followLinks(snapshot, file).path ?? []);
  await blobs.read(snapshot.tree, targets);
  const { readValues } = await import('./read-values.ts');
  for (const file of files) {
    const reading = readValues(snapshot, file, { single: true });
    if (reading.kind === 'read') args.set(file, argsIn(reading.values));
    else if (reading.kind === 'missing') {
      wrong.set(
        file,
        `${file} is no file of this repository; add it, or correct "argsFile" in ${CONFIG_FILE}`,
      );
    } else wrong.set(file, reading.message);
  }
  return { args, wrong };
}

/** The paths that decide what those files hold: they may be symbolic links. */
export function argsFilePaths({
  config,
  snapshot,
}: Pick<LoadedSide, 'config' | 'snapshot'>): ReadonlySet<string> {
  const files = new Set([config, ...config.images].flatMap(argsFilesOf));
  return new Set(
    [...files].flatMap((file) => {
      const { path, links } = followLinks(snapshot, file);
      return [file, ...links, ...(path === undefined ? [] : [path])];
    }),
  );
}

/** The problems of the images that would take build args from a file with something wrong. */
export function argsFileProblems(images: readonly Image[], wrong: ArgsFiles['wrong']): Problem[] {
  if (wrong.size === 0) return [];
  return images.flatMap(({ name, argsFiles }) =>
    argsFiles.flatMap((file) => {
      const message = wrong.get(file);
      return message === undefined ? [] : [{ image: name, code: 'args-file' as const, message }];
    }),
  );
}

/** The images that take build args from a file, or through a link of this path, and which. */
export function takersOf(side: LoadedSide, path: string): { image: string; names: readonly string[] }[] {
  const leads = new Map<string, boolean>();
  const leadsThrough = (file: string): boolean => {
    const known = leads.get(file);
    if (known !== undefined) return known;
    const followed = followLinks(side.snapshot, file);
    const found = [file, followed.path, ...followed.links].includes(path);
    leads.set(file, found);
    return found;
  };
  return [...side.images.values()].flatMap(({ image: { name, args, sharedArgs } }) => {
    const names = Object.keys(args).filter((arg) => {
      const file = sharedArgs.get(arg);
      return file !== undefined && leadsThrough(file);
    });
    return names.length === 0 ? [] : [{ image: name, names }];
  });
}
