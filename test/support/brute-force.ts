import {
  filesOf,
  type GeneratedImage,
  type GeneratedRepository,
  IGNORES,
  SOURCES,
} from './generated-repository.ts';

/**
 * The affected images, found the slow way and by nothing of the program: for each image the files it reads are listed
 * on either side and compared, then everything that needs an affected or removed image on either side joins in.
 */
export function affectedByBruteForce(before: GeneratedRepository, after: GeneratedRepository): string[] {
  const old = images(before);
  const now = images(after);
  const differs = new Set(
    [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name)?.all !== now.get(name)?.all),
  );
  for (const name of now.keys()) {
    if (declaredFilesDiffer(before, after, name) || declaredKeysDiffer(before, after, name))
      differs.add(name);
    if (old.get(name)?.unknown || now.get(name)?.unknown) differs.add(name);
  }
  for (let size = -1; size < differs.size;) {
    size = differs.size;
    for (const name of now.keys()) {
      const needed = [...(now.get(name)?.needs ?? []), ...(old.get(name)?.needs ?? [])];
      if (needed.some((base) => differs.has(base))) differs.add(name);
    }
  }
  return [...differs].filter((name) => now.has(name));
}

interface Listed {
  /** Everything the image is made from, as one text. */
  all: string;
  needs: readonly string[];
  unknown: boolean;
}

function images(repository: GeneratedRepository): ReadonlyMap<string, Listed> {
  const exists = repository.images.flatMap((image, index) => (image ? [`i${index}`] : []));
  const listed = repository.images.flatMap((image, index): [string, Listed][] => {
    if (!image) return [];
    const needs = image.bases.map((base) => `i${base.image}`);
    // A name below our registry must be an image of ours; a bare one may be somebody else's.
    const missing = image.bases.some(
      ({ image: base, how }) => how === 'FROM registry' && !exists.includes(`i${base}`),
    );
    const unknown = image.unknownBase || missing;
    return [
      [
        `i${index}`,
        {
          all: everythingOf(repository, image, index),
          needs: needs.filter((name) => exists.includes(name)),
          unknown,
        },
      ],
    ];
  });
  return new Map(listed);
}

function everythingOf(repository: GeneratedRepository, image: GeneratedImage, index: number): string {
  const directory = `i${index}/`;
  const context = image.wholeRepository ? '' : directory;
  const inForce = [image.ownIgnore, image.wholeRepository ? repository.rootIgnore : image.ignore];
  const ignore = inForce.map((which) => IGNORES[which]).find((file) => file?.text !== undefined);
  const files = filesOf(repository);
  const copied = Object.keys(files).filter((path) => {
    if (!path.startsWith(context)) return false;
    const relative = path.slice(context.length);
    return image.sources.some((source) => SOURCES[source]?.takes(relative)) && !ignore?.ignores(relative);
  });
  // Read in any case, and copied as well or not.
  const own = [`${directory}Dockerfile`, `${directory}.gitlab-ci.yml`];
  const read = [own, copied.sort()].map((paths) => paths.map((path) => [path, files[path]]));
  const { arg, template, wholeRepository } = image;
  const shared = image.takesShared ? repository.values.arg : undefined;
  return JSON.stringify([read, arg, shared, template, wholeRepository]);
}

/** A declared file is nothing the build reads: what counts is that it changed, not that it was declared. */
function declaredFilesDiffer(before: GeneratedRepository, after: GeneratedRepository, name: string): boolean {
  const index = Number(name.slice(1));
  return ['shared/x', 'shared/y'].some((path) => {
    const [old, now] = [before.files[path], after.files[path]];
    const seen =
      (old && before.images[index]?.declaresShared) || (now && after.images[index]?.declaresShared);
    return Boolean(seen) && JSON.stringify(old) !== JSON.stringify(now);
  });
}

function declaredKeysDiffer(before: GeneratedRepository, after: GeneratedRepository, name: string): boolean {
  const index = Number(name.slice(1));
  const [old, now] = [before.images[index], after.images[index]];
  return ['a' as const, 'b' as const].some(
    (key) => (old?.keys.includes(key) || now?.keys.includes(key)) && before.values[key] !== after.values[key],
  );
}
