import { isIgnored } from '../dockerfile/ignore-file.ts';
import { declares } from './declared-globs.ts';
import { mayMatchBelow } from './globs.ts';
import type { ImageInputs, InputRule } from './inputs.ts';
import { relativeTo } from './paths.ts';

/**
 * The rule by which a submodule may hold an input of the image. Its files are not in this repository: a changed commit
 * of it stands for a change of everything at and below `path`, so that a source, a glob or a context inside of it counts.
 */
export function submoduleRule(inputs: ImageInputs, path: string): InputRule | undefined {
  for (const { instruction, source, line, mayLieIn, outside, linked } of inputs.sources) {
    const target = linked?.targets.find(({ base }) => holds(path, base) || holds(base, path));
    if (target) return { kind: 'source', instruction, source, line, link: target.link };
    const relative = relativeTo(inputs.context, path);
    const inContext = relative !== undefined && !isKeptOut(inputs, relative) && mayLieIn(relative);
    const above = outside && relativeTo(outside.base, path);
    const isOutside =
      outside !== undefined &&
      (holds(path, outside.base) || (above !== undefined && outside.mayLieIn(above)));
    if (holds(path, inputs.context) || inContext || isOutside)
      return { kind: 'source', instruction, source, line };
  }
  const globs = [...inputs.declared, ...inputs.keyed];
  const declared = globs.find((one) => declares(one, path) || mayMatchBelow(one.glob, path));
  return declared ? { kind: 'declared-input', glob: declared.glob } : undefined;
}

function holds(directory: string, path: string): boolean {
  return path === directory || relativeTo(directory, path) !== undefined;
}

/** With an exception (`!…`) in the ignore file, something inside may be let in again. */
function isKeptOut({ ignoreFile, rules }: ImageInputs, relativePath: string): boolean {
  if (!ignoreFile || ignoreFile.patterns.some(({ negated }) => negated)) return false;
  return isIgnored(ignoreFile.patterns, relativePath, rules);
}
