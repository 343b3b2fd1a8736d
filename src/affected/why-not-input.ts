import { ignoringPattern } from '../dockerfile/ignore-file.ts';
import { displayDirectory } from '../images/image.ts';
import { type ImageInputs, sourceRule, type SourceRule } from '../images/inputs.ts';
import { relativeTo } from '../images/paths.ts';
import type { ResolvedImage } from '../images/resolve.ts';

/**
 * Why an image does not take a path that is near to it.
 *
 * - `ignored`: `pattern`, on this line of the ignore file, keeps it out of the build context
 * - `not-needed`: only a build stage that the target can do without takes it, by this instruction
 * - `not-copied`: it is in the build context, and none of the `sources` that are read from there holds it
 * - `outside-context`: it lies below the image's directory, but the build context is another one
 */
export type WhyNot =
  | { why: 'ignored'; file: string; line: number; pattern: string }
  | ({ why: 'not-needed' } & Pick<SourceRule, 'instruction' | 'source' | 'line'>)
  | { why: 'not-copied'; sources: number }
  | { why: 'outside-context'; context: string };

/**
 * @param path one that is no input of the image.
 * @returns undefined where nobody would expect it to be one: neither the image's build context nor its directory holds
 *   it. The repository's root as a directory does not count.
 */
export function whyNotInput(
  resolved: ResolvedImage,
  path: string,
  unneededInputs: (image: ResolvedImage) => readonly ImageInputs[],
): WhyNot | undefined {
  const { image, inputs } = resolved;
  const { context, ignoreFile, rules } = inputs;
  const relative = relativeTo(context, path);
  if (relative === undefined) {
    const isNear = image.directory !== '' && relativeTo(image.directory, path) !== undefined;
    return isNear ? { why: 'outside-context', context: displayDirectory(context) } : undefined;
  }
  const ignoring = ignoreFile && ignoringPattern(ignoreFile.patterns, relative, rules);
  if (ignoring) {
    return { why: 'ignored', file: ignoreFile.path, line: ignoring.line, pattern: ignoring.text };
  }
  for (const other of unneededInputs(resolved)) {
    const rule = sourceRule(other, path);
    if (rule) {
      const { instruction, source, line } = rule;
      return { why: 'not-needed', instruction, source, line };
    }
  }
  return { why: 'not-copied', sources: inputs.sources.length };
}
