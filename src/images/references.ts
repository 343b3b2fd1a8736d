import type { Config } from '../config/schema.ts';
import { displayDirectory, type Image, imagePath } from './image.ts';
import { type ReferenceParts, takeApart, type WrittenReference } from './reference-parts.ts';
import { compileRules } from './reference-rules.ts';

/** What an image reference in a Dockerfile means to this repository. */
export type ResolvedReference =
  /** `bare`: the reference names the image without our registry; what follows the name, such as `:1.2`. */
  | { kind: 'image'; image: string; bare?: string }
  | { kind: 'external' }
  | { kind: 'unknown'; code: 'unresolved-reference' | 'missing-image'; detail: string };

/**
 * Decides which references are images of this repository: by the config's `references` rules, first match whose
 * directory holds an image; without rules, `<registry>/<name>` and the bare `<name>` of an image, with any tag or
 * digest. A reference that no rule matches is external, but one below our own registry prefix must exist here.
 */
export function compileReferences(options: {
  images: readonly Image[];
  config: Config;
}): (reference: WrittenReference) => ResolvedReference {
  const { images, config } = options;
  const directories = imagesByDirectory(images);
  const answersOf = compileRules(config.references, directories.keys());
  const byName = compileNames(images, config);
  return (reference) => {
    const parts = takeApart(reference);
    if (!parts) return unknown(reference, noValue(reference));
    const possible: ResolvedReference[] = [];
    for (const answer of answersOf(parts)) {
      if (answer.kind === 'needs-tag') return unknown(reference, tagNeeded(reference, answer.about));
      const [directory = ''] = answer.directories;
      const meant = imageIn(directories.get(directory) ?? [], { repository: parts.repository, directory });
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
  images: readonly Image[],
  config: Config,
): (reference: WrittenReference, parts: ReferenceParts) => ResolvedReference {
  const names = new Set(images.map(({ name }) => name));
  const root = images.find(({ directory }) => directory === '')?.name;
  return ({ reference }, { repository }) => {
    const ours = belowRegistry(config.registry, repository);
    const name = ours === '' ? root : (ours ?? repository);
    const mayBeOurs = ours !== undefined || config.references === undefined;
    if (mayBeOurs && name !== undefined && names.has(name)) {
      if (ours !== undefined) return { kind: 'image', image: name };
      return { kind: 'image', image: name, bare: reference.slice(name.length) };
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

/** A directory means the image of its plain Dockerfile; without one, whatever images it holds. */
function imagesByDirectory(images: readonly Image[]): ReadonlyMap<string, readonly string[]> {
  const own = new Map(images.map((image) => [displayDirectory(imagePath(image)), [image.name]]));
  const held = new Map<string, string[]>();
  for (const image of images) {
    const directory = displayDirectory(image.directory);
    held.set(directory, [...(held.get(directory) ?? []), image.name]);
  }
  return new Map([...held, ...own]);
}

function imageIn(
  held: readonly string[],
  { repository, directory }: { repository: string; directory: string },
): ResolvedReference {
  const [image, ...others] = held;
  if (image !== undefined && others.length === 0) return { kind: 'image', image };
  return {
    kind: 'unknown',
    code: 'unresolved-reference',
    detail: `"${repository}" means the directory ${directory}, which holds several images; name one of them, such as ${directory}/alpine for Dockerfile.alpine, as the "directory" under "references" in affected.yml`,
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
