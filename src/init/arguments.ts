import type { Image } from '../images/image.ts';
import { meaningsOf } from './meanings.ts';
import { type ReadImage, type Use, usesOf } from './uses.ts';

/** A build arg that a reference needs and no Dockerfile gives a value. */
export interface NeededArgument {
  name: string;
  /** Undefined where nothing tells it. */
  value: string | undefined;
  /** The references that need it; never none. */
  uses: readonly Use[];
}

/**
 * Values for the ARGs that references need and that have none: the prefix of our registry where the reference then means
 * an image here, `latest` where it does whatever its tag.
 */
export function neededArguments(
  images: readonly ReadImage[],
  args: Readonly<Record<string, string>>,
  registry: string,
): readonly NeededArgument[] {
  const uses = usesOf(images, args).filter(({ reference }) => reference.unset.length > 0);
  const all = images.map(({ image }) => image);
  const names = [...new Set(uses.flatMap(({ reference }) => reference.unset))].sort();
  const needing = (name: string) => uses.filter(({ reference }) => reference.unset.includes(name));
  const prefixes = new Set(
    names.filter((name) => {
      const own = needing(name).filter(({ reference }) => startsWith(reference.word, name));
      const tried = own.length === 0 ? [] : usesOf(images, { ...args, [name]: registry });
      return tried.some((use) => own.some((other) => isAt(use, other)) && meansOurs(use, all));
    }),
  );
  // Which tags mean ours shows only once the repositories are known.
  const known = Object.fromEntries([...prefixes].map((name) => [name, registry]));
  const filled = usesOf(images, { ...args, ...known });
  return names.map((name) => {
    const left = filled.filter(({ reference }) => reference.unset.includes(name));
    const isTag = left.length > 0 && left.every((use) => use.tag === 'unset' && meansOurs(use, all));
    const value = prefixes.has(name) ? registry : isTag ? 'latest' : undefined;
    return { name, value, uses: needing(name) };
  });
}

function startsWith(word: string, name: string): boolean {
  return word.startsWith(`$${name}/`) || word.startsWith(`\${${name}}/`);
}

function isAt({ image, reference }: Use, other: Use): boolean {
  const { word, line, column } = other.reference;
  return (
    image === other.image && reference.word === word && reference.line === line && reference.column === column
  );
}

function meansOurs(use: Use, images: readonly Image[]): boolean {
  return meaningsOf(use, images).some(
    ({ image, likeness }) => likeness !== 'affix' && image.repository !== use.image.repository,
  );
}
