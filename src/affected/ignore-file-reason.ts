import { type ImageInputs, isTaken } from '../images/inputs.ts';
import { withAncestors } from '../images/paths.ts';
import { submoduleRule } from '../images/submodules.ts';
import { isDirectory, pathsUnder, SUBMODULE, type Tree } from '../tree.ts';
import type { Reason } from './reasons.ts';

/**
 * A changed ignore file, or other rules for it, matter only through what it lets in or keeps out that is there on both
 * sides: a file, or a directory of which no file is taken, which a builder copies empty (see `directoryRule`).
 */
export function ignoreFileReason(
  before: ImageInputs,
  after: ImageInputs,
  trees: { base: Tree; head: Tree },
): Reason | undefined {
  // With another context the image is affected anyway.
  if (before === after || before.context !== after.context) return undefined;
  const sameRules = before.rules === after.rules;
  if (sameRules && before.ignoreFile?.text === after.ignoreFile?.text) return undefined;
  // Only by some rules does the builder go outside of the context.
  if (!sameRules && leavesContext(before) !== leavesContext(after)) return OTHER_RULES;
  // What a COPY no longer asks for is not the ignore file's doing.
  const otherwise = sameRules ? after.withIgnoreFile(before.ignoreFile) : before;
  const paths = pathsUnder(trees.head, after.context);
  const sides = { ...trees, otherwise, after };
  const example =
    paths.find((path) => fileDiffers(path, sides)) ??
    [...withAncestors(paths)].find((path) => emptyDirectoryDiffers(path, sides));
  if (example === undefined) return undefined;
  const path = after.ignoreFile?.path ?? before.ignoreFile?.path;
  return sameRules && path !== undefined ? { kind: 'ignore-file', path, example } : OTHER_RULES;
}

const OTHER_RULES: Reason = { kind: 'config', settings: ['dockerignore'] };

function leavesContext({ sources }: ImageInputs): boolean {
  return sources.some(({ outside }) => outside !== undefined);
}

interface Sides {
  base: Tree;
  head: Tree;
  /** The image's inputs by the ignore file and the rules of the base, and by its own. */
  otherwise: ImageInputs;
  after: ImageInputs;
}

function fileDiffers(path: string, { base, head, otherwise, after }: Sides): boolean {
  if (!base.has(path)) return false;
  if (isTaken(otherwise, path) !== isTaken(after, path)) return true;
  // What a submodule holds is not known here.
  const isSubmodule = head.get(path)?.mode === SUBMODULE;
  return isSubmodule && [otherwise, after].some((inputs) => submoduleRule(inputs, path)?.kind === 'source');
}

function emptyDirectoryDiffers(path: string, { base, head, otherwise, after }: Sides): boolean {
  return (
    isTaken(otherwise, path) !== isTaken(after, path) &&
    isDirectory(base, path) &&
    !pathsUnder(head, path).some((inside) => isTaken(after, inside))
  );
}
