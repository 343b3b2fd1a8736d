import type { Config } from '../config/schema.ts';
import type { Image } from './image.ts';

type Variants = NonNullable<Config['images'][number]['variants']>;

/** The images of one Dockerfile: itself, or its variants, each with its own args, target and tags. */
export function withVariants(plain: Image, variants: Variants): readonly Image[] {
  const entries = Object.entries(variants);
  if (entries.length === 0) return [plain];
  return entries.map(([variant, { args = {}, target = plain.target, tags = [variant] }]) => ({
    ...plain,
    name: `${plain.repository}:${variant}`,
    variant,
    tags: [...new Set(tags)],
    args: { ...plain.args, ...args },
    sharedArgs: new Map([...plain.sharedArgs].filter(([name]) => !Object.hasOwn(args, name))),
    target,
  }));
}

/** The images of each Dockerfile, which share a repository. */
export function byRepository(images: readonly Image[]): ReadonlyMap<string, readonly Image[]> {
  const families = new Map<string, Image[]>();
  for (const image of images) {
    const family = families.get(image.repository);
    if (family) family.push(image);
    else families.set(image.repository, [image]);
  }
  return families;
}

/** The image of a family that a tag means: a plain one by any tag, a variant by its own. */
export function imageByTag(family: readonly Image[], tag: string | undefined): Image | undefined {
  return family.find(
    ({ variant, tags }) => variant === undefined || (tag !== undefined && tags.includes(tag)),
  );
}

/** As in `java:21 (tags 21, latest), java:25 (tag 25)`. */
export function listVariants(family: readonly Image[]): string {
  return family
    .map(({ name, tags }) => `${name} (${tags.length === 1 ? 'tag' : 'tags'} ${tags.join(', ')})`)
    .join(', ');
}
