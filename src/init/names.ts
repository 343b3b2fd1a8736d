import type { Config } from '../config/schema.ts';
import { discoverImages } from '../images/discover.ts';
import { displayDirectory, type Image, imagePath } from '../images/image.ts';
import { AffectedError } from '../errors.ts';
import type { Tree } from '../tree.ts';
import type { Shape } from './meanings.ts';
import { isDirectoryPattern, isName } from './writable.ts';

type NameRule = Config['names'][number];

/** Finds the images that a config without files of build args has; undefined where two would have one name. */
export type Discover = (config: Config) => readonly Image[] | undefined;

export function compileDiscover(tree: Tree, repositoryName: string): Discover {
  return (config) => {
    try {
      return discoverImages({ tree, config, repositoryName, fileArgs: new Map() });
    } catch (error) {
      if (error instanceof AffectedError && error.code === 'duplicate-name') return undefined;
      throw error;
    }
  };
}

/**
 * Rules for `names`: what references call the images below the registry, then shorter names for what lies in a directory
 * that only says that images lie there, then lower case for what no registry would take.
 *
 * @param options.shapes by which the references find images here.
 */
export function proposeNames(options: {
  config: Config;
  shapes: readonly Shape[];
  discover: Discover;
}): readonly NameRule[] {
  const { config, discover } = options;
  const plain = discover(config) ?? [];
  let rules: readonly NameRule[] = [];
  let named = plain;
  for (const rule of [...calledSo(options), ...shorter(plain)]) {
    const longer = [...rules, rule];
    const found = discover({ ...config, names: longer });
    if (found === undefined || isSame(found, named)) continue;
    rules = longer;
    named = found;
  }
  return [...lowerCase(named), ...rules];
}

function isSame(some: readonly Image[], others: readonly Image[]): boolean {
  return some.every(({ name, dockerfile }, index) => {
    const other = others[index];
    return other?.name === name && other.dockerfile === dockerfile;
  });
}

/** A name below our registry is what the builder finds the image by; elsewhere it only has to be shorter. */
function calledSo({ config, shapes }: { config: Config; shapes: readonly Shape[] }): NameRule[] {
  return shapes.flatMap(({ match, tag, directory }) => {
    if (tag !== undefined || !isDirectoryPattern(directory)) return [];
    const isOurs = match.startsWith(`${config.registry}/`);
    const placeholder = match.search(/\{/);
    const prefix = match.lastIndexOf('/', placeholder === -1 ? match.length : placeholder);
    const name = isOurs ? match.slice(config.registry.length + 1) : match.slice(prefix + 1);
    if (name === directory || !isName(name)) return [];
    return isOurs || name.length < directory.length ? [{ directory, name }] : [];
  });
}

const SAYS_NOTHING = /^(?:images?|containers?|docker|dockerfiles|apps|services|src)$/;

function shorter(images: readonly Image[]): NameRule[] {
  const rules = images.flatMap((image) => {
    const path = imagePath(image).split('/');
    if (path.length < 2 || path.length > 5 || !SAYS_NOTHING.test(path[0] as string)) return [];
    const name = ['{x}', '{y}', '{z}', '{u}'].slice(0, path.length - 1).join('/');
    return [{ directory: `${path[0] as string}/${name}`, name }];
  });
  const distinct = new Map(rules.map((rule) => [rule.directory, rule]));
  return [...distinct.values()].sort((one, other) => (one.directory < other.directory ? -1 : 1));
}

function lowerCase(images: readonly Image[]): NameRule[] {
  const taken = new Set(images.map(({ repository }) => repository));
  return images.flatMap((image) => {
    const directory = displayDirectory(imagePath(image));
    const name = image.repository.toLowerCase();
    const helps = !isName(image.repository) && isName(name) && (directory === '.' || isLiteral(directory));
    if (!helps || taken.has(name)) return [];
    taken.add(name);
    return [{ directory, name }];
  });
}

/** A directory that means itself as a pattern. */
function isLiteral(directory: string): boolean {
  return !/[{}]/.test(directory) && isDirectoryPattern(directory);
}
