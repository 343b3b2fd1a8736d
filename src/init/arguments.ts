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
  return names.map((name) => {
    const own = uses.filter(({ reference }) => reference.unset.includes(name));
    const tried = usesOf(images, { ...args, [name]: registry });
    const isPrefix = own.some(
      ({ reference }) =>
        startsWith(reference.word, name) && tried.some((use) => isAt(use, reference) && meansOurs(use, all)),
    );
    const isTag = own.every((use) => use.tag === 'unset' && meansOurs(use, all));
    return { name, value: isPrefix ? registry : isTag ? 'latest' : undefined, uses: own };
  });
}

function startsWith(word: string, name: string): boolean {
  return word.startsWith(`$${name}/`) || word.startsWith(`\${${name}}/`);
}

function isAt({ reference }: Use, other: Use['reference']): boolean {
  return reference.word === other.word && reference.line === other.line;
}

function meansOurs(use: Use, images: readonly Image[]): boolean {
  return meaningsOf(use, images).some(
    ({ image, likeness }) => likeness !== 'affix' && image.repository !== use.image.repository,
  );
}
