import type { Config } from '../config/schema.ts';
import type { DeclaredArguments } from '../dockerfile/declared-arguments.ts';
import { platformArguments } from '../dockerfile/platform.ts';
import type { Values } from '../values/value.ts';
import type { Image } from './image.ts';

/** The build args that files named as `argsFile` hold, by path. A file that can't be read is left out. */
export type FileArgs = ReadonlyMap<string, Readonly<Record<string, string>>>;

type ArgSettings = Pick<Config['images'][number], 'args' | 'argsFile'>;

/** What is configured for an image: all images' settings first, then its own; of each the files, then `args`. */
export function configuredArgs(
  shared: ArgSettings,
  own: readonly ArgSettings[],
  fileArgs: FileArgs,
): Pick<Image, 'args' | 'sharedArgs' | 'argsFiles'> {
  const args = new Map<string, string>();
  const sharedArgs = new Map<string, string | undefined>();
  const argsFiles = new Set<string>();
  for (const settings of [shared, ...own]) {
    for (const file of argsFilesOf(settings)) {
      argsFiles.add(file);
      for (const [name, value] of Object.entries(fileArgs.get(file) ?? {})) {
        args.set(name, value);
        sharedArgs.set(name, file);
      }
    }
    for (const [name, value] of Object.entries(settings.args ?? {})) {
      args.set(name, value);
      if (settings === shared) sharedArgs.set(name, undefined);
      else sharedArgs.delete(name);
    }
  }
  return { args: Object.fromEntries(args), sharedArgs, argsFiles: [...argsFiles] };
}

export function argsFilesOf({ argsFile = [] }: ArgSettings): readonly string[] {
  return typeof argsFile === 'string' ? [argsFile] : argsFile;
}

/** The values at the top of a file that a build arg can be named after; numbers and the like as they are written. */
export function argsIn(values: Values): Readonly<Record<string, string>> {
  const found = [...values.values()].filter(
    ({ path, type }) =>
      path.length === 1 &&
      /^[A-Za-z_]\w*$/.test(path[0] as string) &&
      ['string', 'plain', 'literal'].includes(type),
  );
  return Object.fromEntries(found.map(({ path, text }) => [path[0] as string, text]));
}

// What builders take undeclared: proxies in any case (BuildKit frontend/dockerui, proxyEnvFromBuildArgs), settings of
// BuildKit itself, the clock of reproducible builds, and the platform.
const PROXY = /^(?:https?|ftp|no|all)_proxy$/i;
const PREDEFINED = /^(?:BUILDKIT_.*|SOURCE_DATE_EPOCH)$/;
const PLATFORM = platformArguments('', '');

/**
 * The image with the build args that can change it, and so the ones its job passes: its own, and of those it shares with
 * others the ones a builder would take.
 *
 * @param declared undefined when its Dockerfile can't be read: then all count.
 */
export function withCountedArgs(image: Image, declared: DeclaredArguments | undefined): Image {
  const { args, sharedArgs } = image;
  if (sharedArgs.size === 0) return image;
  const counts = (name: string) =>
    !sharedArgs.has(name) ||
    declared === undefined ||
    declared.any ||
    declared.names.has(name) ||
    PROXY.test(name) ||
    PREDEFINED.test(name) ||
    PLATFORM.has(name);
  return { ...image, args: Object.fromEntries(Object.entries(args).filter(([name]) => counts(name))) };
}
