import { defaultConfig } from '../config/default-config.ts';
import type { Config } from '../config/schema.ts';
import { DockerfileError, parseDockerfile } from '../dockerfile/parse.ts';
import type { Image } from '../images/image.ts';
import { followLinks } from '../images/links.ts';
import type { Snapshot } from '../images/snapshot.ts';
import { type NeededArgument, neededArguments } from './arguments.ts';
import { type BakeFile, findBakeFiles } from './bake-files.ts';
import { type FoundContexts, findContexts } from './contexts.ts';
import { type FoundDockerfiles, sortOutDockerfiles } from './dockerfiles.ts';
import { type Groups, groupUses } from './groups.ts';
import { compileDiscover, proposeNames } from './names.ts';
import { chooseSettings, type ReferenceSettings } from './settings.ts';
import { type ReadImage, usesOf } from './uses.ts';

/** What a config for a repository would hold, each part with what it was taken from. */
export interface Proposal {
  images: readonly Image[];
  found: FoundDockerfiles;
  targetBranch: string | undefined;
  /** Whether the repository holds the schema of this file. */
  hasSchema: boolean;
  args: readonly NeededArgument[];
  settings: ReferenceSettings;
  groups: Groups;
  contexts: FoundContexts;
  /** Files that give build args to images of their own directory, and to images below. */
  bakeFiles: { beside: readonly BakeFile[]; above: readonly BakeFile[] };
}

/**
 * Proposes a config from the tree and its Dockerfiles alone.
 *
 * @param options.snapshot must hold the texts of the tree's links and of `dockerfiles`.
 * @param options.dockerfiles the files that are named like one.
 */
export function propose(options: {
  snapshot: Snapshot;
  dockerfiles: readonly string[];
  repositoryName: string;
  targetBranch: string | undefined;
}): Proposal {
  const { snapshot, repositoryName, targetBranch } = options;
  const texts = new Map(options.dockerfiles.map((path) => [path, read(snapshot, path)]));
  const isReadable = (path: string) => texts.get(path) !== undefined;
  const found = sortOutDockerfiles({ paths: options.dockerfiles, isReadable });
  const discover = compileDiscover(snapshot.tree, repositoryName);
  const config: Config = {
    ...defaultConfig,
    discover: { dockerfiles: [...found.dockerfiles], exclude: found.exclude.map(({ glob }) => glob) },
  };
  const images = discover(config) ?? [];
  const readable = images.flatMap((image): ReadImage[] => {
    const dockerfile = texts.get(image.dockerfile);
    return dockerfile === undefined ? [] : [{ image, dockerfile }];
  });
  const registryArgument = { CI_REGISTRY_IMAGE: config.registry };
  const args = neededArguments(readable, registryArgument, config.registry);
  const known = args.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  const allArgs = { ...registryArgument, ...Object.fromEntries(known) };
  const uses = usesOf(readable, allArgs);
  const groups = groupUses(uses, images, config.registry);
  const settings = chooseSettings({ config, groups, uses, discover, nameImages: proposeNames });
  return {
    images: discover({ ...config, names: [...settings.names] }) ?? images,
    found,
    targetBranch,
    hasSchema: snapshot.tree.has('affected.schema.json'),
    args,
    settings,
    groups,
    contexts: findContexts(snapshot.tree, readable, allArgs),
    bakeFiles: findBakeFiles(snapshot.tree, readable),
  };
}

/** Undefined where it can't be read by a builder. */
function read(snapshot: Snapshot, dockerfile: string) {
  const { path } = followLinks(snapshot, dockerfile);
  const text = path === undefined ? undefined : snapshot.text(path);
  if (text === undefined) return undefined;
  try {
    const parsed = parseDockerfile(text);
    return parsed.instructions.some(({ keyword }) => keyword === 'FROM') ? parsed : undefined;
  } catch (error) {
    if (error instanceof DockerfileError) return undefined;
    throw error;
  }
}
