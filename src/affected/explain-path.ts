import { buildLevels, dependentsOf, imageGraph } from '../images/graph.ts';
import { type ImageInputs, type InputRule, inputRule, otherRule } from '../images/inputs.ts';
import { isIgnored } from '../dockerfile/ignore-file.ts';
import { relativeTo } from '../images/paths.ts';
import { compareDockerfiles } from './dockerfiles.ts';
import type { Side } from './side.ts';

/** What one path can do: the images it is an input of, those built from them, and why the near ones are not among them. */
export interface PathExplanation {
  path: string;
  inputOf: readonly PathInput[];
  /** Images built from those and from `alsoReached`, in build order. */
  dependents: readonly string[];
  /** Images whose build context holds the path, yet which it can't change. */
  notInputOf: readonly { image: string; why: 'ignored' | 'not-copied' }[];
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
 */
export function explainPath(options: {
  head: Side;
  base: Side;
  path: string;
  alsoReached: readonly string[];
}): PathExplanation {
  const { head, base, path, alsoReached } = options;
  const readsAlike = compareDockerfiles({ base, head });
  const inputOf: PathInput[] = [];
  const notInputOf: { image: string; why: 'ignored' | 'not-copied' }[] = [];
  for (const [image, { inputs }] of head.images) {
    const before = base.images.get(image)?.inputs;
    const ruleBy = (find: typeof inputRule) => find(inputs, path) ?? (before && find(before, path));
    const rule = ruleBy(inputRule);
    if (rule?.kind === 'dockerfile' && readsAlike(image, path)) {
      const other = ruleBy(otherRule);
      inputOf.push(other ? { image, rule: other } : { image, rule, discarded: true });
    } else if (rule) inputOf.push({ image, rule });
    else {
      const why = whyNot(inputs, path);
      if (why && !alsoReached.includes(image)) notInputOf.push({ image, why });
    }
  }
  const reached = new Set([...inputOf.map(({ image }) => image), ...alsoReached]);
  return { path, inputOf, dependents: builtFrom(head, reached), notInputOf };
}

function whyNot(
  { context, ignoreFile, rules }: ImageInputs,
  path: string,
): 'ignored' | 'not-copied' | undefined {
  const relative = relativeTo(context, path);
  if (relative === undefined) return undefined;
  return ignoreFile && isIgnored(ignoreFile.patterns, relative, rules) ? 'ignored' : 'not-copied';
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
