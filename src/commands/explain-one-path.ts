import { explainPath } from '../affected/explain-path.ts';
import { inputsOfUnneededStages } from '../images/unneeded-stages.ts';
import type { PathEffects } from '../render/explain.ts';
import { takersOf } from './args-files.ts';
import { CONFIG_FILE } from './load-config.ts';
import type { Compared } from './compare-with-base.ts';
import { templateUses } from './template-uses.ts';

/** What a change of the path can do by any rule, as images are at the head and, for what is gone, at the base. */
export async function explainOnePath(compared: Compared, path: string): Promise<PathEffects> {
  const { head, changes, unowned } = compared;
  const { side, override, blobs } = head;
  const base = compared.base ?? side;
  const change = { path, status: 'modified', oldMode: '100644', newMode: '100644' } as const;
  const templates = await templateUses({ changes: [change], base, head: side, blobs });
  const templateOf = distinctBy(templates.get(path) ?? [], JSON.stringify).filter(({ image }) =>
    side.images.has(image),
  );
  const ignoreFileOf = [...side.images.keys()].filter((name) =>
    [side, base].some(({ images }) => images.get(name)?.inputs.ignoreFile?.files.includes(path)),
  );
  const argsFileOf = distinctBy(
    [...takersOf(side, path), ...takersOf(base, path)],
    ({ image }) => image,
  ).filter(({ image }) => side.images.has(image));
  return {
    ...explainPath({
      head: side,
      base,
      path,
      alsoReached: [...[...templateOf, ...argsFileOf].map(({ image }) => image), ...ignoreFileOf],
      isKnown: unowned.isKnown,
      unneededInputs: (image) => inputsOfUnneededStages(image, side),
    }),
    unownedPolicy: unowned.policy,
    changed: changes.some((other) => other.path === path),
    templateOf,
    ignoreFileOf,
    argsFileOf,
    isConfig: path === CONFIG_FILE && override === undefined,
  };
}

/** The first of those that `key` takes for the same. */
function distinctBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.toReversed().map((value) => [key(value), value])).values()].reverse();
}
