import type { Image } from '../images/image.ts';
import { compilePlaceholders } from '../images/placeholders.ts';
import { type Meaning, meaningsOf, type Shape } from './meanings.ts';
import type { Use } from './uses.ts';

/** A reference, and the image here that is meant by it. */
export interface MeantUse {
  use: Use;
  image: Image;
}

/** References that one rule would find. */
export interface Group {
  shape: Shape;
  /** Those that mean what is built here, and so need the rule. */
  uses: readonly MeantUse[];
  /** Those to one published version of the image. */
  pinned: readonly MeantUse[];
  /** Whether all tags count, because some are set by an ARG or tell which directory is meant. */
  anyTag: boolean;
}

/** What the references of a repository say about its own images. */
export interface Groups {
  /** Rules that are needed; their `uses` are never empty. */
  ours: readonly Group[];
  /** Images here by their name, of which only published versions are named. */
  pinned: readonly Group[];
  /** Named like an image here, and yet most likely somebody else's. */
  doubtful: readonly Group[];
  /** Below a prefix of ours, but alike to several images. */
  ambiguous: readonly { use: Use; images: readonly Image[] }[];
}

/**
 * Groups the references by the rule that would find their images, and judges each group: whether its prefix is ours, and
 * which tags mean what is built here.
 *
 * @param registry prefix that is ours whatever else it holds.
 */
export function groupUses(uses: readonly Use[], images: readonly Image[], registry: string): Groups {
  const meant = uses.map((use) => ({ use, meanings: meaningsOf(use, images) }));
  const certain = meant.flatMap(({ use, meanings: [meaning, ...others] }) =>
    meaning && others.length === 0 ? [{ use, meaning }] : [],
  );
  const strangers = meant.flatMap(({ use, meanings }) => (meanings.length === 0 ? [use] : []));
  const isOurs = (shape: string) => judge({ shape, certain, strangers, registry });
  const foreign = certain.filter(isForeign);
  // Names that only end alike say nothing unless several do.
  const several = foreign.filter(
    ({ meaning }) =>
      meaning.likeness !== 'affix' ||
      foreign.filter((other) => keyOf(other.meaning.shape) === keyOf(meaning.shape)).length > 1,
  );
  const shapes = [...new Set(several.map(({ meaning }) => keyOf(meaning.shape)))].sort();
  const accepted = new Set(shapes.filter(isOurs));
  const settled = meant
    .filter(({ meanings }) => meanings.length > 1)
    .map(({ use, meanings }) => ({
      use,
      meanings,
      left: meanings.filter(({ shape }) => accepted.has(keyOf(shape))),
    }));
  const all = [
    ...certain,
    ...settled.flatMap(({ use, left: [meaning, ...others] }) =>
      meaning && others.length === 0 ? [{ use, meaning }] : [],
    ),
  ].filter(isForeign);
  const groups = shapes
    .map((shape) => groupOf(shape, all, registry))
    // A tag that tells the directory is asked first: without it, any tag would mean the directory above.
    .sort((one, other) => Number(other.shape.tag !== undefined) - Number(one.shape.tag !== undefined));
  const [likely, doubtful] = [true, false].map((wanted) =>
    groups.filter(({ shape }) => accepted.has(keyOf(shape)) === wanted),
  ) as [Group[], Group[]];
  return {
    ours: likely.filter((group) => group.uses.length > 0),
    pinned: likely.filter((group) => group.uses.length === 0),
    doubtful,
    ambiguous: settled
      .filter(({ left }) => left.length > 1)
      .map(({ use, left }) => ({ use, images: left.map(({ image }) => image) })),
  };
}

interface Certain {
  use: Use;
  meaning: Meaning;
}

/** An image that names itself builds on somebody else's of that name, or on what it published before. */
function isForeign({ use, meaning }: Certain): boolean {
  return meaning.image.repository !== use.image.repository;
}

function keyOf({ match, tag, directory }: Shape): string {
  return JSON.stringify([match, tag ?? null, directory]);
}

/**
 * Whether what a shape finds is ours: more of the repositories it finds are images here than it finds elsewhere, and
 * not just one that the image of that name is itself built from, as `nginx/Dockerfile` from `nginx`.
 */
function judge(options: {
  shape: string;
  certain: readonly Certain[];
  strangers: readonly Use[];
  registry: string;
}): boolean {
  const own = options.certain.filter(({ meaning }) => keyOf(meaning.shape) === options.shape);
  const { shape } = (own[0] as Certain).meaning;
  if (shape.match.startsWith(`${options.registry}/`)) return true;
  const found = own.filter(isForeign);
  const matches = compilePlaceholders(shape.match);
  const here = repositories(found.map(({ use }) => use));
  const itself = repositories(own.filter((each) => !isForeign(each)).map(({ use }) => use));
  const elsewhere = repositories(
    options.strangers.filter(({ parts }) => parts !== undefined && matches(parts.repository) !== undefined),
  );
  const isBare = !shape.match.includes('/');
  if (isBare && found.every(({ use }) => use.tag === 'pinned' || use.tag === 'digest')) return false;
  return here > itself && here >= elsewhere;
}

function repositories(uses: readonly Use[]): number {
  return new Set(uses.map(({ parts }) => parts?.repository)).size;
}

function groupOf(key: string, all: readonly Certain[], registry: string): Group {
  const own = all.filter(({ meaning }) => keyOf(meaning.shape) === key);
  const { shape } = (own[0] as Certain).meaning;
  const meant = own.map(({ use, meaning }): MeantUse => ({ use, image: meaning.image }));
  const isPinned = ({ use }: MeantUse) => use.tag === 'pinned' || use.tag === 'digest';
  const anyTag =
    shape.tag !== undefined ||
    shape.match.startsWith(`${registry}/`) ||
    meant.some(({ use }) => use.tag === 'argument');
  const ofOurs = shape.tag !== undefined || shape.match.startsWith(`${registry}/`);
  return {
    shape,
    uses: ofOurs ? meant : meant.filter((each) => !isPinned(each)),
    pinned: ofOurs ? [] : meant.filter(isPinned),
    anyTag,
  };
}
