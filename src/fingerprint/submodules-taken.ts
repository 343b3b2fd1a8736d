import { isIgnored } from '../dockerfile/ignore-file.ts';
import type { ImageInputs, SelectedSource } from '../images/inputs.ts';
import { relativeTo } from '../images/paths.ts';
import type { Listing } from './listing.ts';

/**
 * The submodules that a source may reach into: the commit stands for all that it holds, and where it lies in the build
 * context, the ignore file for what is let in of that.
 */
export function submodulesTaken(listing: Listing, inputs: ImageInputs): ReadonlyMap<string, string> {
  const taken = new Map<string, string>();
  for (const path of listing.submodules) {
    if (!inputs.sources.some((source) => mayReach(source, path, inputs))) continue;
    const entry = listing.entryOf(path) as string;
    const isInContext = relativeTo(inputs.context, path) !== undefined;
    const ignore = [inputs.rules, inputs.ignoreFile?.text ?? null];
    taken.set(path, isInContext ? `${entry} ${JSON.stringify(ignore)}` : entry);
  }
  return taken;
}

function mayReach({ mayLieIn, outside, linked }: SelectedSource, path: string, inputs: ImageInputs): boolean {
  const { context } = inputs;
  if (isWithin(path, context)) return true;
  const relative = relativeTo(context, path);
  if (relative !== undefined && mayLieIn(relative) && !isWhollyKeptOut(inputs, relative)) return true;
  if (linked?.targets.some(({ base }) => isWithin(path, base) || isWithin(base, path))) return true;
  if (outside === undefined) return false;
  const above = relativeTo(outside.base, path);
  return isWithin(path, outside.base) || (above !== undefined && outside.mayLieIn(above));
}

/** Whether `path` is `directory` or lies below it. */
function isWithin(directory: string, path: string): boolean {
  return path === directory || relativeTo(directory, path) !== undefined;
}

/** An exception in the ignore file may let in something that is inside. */
function isWhollyKeptOut({ ignoreFile, rules }: ImageInputs, relative: string): boolean {
  if (ignoreFile === undefined || ignoreFile.patterns.some(({ negated }) => negated)) return false;
  return isIgnored(ignoreFile.patterns, relative, rules);
}
