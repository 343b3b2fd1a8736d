import { displayDirectory, type Image } from '../images/image.ts';
import type { Component } from '../images/component.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import type { Barrier } from './barriers.ts';
import { candidateTag } from './candidate-tags.ts';
import { type Handover, handovers, type Wave } from './handovers.ts';
import { type ImageLabels, imageLabels } from './labels.ts';
import { buildJobName } from './job-names.ts';

/** One image to build: plain data, in GitLab's words but without its syntax. */
export interface BuildJob {
  name: string;
  image: Image;
  template: string;
  /** Jobs that must have succeeded, by name: builds, and barriers. */
  needs: readonly string[];
  /** Jobs of its own before it, which wait for more builds. */
  barriers: readonly Barrier[];
  /** `<registry>/<repository>:<tag>`, GitLab's variables unexpanded. */
  destinations: readonly string[];
  /** `<registry>/<repository>`, to which the digest is added for dependents. */
  repository: string;
  buildArgs: readonly BuildArg[];
  handovers: readonly Handover[];
  labels: ImageLabels;
  /** The dotenv variable under which this job hands over what it built. */
  variable: string;
  /** Whether nothing that was built before counts, not even layers. */
  fresh: boolean;
}

export interface BuildArg {
  name: string;
  value: string;
  /** Whether GitLab expands variables in the value; user data never is expanded. */
  expand: boolean;
}

export function buildJob(options: {
  resolved: ResolvedImage;
  /** Names of the images this pipeline builds. */
  built: ReadonlySet<string>;
  wave: Wave | undefined;
  registry: string;
  tags: readonly string[];
  /** Digests of images this pipeline does not build, by name. */
  digests: ReadonlyMap<string, string>;
  /** All images of the head. */
  images: ReadonlyMap<string, ResolvedImage>;
  variables: ReadonlyMap<string, string>;
  dockerfileText: string;
  component: Component | undefined;
  /** Whether images of this repository are built from it. */
  isBase: boolean;
  fresh: boolean;
}): BuildJob {
  const { resolved, built, registry, tags } = options;
  const { image } = resolved;
  const bases = resolved.dependencies.filter((dependency) => built.has(dependency.image));
  const repository = `${registry}/${image.repository}`;
  const handedOver = handovers(options);
  return {
    name: buildJobName(image.name),
    image,
    template: image.template,
    needs: [...new Set(bases.map((base) => base.image))].sort().map(buildJobName),
    barriers: [],
    destinations: [...new Set([...tags, ...tagsForLaterWaves(image, options.wave)])].map(
      (tag) => `${repository}:${tag}`,
    ),
    repository,
    buildArgs: buildArgs(resolved, registry),
    handovers: handedOver,
    labels: imageLabels({ ...options, handovers: handedOver }),
    variable: options.variables.get(image.name) as string,
    fresh: options.fresh,
  };
}

function tagsForLaterWaves({ name, variant }: Image, wave: Wave | undefined): readonly string[] {
  return wave?.handedOn.has(name) ? [candidateTag(wave.pipeline, variant)] : [];
}

/** The arguments that count, and GitLab's own registry prefix where the build takes it. */
export function buildArgs({ image, takesRegistry }: ResolvedImage, registry: string): BuildArg[] {
  // Our own registry prefix means in an argument what it means in `registry`; everything else is data.
  const isRegistry = (value: string) =>
    /^(?:\/[\w./-]+)?$/.test(value.slice(registry.length)) && value.startsWith(registry);
  const configured = Object.entries(image.args).map(([name, value]) => ({
    name,
    value,
    expand: isRegistry(value),
  }));
  if (!takesRegistry || Object.hasOwn(image.args, 'CI_REGISTRY_IMAGE')) return configured;
  return [{ name: 'CI_REGISTRY_IMAGE', value: registry, expand: true }, ...configured];
}

/**
 * A dotenv variable for each image: `AFFECTED_IMAGE_<NAME>`. Names that differ only in punctuation get a number,
 * in the order of all images, so that a variable does not depend on which images are affected.
 */
export function handoverVariables(images: Iterable<string>): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const variables = new Map<string, string>();
  for (const image of [...images].sort()) {
    const plain = `AFFECTED_IMAGE_${image.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
    let variable = plain;
    for (let number = 2; taken.has(variable); number++) variable = `${plain}_${number}`;
    taken.add(variable);
    variables.set(image, variable);
  }
  return variables;
}

/** Where the job finds its files, below the project directory. */
export function jobPaths(image: Image): { context: string; dockerfile: string } {
  return { context: displayDirectory(image.context), dockerfile: image.dockerfile };
}
