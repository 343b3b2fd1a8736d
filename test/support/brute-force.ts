import {
  type Base,
  filesOf,
  type GeneratedImage,
  type GeneratedRepository,
  HOWS,
  IGNORES,
  instructionsOf,
  SOURCES,
  VARIANTS,
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

/** The changed paths that lie in no image's directory and that no image reads or declares, on the sides that have them. */
export function unownedByBruteForce(before: GeneratedRepository, after: GeneratedRepository): string[] {
  const [old, now] = [filesOf(before), filesOf(after)];
  const paths = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = paths.filter((path) => JSON.stringify(old[path]) !== JSON.stringify(now[path]));
  const isOwned = (path: string, { images: owners }: GeneratedRepository) =>
    owners.some((image, index) => image && path.startsWith(`i${index}/`)) ||
    (path === '.dockerignore' && owners.some((image) => image?.wholeRepository));
  const isRead = (path: string, repository: GeneratedRepository) =>
    filesOf(repository)[path] !== undefined &&
    repository.images.some(
      (image, index) =>
        image &&
        (directoriesOf(image).some((dir) => copiedBy(repository, image, { index, dir }).includes(path)) ||
          (image.declaresShared && /^shared\/[xy]$/.test(path)) ||
          (image.keys.length > 0 && path === 'values.json')),
    );
  return changed
    .filter((path) => ![before, after].some((side) => isOwned(path, side) || isRead(path, side)))
    .sort();
}

interface Listed {
  /** Everything the image is made from, as one text. */
  all: string;
  needs: readonly string[];
  unknown: boolean;
}

function images(repository: GeneratedRepository): ReadonlyMap<string, Listed> {
  const listed = repository.images.flatMap((image, index): [string, Listed][] => {
    if (!image) return [];
    const [plain, ...variants] = [undefined, ...(VARIANTS[image.variants] ?? [])];
    return (variants.length === 0 ? [plain] : variants).map((variant, at): [string, Listed] => {
      const args = {
        SETTING: image.arg,
        ...(variant !== undefined && at === 0 ? { DIR: image.dir, TAG: image.tag } : {}),
      };
      const meant = image.bases.map((base) => imageMeant(repository, base, args.TAG ?? '1'));
      const tags = variant && (variant.tags ?? [variant.name]);
      return [
        variant ? `i${index}:${variant.name}` : `i${index}`,
        {
          all: JSON.stringify([
            args,
            tags,
            everythingOf(repository, image, { index, dir: args.DIR ?? 'conf' }),
          ]),
          needs: meant.filter((name) => name !== 'external' && name !== 'unknown'),
          unknown: image.unknownBase || meant.includes('unknown'),
        },
      ];
    });
  });
  return new Map(listed);
}

function imageMeant(repository: GeneratedRepository, { image, how }: Base, ownTag: string): string {
  const ruled = how === 'FROM alias' || how === 'FROM directory';
  if (ruled && !repository.rules) return 'external';
  const base = repository.images[image];
  // A name below our registry must be an image of ours; a bare one may be somebody else's.
  if (!base) return how === 'FROM registry' ? 'unknown' : 'external';
  const variants = VARIANTS[base.variants] ?? [];
  if (variants.length === 0) return `i${image}`;
  const tag = how === 'FROM tag' ? ownTag : how === 'FROM directory' ? `i${image}` : HOWS[how].tag;
  const found = variants.find(({ name, tags = [name] }) => tags.includes(tag));
  return found ? `i${image}:${found.name}` : 'unknown';
}

function everythingOf(
  repository: GeneratedRepository,
  image: GeneratedImage,
  { index, dir }: { index: number; dir: string },
): unknown {
  const directory = `i${index}/`;
  const files = filesOf(repository);
  const copied = copiedBy(repository, image, { index, dir });
  // Read in any case, and copied as well or not; of the Dockerfile, the layout counts only where it is copied.
  const read = [`${directory}.gitlab-ci.yml`, ...copied.sort()].map((path) => [path, files[path]]);
  const shared = image.takesShared ? repository.values.arg : undefined;
  return [instructionsOf(image), read, shared, image.template, image.wholeRepository];
}

/** What each of the image's variants calls its directory; without variants there is one. */
function directoriesOf({ variants, dir }: GeneratedImage): ('conf' | 'lib')[] {
  const [first, ...others] = VARIANTS[variants] ?? [];
  return first === undefined ? ['conf'] : [dir ?? 'conf', ...others.map(() => 'conf' as const)];
}

function copiedBy(
  repository: GeneratedRepository,
  image: GeneratedImage,
  { index, dir }: { index: number; dir: string },
): string[] {
  const context = image.wholeRepository ? '' : `i${index}/`;
  const inForce = [image.ownIgnore, image.wholeRepository ? repository.rootIgnore : image.ignore];
  const ignore = inForce.map((which) => IGNORES[which]).find((file) => file?.text !== undefined);
  const isTaken = (path: string) => {
    if (!path.startsWith(context)) return false;
    const relative = path.slice(context.length);
    const taken =
      image.sources.some((source) => SOURCES[source]?.takes(relative)) ||
      (image.copiesDir && relative.startsWith(`${dir}/`));
    return taken && !ignore?.ignores(relative);
  };
  const paths = Object.keys(filesOf(repository));
  const files = paths.filter(isTaken);
  // A directory is copied empty where all its files are ignored. With a slash at its end, it is taken and ignored as
  // the paths below it are.
  const ends = paths.flatMap((path) =>
    [...path.matchAll(/\//g)].map(({ index: slash }) => path.slice(0, slash + 1)),
  );
  const empty = [...new Set(ends)].filter(
    (directory) => isTaken(directory) && !files.some((file) => file.startsWith(directory)),
  );
  return [...files, ...empty];
}

/** A declared file is nothing the build reads: what counts is that it changed, not that it was declared. */
function declaredFilesDiffer(before: GeneratedRepository, after: GeneratedRepository, name: string): boolean {
  const index = Number(name.charAt(1));
  return ['shared/x', 'shared/y'].some((path) => {
    const [old, now] = [before.files[path], after.files[path]];
    const seen =
      (old && before.images[index]?.declaresShared) || (now && after.images[index]?.declaresShared);
    return Boolean(seen) && JSON.stringify(old) !== JSON.stringify(now);
  });
}

function declaredKeysDiffer(before: GeneratedRepository, after: GeneratedRepository, name: string): boolean {
  const index = Number(name.charAt(1));
  const [old, now] = [before.images[index], after.images[index]];
  return ['a' as const, 'b' as const].some(
    (key) => (old?.keys.includes(key) || now?.keys.includes(key)) && before.values[key] !== after.values[key],
  );
}
