import type { Image } from '../../src/images/image.ts';
import type { Comparison } from '../../src/render/comparison.ts';
import type { Reason } from '../../src/affected/reasons.ts';

type Entry = Comparison['affected'][number];

/** An affected image in a directory of its name. */
export function affectedImage(
  name: string,
  reasons: readonly Reason[],
  dependsOn: readonly string[] = [],
): Entry {
  const image: Image = {
    name,
    repository: name,
    variant: undefined,
    tags: [],
    registry: 'registry.example.com/group/project',
    directory: name,
    dockerfile: `${name}/Dockerfile`,
    context: name,
    target: undefined,
    args: {},
    sharedArgs: new Map<string, undefined>(),
    argsFiles: [],
    template: '.kaniko-build',
    verify: { scan: false, sbom: false, test: false },
    inputs: [],
    keyedInputs: [],
  };
  return { image, reasons, dependsOn, level: dependsOn.length };
}

/** A comparison of two commits in which nothing happened, but for what is said. */
export function comparisonOf(parts: Partial<Comparison> = {}): Comparison {
  return {
    base: 'b'.repeat(40),
    head: 'a'.repeat(40),
    baseWhy: '--base main',
    changedPaths: 1,
    workingTree: null,
    affected: [],
    unaffected: [],
    removed: [],
    widened: [],
    unowned: [],
    unownedPolicy: 'ignore',
    ...parts,
  };
}
