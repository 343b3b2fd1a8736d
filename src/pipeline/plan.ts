import type { AffectedImage } from '../affected/affected.ts';
import { AffectedError } from '../errors.ts';
import { withBarriers } from './barriers.ts';
import { type Component, componentOf } from '../images/component.ts';
import type { Image } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { type BuildJob, buildJob } from './build-job.ts';
import type { CiFile } from './ci-yaml.ts';
import type { Publication } from '../gitlab/publication.ts';
import { tagsFor } from './destinations.ts';
import type { Wave } from './handovers.ts';
import { type ImageJobs, imageJobs } from './image-jobs.ts';
import { JOB_NAME_LENGTH, type Limits } from './limits.ts';
import { checkImageNames } from './names.ts';
import type { Templates } from './templates.ts';

/** What the child pipeline does: plain data that a renderer turns into GitLab's YAML. */
export interface PipelinePlan {
  builds: readonly BuildJob[];
  /** The affected images' own jobs, by image name. */
  imageJobs: ReadonlyMap<string, ImageJobs>;
  templates: Templates;
  /** A newer push to the same merge request may cancel this pipeline. */
  interruptible: boolean;
  limits: Limits;
}

/** What is known of the registry when a pipeline is planned; nothing where it can't be asked. */
export interface RegistryImages {
  /** Of images that this pipeline does not build, by name: the digest of the one published for their fingerprint. */
  published: ReadonlyMap<string, string>;
  /** Of images that it builds: the tags that tell later pipelines which commit's image it is. */
  fingerprintTags: ReadonlyMap<string, readonly string[]>;
}

export const NO_REGISTRY_IMAGES: RegistryImages = { published: new Map(), fingerprintTags: new Map() };

export const NO_OP_TEMPLATE = '.affected-no-op';

/** What is to be built, and what has to be known for it. */
export interface PlanOptions {
  /** In build order. */
  affected: readonly Pick<AffectedImage, 'image'>[];
  /** All images of the head. */
  images: ReadonlyMap<string, ResolvedImage>;
  registry: string;
  publication: Publication;
  templates: Templates;
  /** The affected images' own CI files, by image name. */
  ciFiles: ReadonlyMap<string, CiFile>;
  /** The affected images' Dockerfile texts, by image name. */
  dockerfiles: ReadonlyMap<string, string>;
  /** None where the registry can't be asked. */
  registryImages?: RegistryImages;
  limits: Limits;
}

/**
 * Plans one pipeline of the affected images, in build order.
 *
 * @param options.variables the dotenv variable of each image of the head.
 * @param options.wave where other pipelines build the rest of what is affected.
 * @throws AffectedError for what GitLab or a registry would refuse, before anything is written.
 */
export function planPipeline(
  options: PlanOptions & { variables: ReadonlyMap<string, string>; wave?: Wave },
): PipelinePlan {
  const {
    affected,
    images,
    registry,
    publication,
    templates,
    limits,
    registryImages = NO_REGISTRY_IMAGES,
  } = options;
  checkImageNames(affected.map(({ image }) => image));
  const built = new Set(affected.map(({ image }) => image.name));
  const bases = basesOf(images);
  const builds = affected.map(({ image }) =>
    buildJob({
      resolved: images.get(image.name) as ResolvedImage,
      built,
      wave: options.wave,
      images,
      registry,
      tags: [...tagsFor(publication, image), ...(registryImages.fingerprintTags.get(image.name) ?? [])],
      digests: registryImages.published,
      variables: options.variables,
      dockerfileText: options.dockerfiles.get(image.name) ?? '',
      component: componentIn(options.dockerfiles.get(image.name), image),
      isBase: bases.has(image.name),
    }),
  );
  for (const build of builds) checkBuild(build, templates);
  const byName = new Map(builds.map((build) => [build.name, build]));
  const own = new Map(
    affected.flatMap(({ image }): [string, ImageJobs][] => {
      const file = options.ciFiles.get(image.name);
      return file ? [[image.name, imageJobs(image, file)]] : [];
    }),
  );
  return {
    builds: builds.map((build) => {
      const jobs = own.get(build.image.name);
      const needs = jobs?.build?.['needs'];
      return withBarriers(build, {
        limits,
        builds: byName,
        own: Array.isArray(needs) ? needs.length : 0,
        taken: new Set(jobs?.jobs.map(({ name }) => name)),
      });
    }),
    imageJobs: own,
    templates,
    interruptible: publication.kind === 'merge-request',
    limits,
  };
}

/** Names of the images that others are built from, in this pipeline or not. */
function basesOf(images: ReadonlyMap<string, ResolvedImage>): ReadonlySet<string> {
  const bases = new Set<string>();
  for (const { dependencies } of images.values()) for (const { image } of dependencies) bases.add(image);
  return bases;
}

/** Where no Dockerfile is given, nothing that depends on it is asked for. */
function componentIn(text: string | undefined, image: Image): Component | undefined {
  return text === undefined ? undefined : componentOf(image, text);
}

function checkBuild(build: BuildJob, templates: Templates): void {
  const { image, template, name } = build;
  if (!templates.has(template)) {
    throw new AffectedError(
      'template',
      `The image "${image.name}" is built by the hidden job "${template}", which no file in ci-templates/ defines; add it or change "template" in affected.yml`,
    );
  }
  if (name.length > JOB_NAME_LENGTH) {
    throw new AffectedError(
      'job-name',
      `The job name "${name}" has ${name.length} characters; GitLab takes ${JOB_NAME_LENGTH}; give the image a shorter name under "names" in affected.yml`,
    );
  }
}
