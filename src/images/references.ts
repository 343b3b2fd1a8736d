import type { Config } from '../config/schema.ts';
import { displayDirectory, type Image, imagePath } from './image.ts';
import { type ReferenceParts, takeApart, type WrittenReference } from './reference-parts.ts';
import { compileRules } from './reference-rules.ts';
import { byRepository, imageByTag, listVariants } from './variants.ts';

/** What an image reference in a Dockerfile means to this repository. */
export type ResolvedReference =
  /** `bare`: the reference names the image without our registry; what follows the name, such as `:1.2`. */
  | { kind: 'image'; image: string; bare?: string }
  | { kind: 'external' }
  | { kind: 'unknown'; code: 'unresolved-reference' | 'missing-image' | 'unknown-variant'; detail: string };

/**
 * Decides which references are images of this repository: by the config's `references` rules, first match whose
 * directory holds an image; without rules, `<registry>/<name>` and the bare `<name>` of an image, with any tag or
 * digest. A reference that no rule matches is external, but one below our own registry prefix must exist here. Where an
 * image has variants, the tag tells which.
 */
export function compileReferences(options: {
  images: readonly Image[];
  config: Config;
}): (reference: WrittenReference) => ResolvedReference {
  const { images, config } = options;
  const families = byRepository(images);
  const directories = familiesByDirectory(config.references ? [...families.values()] : []);
  const answersOf = compileRules(config.references, directories.keys());
  const byName = compileNames(families, config);
  return (reference) => {
    const parts = takeApart(reference);
    if (!parts) return unknown(reference, noValue(reference));
    const possible: ResolvedReference[] = [];
    for (const answer of answersOf(parts)) {
      if (answer.kind === 'needs-tag') return unknown(reference, tagNeeded(reference, answer.about));
      const [directory = ''] = answer.directories;
      const [family = [], ...others] = directories.get(directory) ?? [];
      const meant =
        others.length > 0
          ? severalImages(parts.repository, directory)
          : imageOf(family, { reference, parts: { ...parts, tag: answer.tag } });
      if (answer.kind === 'certain') return onlyOne(reference, [...possible, meant]);
      possible.push(meant);
    }
    const named = byName(reference, parts);
    const isAlso = named.kind === 'image' || possible.length === 0;
    return onlyOne(reference, isAlso ? [...possible, named] : possible);
  };
}

/** What a reference means by the names of the images. */
function compileNames(
  families: ReadonlyMap<string, Family>,
  config: Config,
): (reference: WrittenReference, parts: ReferenceParts) => ResolvedReference {
  const root = [...families.values()].find(([image]) => image?.directory === '')?.[0]?.repository;
  return (written, parts) => {
    const { reference } = written;
    const { repository } = parts;
    const ours = belowRegistry(config.registry, repository);
    const name = ours === '' ? root : (ours ?? repository);
    const mayBeOurs = ours !== undefined || config.references === undefined;
    const family = mayBeOurs && name !== undefined ? families.get(name) : undefined;
    if (family) {
      const meant = imageOf(family, { reference: written, parts });
      if (ours !== undefined || meant.kind !== 'image') return meant;
      return { ...meant, bare: reference.slice(repository.length) };
    }
    if (ours === undefined) return { kind: 'external' };
    return {
      kind: 'unknown',
      code: 'missing-image',
      detail: `"${reference}" belongs to ${config.registry} but is no image of this repository; add a rule under "references" in affected.yml`,
    };
  };
}

/** What follows our registry prefix, `''` for the prefix itself; undefined for a repository of somebody else. */
function belowRegistry(registry: string, repository: string): string | undefined {
  if (repository === registry) return '';
  return repository.startsWith(`${registry}/`) ? repository.slice(registry.length + 1) : undefined;
}

/** The images of one Dockerfile: never none. */
type Family = readonly Image[];

/** A directory means the images of its plain Dockerfile; without one, those of whatever Dockerfiles it holds. */
function familiesByDirectory(families: readonly Family[]): ReadonlyMap<string, readonly Family[]> {
  const own = new Map<string, Family[]>();
  const held = new Map<string, Family[]>();
  for (const family of families) {
    const [image] = family as [Image];
    const directory = displayDirectory(image.directory);
    own.set(displayDirectory(imagePath(image)), [family]);
    held.set(directory, [...(held.get(directory) ?? []), family]);
  }
  return new Map([...held, ...own]);
}

function severalImages(repository: string, directory: string): ResolvedReference {
  return {
    kind: 'unknown',
    code: 'unresolved-reference',
    detail: `"${repository}" means the directory ${directory}, which holds several images; name one of them, such as ${directory}/alpine for Dockerfile.alpine, as the "directory" under "references" in affected.yml`,
  };
}

function imageOf(
  family: Family,
  { reference, parts: { tag, digest } }: { reference: WrittenReference; parts: ReferenceParts },
): ResolvedReference {
  const image = imageByTag(family, tag);
  if (image) return { kind: 'image', image: image.name };
  const why =
    tag !== undefined
      ? `none has the tag "${tag}"; add it to one of them under "images" in affected.yml`
      : reference.unset.length > 0
        ? `its tag is not known: ${noValue(reference)}`
        : `${digest ? 'a digest alone does not tell which' : 'its tag is empty'}; ${remedy(reference)}`;
  return {
    kind: 'unknown',
    code: 'unknown-variant',
    detail: `"${reference.word}" means one of ${listVariants(family)}, but ${why}`,
  };
}

/** An unknown tag may make a reference mean several images: then no edge to one of them would be enough. */
function onlyOne(reference: WrittenReference, possible: readonly ResolvedReference[]): ResolvedReference {
  const [first = { kind: 'external' }] = possible;
  const images = new Set(possible.map((meant) => (meant.kind === 'image' ? meant.image : meant.kind)));
  if (images.size <= 1) return first;
  const names = possible.flatMap((meant) => (meant.kind === 'image' ? [meant.image] : []));
  const means = names.length === 0 ? 'something' : [...new Set(names)].join(' or ');
  return unknown(
    reference,
    `its tag is not known, and by "references" it may mean ${means}; ${remedy(reference)}`,
  );
}

function unknown({ word }: WrittenReference, why: string): ResolvedReference {
  return { kind: 'unknown', code: 'unresolved-reference', detail: `"${word}" can't be resolved: ${why}` };
}

function noValue(reference: WrittenReference): string {
  return `${variables(reference)} has no value; ${remedy(reference)}`;
}

function tagNeeded(reference: WrittenReference, about: string): string {
  const why = `only a tag tells which directory the rule for "${about}" under "references" means, and`;
  if (reference.unset.length > 0) return `${why} ${noValue(reference)}`;
  return `${why} there is none; ${remedy(reference)}`;
}

function remedy({ unset }: WrittenReference): string {
  return unset.length > 0
    ? 'give it one under "args" in affected.yml'
    : 'write a tag, also where a digest follows';
}

function variables({ unset }: WrittenReference): string {
  return unset.map((name) => `$${name}`).join(', ');
}
