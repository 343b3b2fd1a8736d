import { type ImageInputs, sourceRule, type SourceRule } from '../images/inputs.ts';
import { directoryOf, selfAndAncestors } from '../images/paths.ts';
import { isDirectory, type Tree } from '../tree.ts';

/**
 * The COPY, ADD or RUN --mount that takes a directory which exists on one side only, because of `path`. For git a
 * directory is there where a file is; a builder copies it even when its files are all ignored or excluded, and then it
 * is empty (tonistiigi/fsutil `filterFS.Walk`, Kaniko `util.CopyDir`).
 *
 * @param path one that the side of `inputs` has, and that is no input itself.
 */
export function directoryRule(inputs: ImageInputs, path: string, otherTree: Tree): SourceRule | undefined {
  // Then all its directories are there, too.
  if (otherTree.has(path)) return undefined;
  for (const directory of selfAndAncestors(directoryOf(path))) {
    const rule = sourceRule(inputs, directory);
    if (rule && !isDirectory(otherTree, directory)) return { ...rule, directory };
  }
  return undefined;
}
