import type { UnownedSettings } from '../affected/unowned.ts';
import { compileGlobs } from '../images/globs.ts';
import type { Comparison } from '../render/comparison.ts';
import { printable } from '../render/printable.ts';
import type { CommandOptions } from '../run.ts';
import { argsFilePaths } from './args-files.ts';
import { CONFIG_FILE } from './load-config.ts';
import type { LoadedHead } from './load-head.ts';
import type { LoadedSide } from './load-side.ts';
import { isTemplateFile } from './template-file.ts';
import { repositoryPath } from './what-if.ts';

/**
 * The head's policy for changed paths that belong to no image, and which paths it leaves out: a file of build args also
 * where only the base names it, and so one of certificates.
 */
export async function unownedSettings(
  { side, repository, base }: Pick<LoadedHead, 'side' | 'repository'> & { base: LoadedSide | undefined },
  { values, surroundings }: Pick<CommandOptions, 'values' | 'surroundings'>,
): Promise<UnownedSettings> {
  const { policy, except } = side.config.unowned;
  const { cwd } = surroundings;
  const named = values.config;
  // A config outside of the repository is none of its paths.
  const config = named && (await repositoryPath({ repository, cwd, named }).catch(() => undefined));
  const isExcepted = compileGlobs(except);
  const sides = base ? [side, base] : [side];
  const own = new Set([
    CONFIG_FILE,
    config,
    ...sides.flatMap((each) => [...argsFilePaths(each), ...certificateFiles(each)]),
  ]);
  const isKnown = (path: string) => own.has(path) || isTemplateFile(path) || isExcepted(path);
  return { policy, isKnown };
}

/** Files that build jobs read, and that change no image. */
function certificateFiles({ config }: LoadedSide): string[] {
  return [config, ...config.images].flatMap(({ runner }) => runner?.certificates ?? []);
}

/** As many paths as are named on a terminal before the rest is only counted. */
const MOST_NAMED = 20;

/**
 * Where the policy is `error`, says which changed paths belong to no image and what to do about it.
 *
 * @returns the exit code.
 */
export function failOnUnowned(
  { unowned, unownedPolicy }: Pick<Comparison, 'unowned' | 'unownedPolicy'>,
  { values, surroundings }: Pick<CommandOptions, 'values' | 'surroundings'>,
): 0 | 1 {
  if (unownedPolicy !== 'error' || unowned.length === 0) return 0;
  const [what, belong] = unowned.length === 1 ? ['file', 'belongs'] : ['files', 'belong'];
  const more = unowned.length - MOST_NAMED;
  const lines = [
    `affected: ${unowned.length} changed ${what} ${belong} to no image, and the policy for those is error:`,
    ...unowned.slice(0, MOST_NAMED).map((path) => `  ${path}`),
    ...(more > 0 ? [`  and ${more} more; affected --json lists them all`] : []),
    `Declare what changes an image under "inputs" in ${values.config ?? CONFIG_FILE}, and what changes none under "unowned.except" [unowned]`,
  ];
  surroundings.stderr(lines.map((line) => `${printable(line)}\n`).join(''));
  return 1;
}
