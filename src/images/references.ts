import type { Config } from '../config/schema.ts';
import type { ImageReference } from '../dockerfile/evaluate.ts';
import { displayDirectory, type Image, imagePath } from './image.ts';
import { compilePlaceholders, fillPlaceholders } from './placeholders.ts';

/** What an image reference in a Dockerfile means to this repository. */
export type ResolvedReference =
  /** `bare`: the reference names the image without our registry; what follows the name, such as `:1.2`. */
  | { kind: 'image'; image: string; bare?: string }
  | { kind: 'external' }
  | { kind: 'unknown'; code: 'unresolved-reference' | 'missing-image'; detail: string };

/** A reference as a Dockerfile writes it and what it expands to. */
export type WrittenReference = Pick<ImageReference, 'reference' | 'word' | 'unset'>;

/** A reference taken apart; `tag` is undefined where an unset variable hides it. */
interface ReferenceParts {
  repository: string;
  tag: string | undefined;
  digest: boolean;
}

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
  const names = new Set(images.map(({ name }) => name));
  const root = images.find(({ directory }) => directory === '')?.name;
  const findByRule = compileRules(images, config);
  return (reference) => {
    const parts = takeApart(reference);
    if (!parts) {
      const variables = reference.unset.map((name) => `$${name}`).join(', ');
      return {
        kind: 'unknown',
        code: 'unresolved-reference',
        detail: `"${reference.word}" can't be resolved: ${variables} has no value; give it one under "args" in affected.yml`,
      };
    }
    const ruled = findByRule(parts);
    if (ruled) return ruled;
    const ours = belowRegistry(config.registry, parts.repository);
    const name = ours === '' ? root : (ours ?? parts.repository);
    const mayBeOurs = ours !== undefined || config.references === undefined;
    if (mayBeOurs && name !== undefined && names.has(name)) {
      if (ours !== undefined) return { kind: 'image', image: name };
      return { kind: 'image', image: name, bare: reference.reference.slice(name.length) };
    }
    if (ours === undefined) return { kind: 'external' };
    return {
      kind: 'unknown',
      code: 'missing-image',
      detail: `"${reference.reference}" belongs to ${config.registry} but is no image of this repository; add a rule under "references" in affected.yml`,
    };
  };
}

/** What follows our registry prefix, `''` for the prefix itself; undefined for a repository of somebody else. */
function belowRegistry(registry: string, repository: string): string | undefined {
  if (repository === registry) return '';
  return repository.startsWith(`${registry}/`) ? repository.slice(registry.length + 1) : undefined;
}

function compileRules(
  images: readonly Image[],
  config: Config,
): (parts: ReferenceParts) => ResolvedReference | undefined {
  const directories = imagesByDirectory(images);
  const rules = (config.references ?? []).map((rule) => ({
    ...rule,
    matches: compilePlaceholders(rule.match),
  }));
  return ({ repository, tag, digest }) => {
    for (const rule of rules) {
      const values = rule.matches(repository);
      if (!values) continue;
      // An unknown tag may be any of the listed ones: an edge too many is safer than one too few.
      if (rule.tags && (digest || (tag !== undefined && !rule.tags.includes(tag)))) continue;
      const directory = fillPlaceholders(rule.directory, values);
      const [image, ...others] = directories.get(directory) ?? [];
      if (image === undefined) continue;
      if (others.length === 0) return { kind: 'image', image };
      return { kind: 'unknown', code: 'unresolved-reference', detail: severalImages(repository, directory) };
    }
    return undefined;
  };
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

function severalImages(repository: string, directory: string): string {
  return `"${repository}" means the directory ${directory}, which holds several images; name one of them, such as ${directory}/alpine for Dockerfile.alpine, as the "directory" under "references" in affected.yml`;
}

/**
 * Splits `host:port/path:tag@digest` as the distribution reference grammar does. No tag and no digest is `latest`.
 * Undefined where an unset variable hides the name.
 */
function takeApart({ reference, word, unset }: WrittenReference): ReferenceParts | undefined {
  if (unset.length > 0 && !hidesOnlyTag(word, unset)) return undefined;
  const [name = '', digest] = reference.split('@', 2);
  const colon = name.lastIndexOf(':');
  const tagged = colon > name.lastIndexOf('/');
  const tag = tagged ? name.slice(colon + 1) : 'latest';
  return {
    repository: tagged ? name.slice(0, colon) : name,
    // The text alone tells of a hidden tag where it ends in a colon.
    tag: unset.length > 0 || tag === '' ? undefined : tag,
    digest: digest !== undefined,
  };
}

/**
 * Whether the unset variables stand behind the name, in the tag or the digest, and nowhere else. Where the name has
 * variables too, one that the word does not show may have come in through any of them.
 */
function hidesOnlyTag(word: string, unset: readonly string[]): boolean {
  const masked = word.replace(/\$\{[^}]*\}/g, (part) => '_'.repeat(part.length));
  const nameEnd = masked.search(/(?::[^:/@]*)?(?:@.*)?$/);
  const name = word.slice(0, nameEnd);
  if (!name.includes('$')) return true;
  const [inName, behind] = [variablesIn(name), variablesIn(word.slice(nameEnd))];
  return unset.every((variable) => behind.has(variable) && !inName.has(variable));
}

function variablesIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name as string));
}
