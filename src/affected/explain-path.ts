import { buildLevels, dependentsOf, imageGraph } from '../images/graph.ts';
import { type ImageInputs, type InputRule, inputRule, otherRule } from '../images/inputs.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { submoduleRule } from '../images/submodules.ts';
import { SUBMODULE } from '../tree.ts';
import { compareDockerfiles } from './dockerfiles.ts';
import { directoryRule } from './directory-rule.ts';
import type { Side } from './side.ts';
import { unownedPaths } from './unowned.ts';
import { type WhyNot, whyNotInput } from './why-not-input.ts';

/** What one path can do: the images it is an input of, those built from them, and why the near ones are not among them. */
export interface PathExplanation {
  path: string;
  inputOf: readonly PathInput[];
  /** Images built from those and from `alsoReached`, in build order. */
  dependents: readonly string[];
  /** Images whose build context or directory holds the path, yet which it can't change. */
  notInputOf: readonly ({ image: string } & WhyNot)[];
  /** Whether it belongs to no image, so that the policy for unowned paths decides what a change of it does. */
  unowned: boolean;
}

interface PathInput {
  image: string;
  rule: InputRule;
  /** It is the image's Dockerfile, and changed only in what the builder discards. */
  discarded?: true;
}

/**
 * Explains a path for the images of the head, each by its rule there or else by its rule at the base.
 *
 * @param options.alsoReached images the path reaches by something other than their inputs, such as a template.
 * @param options.isKnown see `UnownedSettings`.
 * @param options.unneededInputs the image's inputs by the stages its target can do without.
 */
export function explainPath(options: {
  head: Side;
  base: Side;
  path: string;
  alsoReached: readonly string[];
  isKnown: (path: string) => boolean;
  unneededInputs: (image: ResolvedImage) => readonly ImageInputs[];
}): PathExplanation {
  const { head, base, path } = options;
  const alsoReached = new Set(options.alsoReached);
  const isSubmodule = [head, base].some(({ tree }) => tree.get(path)?.mode === SUBMODULE);
  const ruleOf = isSubmodule ? submoduleRule : inputRule;
  const readsAlike = compareDockerfiles({ base, head });
  const viaDirectory = (now: ImageInputs, before: ImageInputs | undefined) => {
    if (isSubmodule) return undefined;
    if (head.tree.has(path)) return directoryRule(now, path, base.tree);
    return before && base.tree.has(path) ? directoryRule(before, path, head.tree) : undefined;
  };
  const inputOf: PathInput[] = [];
  const notInputOf: ({ image: string } & WhyNot)[] = [];
  for (const [image, resolved] of head.images) {
    const before = base.images.get(image)?.inputs;
    const ruleBy = (find: typeof inputRule) => find(resolved.inputs, path) ?? (before && find(before, path));
    const rule = ruleBy(ruleOf) ?? viaDirectory(resolved.inputs, before);
    if (rule?.kind === 'dockerfile' && readsAlike(image, path)) {
      const other = ruleBy(otherRule);
      inputOf.push(other ? { image, rule: other } : { image, rule, discarded: true });
    } else if (rule) inputOf.push({ image, rule });
    else if (!alsoReached.has(image)) {
      const why = whyNotInput(resolved, path, options.unneededInputs);
      if (why) notInputOf.push({ image, ...why });
    }
  }
  const wasInput = [...base.images.values()].some(({ inputs }) => ruleOf(inputs, path));
  const inputOfNone = inputOf.length === 0 && !wasInput ? [path] : [];
  const reached = new Set([...inputOf.map(({ image }) => image), ...alsoReached]);
  return {
    path,
    inputOf,
    dependents: builtFrom(head, reached),
    notInputOf,
    unowned: unownedPaths(inputOfNone, options).length > 0,
  };
}

function builtFrom(side: Side, images: ReadonlySet<string>): readonly string[] {
  const graph = imageGraph(side.images);
  const dependents = dependentsOf(graph);
  const found = new Set(images);
  for (const name of found) for (const dependent of dependents.get(name) ?? []) found.add(dependent);
  return buildLevels(graph)
    .flat()
    .filter((name) => found.has(name) && !images.has(name));
}
