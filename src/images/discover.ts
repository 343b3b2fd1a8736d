import type { Config } from '../config/schema.ts';
import { AffectedError } from '../errors.ts';
import { SUBMODULE, type Tree } from '../tree.ts';
import { configuredArgs, type FileArgs } from './build-args.ts';
import { compileGlobPattern, compileGlobs, matchingPaths } from './globs.ts';
import { displayDirectory, type Image, imagePath, imagePlaces } from './image.ts';
import { mergedRunner } from './merged-runner.ts';
import { directoryOf } from './paths.ts';
import { compilePlaceholders, fillPlaceholders, placeholdersFilled } from './placeholders.ts';
import { withVariants } from './variants.ts';

/**
 * Finds the images of a tree: every Dockerfile the config's globs match, named and set up by the config, once for each
 * of its variants.
 * `repositoryName` is the name of an image whose Dockerfile stands at the repository root.
 *
 * @param options.fileArgs must hold what the config names as `argsFile`.
 * @returns the images sorted by name.
 * @throws AffectedError `duplicate-name` when two Dockerfiles get one name.
 */
export function discoverImages(options: {
  tree: Tree;
  config: Config;
  repositoryName: string;
  fileArgs: FileArgs;
}): readonly Image[] {
  const { tree, config } = options;
  const isExcluded = compileGlobs(config.discover.exclude);
  const nameOf = imageNames(config, options.repositoryName);
  const settings = imageSettings(config, options.fileArgs);
  const images = new Map<string, Image>();
  // By the name that an image's variants share.
  const families = new Map<string, string>();
  for (const dockerfile of matchingPaths(tree, config.discover.dockerfiles)) {
    if (isExcluded(dockerfile)) continue;
    // `Dockerfile.*` is meant to find `Dockerfile.alpine`, not the ignore file of a Dockerfile.
    if (dockerfile.endsWith('.dockerignore') || tree.get(dockerfile)?.mode === SUBMODULE) continue;
    const directory = directoryOf(dockerfile);
    const name = nameOf({ directory, dockerfile });
    const { variants, component, ...found } = settings({ directory, dockerfile });
    const { arg, as = `${name.slice(name.lastIndexOf('/') + 1)}-{value}` } = component ?? {};
    const own = { ...found.own, ...(arg !== undefined && { component: { arg, as } }) };
    const plain = { name, repository: name, variant: undefined, tags: [], directory, dockerfile, ...own };
    const other = families.get(name) ?? images.get(name)?.dockerfile;
    if (other !== undefined) throw duplicateName(name, other, dockerfile);
    if (variants === undefined) {
      images.set(name, plain);
      continue;
    }
    families.set(name, dockerfile);
    for (const image of withVariants(plain, variants)) {
      const clash = images.get(image.name);
      if (clash) throw duplicateName(image.name, clash.dockerfile, dockerfile);
      images.set(image.name, image);
    }
  }
  return [...images.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** By the first of the config's `names` that matches, else the directory; the root takes the repository's name. */
function imageNames(
  config: Config,
  repositoryName: string,
): (image: Pick<Image, 'directory' | 'dockerfile'>) => string {
  const rules = config.names.map(({ directory, name }) => ({
    matches: compilePlaceholders(directory),
    name,
  }));
  return (image) => {
    const path = imagePath(image);
    for (const { matches, name } of rules) {
      const values = matches(displayDirectory(path));
      if (values) return fillPlaceholders(name, values);
    }
    return path === '' ? repositoryName : path;
  };
}

function duplicateName(name: string, first: string, second: string): AffectedError {
  return new AffectedError(
    'duplicate-name',
    `${first} and ${second} are both the image "${name}"; give one of them another name under "names" in affected.yml`,
  );
}

type Settings = Omit<
  Image,
  'name' | 'repository' | 'variant' | 'tags' | 'directory' | 'dockerfile' | 'component'
>;
type Entry = Config['images'][number];

/** The settings of a Dockerfile: all matching `images` entries, later ones win; args merge, inputs add up. */
function imageSettings(
  config: Config,
  fileArgs: FileArgs,
): (image: Pick<Image, 'directory' | 'dockerfile'>) => {
  own: Settings;
  variants: Entry['variants'];
  component: Entry['component'];
} {
  const entries = config.images.map((entry) => ({ matches: compileGlobs([entry.directory]), entry }));
  const shared = config.inputs
    .filter(({ keys }) => keys === undefined)
    .map(({ paths, images }) => ({ matches: compileGlobs(images), paths }));
  const sharedByKey = sharedKeyedInputs(config);
  const sharedArgs = configuredArgs(config, [], fileArgs);
  return (image) => {
    const places = imagePlaces(image);
    const found = entries.filter(({ matches }) => places.some(matches)).map(({ entry }) => entry);
    let variants: Entry['variants'];
    let component: Entry['component'];
    const own: Settings = {
      context: image.directory,
      target: undefined,
      registry: config.registry,
      ...(found.length === 0 ? sharedArgs : configuredArgs(config, found, fileArgs)),
      template: config.template,
      ...(config.runner && { runner: config.runner }),
      verify: { ...VERIFY, ...config.verify },
      inputs: shared.filter(({ matches }) => places.some(matches)).flatMap(({ paths }) => paths),
      keyedInputs: sharedByKey(places),
    };
    for (const entry of found) {
      if (entry.context !== undefined) own.context = normaliseDirectory(entry.context);
      if (entry.target !== undefined) own.target = entry.target;
      if (entry.template !== undefined) own.template = entry.template;
      if (entry.runner !== undefined) own.runner = mergedRunner(own.runner, entry.runner);
      if (entry.verify !== undefined) own.verify = { ...own.verify, ...entry.verify };
      variants = entry.variants ?? variants;
      component = entry.component ?? component;
      const inputs = entry.inputs ?? [];
      own.inputs = [...own.inputs, ...inputs.filter((input) => typeof input === 'string')];
      own.keyedInputs = [...own.keyedInputs, ...inputs.filter((input) => typeof input !== 'string')];
    }
    return { own, variants, component };
  };
}

const VERIFY: Settings['verify'] = {
  scan: '.affected-scan',
  sbom: '.affected-sbom',
  test: '.affected-structure-test',
};

/** For each entry of `images` that an image's directory matches, the keys whose placeholders are bound by it. */
function sharedKeyedInputs(config: Config): (places: readonly string[]) => Image['keyedInputs'] {
  const inputs = config.inputs.flatMap(({ paths, keys, images }) =>
    keys ? [{ paths, keys, directories: images.map(compileGlobPattern) }] : [],
  );
  return (places) =>
    inputs.flatMap(({ paths, keys, directories }) => {
      const found = directories.flatMap((matches) =>
        places.map(matches).filter((values) => values !== undefined),
      );
      const filled = found.flatMap((values) =>
        keys.filter((key) => placeholdersFilled(key, values)).map((key) => fillPlaceholders(key, values)),
      );
      return filled.length === 0 ? [] : [{ paths, keys: [...new Set(filled)] }];
    });
}

function normaliseDirectory(directory: string): string {
  return directory
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
}
