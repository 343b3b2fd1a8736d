import { displayDirectory, type Image, imagePath } from '../images/image.ts';
import type { Use } from './uses.ts';

/** A rule that would find an image by a reference: as one under `references`. */
export interface Shape {
  match: string;
  tag?: string;
  directory: string;
}

/** How a reference is like the path of an image, best first. */
type Likeness = 'tag' | 'path' | 'joined' | 'affix';

/** The image of this repository that a reference may mean by its name. */
export interface Meaning {
  image: Image;
  likeness: Likeness;
  shape: Shape;
}

/**
 * The images whose paths are most like a reference: `acme/base` is like `docker/base`, `acme/base-java` like
 * `docker/base/java`, `acme/hadoop-base` like `base`, `acme/web:alpine` like `web/alpine`. None where nothing is alike;
 * several where the name does not tell which.
 */
export function meaningsOf(use: Use, images: readonly Image[]): readonly Meaning[] {
  const { parts } = use;
  if (parts === undefined) return [];
  const reference = { segments: parts.repository.split('/'), tag: parts.tag };
  const found = images.flatMap((image) => likenesses(reference, image));
  const best = Math.max(...found.map(({ strength }) => strength));
  return found.filter(({ strength }) => strength === best).map(({ meaning }) => meaning);
}

interface Named {
  segments: readonly string[];
  tag: string | undefined;
}

interface Found {
  meaning: Meaning;
  strength: number;
}

function likenesses({ segments, tag }: Named, image: Image): Found[] {
  const path = imagePath(image).split('/');
  // No rule could name a directory whose name looks like a placeholder.
  if (path[0] === '' || path.some((part) => /[{}]/.test(part))) return [];
  const found = (likeness: Likeness, strength: number, shape: Shape | undefined): Found[] =>
    shape === undefined ? [] : [{ meaning: { image, likeness, shape }, strength }];
  if (tag !== undefined && tag !== 'latest' && path.at(-1) === tag && path.at(-2) === segments.at(-1)) {
    return found('tag', 100, tagShape(segments, path));
  }
  const common = commonEnd(segments, path);
  if (common > 0) return found('path', 10 + common, pathShape(segments, path, common));
  const last = segments.at(-1) as string;
  const joined = Array.from({ length: path.length - 1 }, (_, index) => index + 2).find(
    (count) => path.slice(-count).join('-') === last,
  );
  if (joined !== undefined) return found('joined', 5, joinedShape(segments, path, joined));
  // A bare name that is only alike, such as debian-java, is most likely somebody else's.
  return segments.length === 1 ? [] : found('affix', 1, affixShape(segments, path));
}

function commonEnd(one: readonly string[], other: readonly string[]): number {
  let common = 0;
  while (common < one.length && common < other.length && one.at(-1 - common) === other.at(-1 - common)) {
    common += 1;
  }
  return common;
}

const PLACEHOLDERS = ['{x}', '{y}', '{z}', '{u}', '{v}', '{w}'];

/** A bare name stands for itself only: `{x}` would be every image of Docker Hub. */
function pathShape(reference: readonly string[], path: readonly string[], common: number): Shape {
  const [head, base] = [reference.slice(0, -common), path.slice(0, -common)];
  const literal = reference.slice(-common);
  const same = head.length === 0 || common > PLACEHOLDERS.length ? literal : PLACEHOLDERS.slice(0, common);
  return { match: [...head, ...same].join('/'), directory: [...base, ...same].join('/') };
}

function joinedShape(reference: readonly string[], path: readonly string[], count: number): Shape {
  const own = path.slice(-count, -1);
  const head = reference.slice(0, -1);
  const last = head.length === 0 ? (path.at(-1) as string) : '{x}';
  return {
    match: [...head, [...own, last].join('-')].join('/'),
    directory: [...path.slice(0, -1), last].join('/'),
  };
}

function tagShape(reference: readonly string[], path: readonly string[]): Shape {
  const head = reference.slice(0, -1);
  const last = head.length === 0 ? (reference.at(-1) as string) : '{x}';
  return {
    match: [...head, last].join('/'),
    tag: '{v}',
    directory: [...path.slice(0, -2), last, '{v}'].join('/'),
  };
}

function affixShape(reference: readonly string[], path: readonly string[]): Shape | undefined {
  const [name, directory] = [reference.at(-1) as string, path.at(-1) as string];
  const shape = (before: string, behind: string): Shape => ({
    match: [...reference.slice(0, -1), `${before}{x}`].join('/'),
    directory: [...path.slice(0, -1), `${behind}{x}`].join('/'),
  });
  if (endsAtWord(name, directory)) return shape(name.slice(0, -directory.length), '');
  if (endsAtWord(directory, name)) return shape('', directory.slice(0, -name.length));
  return undefined;
}

function endsAtWord(text: string, end: string): boolean {
  return text.length > end.length + 1 && text.endsWith(end) && /[-_.]/.test(text.at(-end.length - 1) ?? '');
}

/** The directory that a shape names for an image, as the config writes it. */
export function placeOfImage(image: Image): string {
  return displayDirectory(imagePath(image));
}
