import { explainPath } from '../affected/explain-path.ts';
import { inputsOfUnneededStages } from '../images/unneeded-stages.ts';
import type { PathEffects } from '../render/explain.ts';
import { CONFIG_FILE } from './load-config.ts';
import type { Compared } from './compare.ts';
import { templateUses } from './template-uses.ts';

/** What a change of the path can do by any rule, as images are at the head and, for what is gone, at the base. */
export async function explainOnePath(compared: Compared, path: string): Promise<PathEffects> {
  const { head, changes, unowned } = compared;
  const { side, override, blobs } = head;
  const base = compared.base ?? side;
  const change = { path, status: 'modified', oldMode: '100644', newMode: '100644' } as const;
  const templates = await templateUses({ changes: [change], base, head: side, blobs });
  const templateOf = distinct(templates.get(path) ?? []).filter(({ image }) => side.images.has(image));
  const ignoreFileOf = [...side.images.keys()].filter((name) =>
    [side, base].some(({ images }) => images.get(name)?.inputs.ignoreFile?.files.includes(path)),
  );
  return {
    ...explainPath({
      head: side,
      base,
      path,
      alsoReached: [...templateOf.map(({ image }) => image), ...ignoreFileOf],
      isKnown: unowned.isKnown,
      unneededInputs: (image) => inputsOfUnneededStages(image, side),
    }),
    unownedPolicy: unowned.policy,
    changed: changes.some((other) => other.path === path),
    templateOf,
    ignoreFileOf,
    isConfig: path === CONFIG_FILE && override === undefined,
  };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
