import type { Image } from '../images/image.ts';
import { selfAndAncestors } from '../images/paths.ts';

/** What bake builds where nothing is named. */
export const DEFAULT_GROUP = 'default';

export interface BakeNames {
  /** The target of each image, by the image's name. */
  targets: ReadonlyMap<string, string>;
  /** Names of the images in and below a directory, by the name of its group; none for one that holds a single image. */
  groups: ReadonlyMap<string, readonly string[]>;
}

/**
 * Names for all images of the head, so that none depends on which of them are affected. Bake takes letters, digits, `_`
 * and `-`; what is then the same gets a number.
 */
export function bakeNames(images: readonly Image[]): BakeNames {
  const taken = new Set([DEFAULT_GROUP]);
  const sorted = images.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const targets = new Map(sorted.map(({ name }) => [name, untaken(name, taken)]));
  const members = new Map<string, string[]>();
  const isGroup = new Set<string>();
  for (const { name, directory } of sorted) {
    for (const path of selfAndAncestors(directory)) {
      const names = members.get(path);
      if (names) names.push(name);
      else members.set(path, [name]);
      if (path !== '' && (names || path !== directory)) isGroup.add(path);
    }
  }
  const groups = new Map(
    [...isGroup].sort().map((path) => [untaken(path, taken), members.get(path) as string[]]),
  );
  return { targets, groups };
}

function untaken(text: string, taken: Set<string>): string {
  const plain = text.replaceAll('/', '-').replaceAll(/[^a-zA-Z0-9_-]/g, '_');
  let name = plain;
  for (let number = 2; taken.has(name); number++) name = `${plain}_${number}`;
  taken.add(name);
  return name;
}
