import type { AffectedImage } from '../affected/affected.ts';
import type { TagPatterns } from '../config/tags.ts';
import { withBarriers } from './barriers.ts';
import { checkTemplates } from './check-templates.ts';
import type { Image } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { type BuildJob, buildJob, handoverVariables } from './build-job.ts';
import type { CiFile } from './ci-yaml.ts';
import type { Publication } from '../gitlab/publication.ts';
import type { Wave } from './handovers.ts';
import type { ImageJobs } from './image-jobs.ts';
import { isPublished } from './image-tags.ts';
import { ownJobs } from './own-jobs.ts';
import type { Limits } from './limits.ts';
import { checkImageNames } from './names.ts';
import { componentIn, plannedTags } from './planned-tags.ts';
import { type Release, type Reused, type StepJob, stepJobs } from './step-jobs.ts';
import type { ImageTags } from './tag-policy.ts';
import type { Templates } from './templates.ts';

/** What the child pipeline does: plain data that a renderer turns into GitLab's YAML. */
export interface PipelinePlan {
  builds: readonly BuildJob[];
  /** What follows the builds or stands in their place, by image name, in build order; all images of the pipeline. */
  steps: ReadonlyMap<string, readonly StepJob[]>;
  /** The affected images' own jobs, by image name. */
  imageJobs: ReadonlyMap<string, ImageJobs>;
  templates: Templates;
  /** A newer push to the same merge request may cancel this pipeline. */
  interruptible: boolean;
  /** No tag moves before all images are verified. */
  together: boolean;
  limits: Limits;
}

/** What is known of the registry when a pipeline is planned; nothing where it can't be asked. */
export interface RegistryImages {
  /** Of images that this pipeline does not build, by name: the digest of the one published for their fingerprint. */
  published: ReadonlyMap<string, string>;
  /** Of images that it builds: the tags that tell later pipelines which commit's image it is. */
  fingerprintTags: ReadonlyMap<string, readonly string[]>;
  /** Affected images that are there as they are at this commit. */
  reused: ReadonlyMap<string, Reused>;
}

export const NO_REGISTRY_IMAGES: RegistryImages = {
  published: new Map(),
  fingerprintTags: new Map(),
  reused: new Map(),
};

export const NO_OP_TEMPLATE = '.affected-no-op';

/** What is to be built, and what has to be known for it. */
export interface PlanOptions {
  /** In build order. */
  affected: readonly Pick<AffectedImage, 'image'>[];
  /** All images of the head. */
  images: ReadonlyMap<string, ResolvedImage>;
  registry: string;
  publication: Publication;
  /** Of the config. */
  patterns: TagPatterns;
  /** The id of the pipeline that generates. */
  pipeline: string;
  release: Pick<Release, 'publish' | 'sign'>;
  /** Names of the affected images beside whose Dockerfile a structure test stands. */
  structureTests: ReadonlySet<string>;
  templates: Templates;
  /** The affected images' own CI files, by image name. */
  ciFiles: ReadonlyMap<string, CiFile>;
  /** The affected images' Dockerfile texts, by image name. */
  dockerfiles: ReadonlyMap<string, string>;
  /** None where the registry can't be asked. */
  registryImages?: RegistryImages;
  /** Names of the images that are built afresh on purpose; none where absent. */
  fresh?: ReadonlySet<string>;
  limits: Limits;
}

/** What is the same for all pipelines of a plan. */
export interface Common {
  /** The dotenv variable of each image of the head. */
  variables: ReadonlyMap<string, string>;
  /** The tags of each affected image. */
  tags: ReadonlyMap<string, ImageTags>;
  /** Names of the images that others are built from. */
  bases: ReadonlySet<string>;
}

/** Of thousands of images it is found once. */
export function commonOf(options: PlanOptions): Common {
  return {
    variables: handoverVariables(options.images.keys()),
    tags: plannedTags(options),
    bases: basesOf(options.images),
  };
}

/**
 * Plans one pipeline of the affected images, in build order.
 *
 * @param options.affected all that `commonOf` was asked for, or some of it.
 * @param options.wave where other pipelines build the rest of what is affected.
 * @throws AffectedError for what GitLab or a registry would refuse, before anything is written.
 */
export function planPipeline(options: PlanOptions & Common & { wave?: Wave }): PipelinePlan {
  const { affected, images, registry, publication, limits, registryImages = NO_REGISTRY_IMAGES } = options;
  const { tags, bases } = options;
  const { reused } = registryImages;
  checkImageNames(affected.map(({ image }) => image));
  const resolved = affected.map(({ image }) => images.get(image.name) as ResolvedImage);
  const tagsOf = ({ name }: Image) => tags.get(name) as ImageTags;
  const toBuild = resolved.filter(({ image }) => !reused.has(image.name));
  const built = new Set(toBuild.map(({ image }) => image.name));
  const digests = new Map([
    ...registryImages.published,
    ...[...reused].map(([name, { digest }]) => [name, digest] as const),
  ]);
  const builds = toBuild.map((one) =>
    buildJob({
      ...options,
      wave: options.wave,
      resolved: one,
      built,
      tags: tagsOf(one.image).candidates,
      digests,
      dockerfileText: options.dockerfiles.get(one.image.name) ?? '',
      component: componentIn(options.dockerfiles.get(one.image.name), one.image),
      isBase: bases.has(one.image.name),
      fresh: options.fresh?.has(one.image.name) === true,
    }),
  );
  const release = { ...options.release, together: publication.kind === 'tag' };
  const inPipeline = new Set(
    resolved.map(({ image }) => image.name).filter((name) => isPublished(tags.get(name) as ImageTags)),
  );
  const steps = new Map(
    resolved.map((one) => [
      one.image.name,
      stepJobs({
        ...options,
        wave: options.wave,
        resolved: one,
        repository: `${registry}/${one.image.repository}`,
        variable: options.variables.get(one.image.name) as string,
        tags: tagsOf(one.image),
        release,
        reused: reused.get(one.image.name),
        hasStructureTest: options.structureTests.has(one.image.name),
        inPipeline,
      }),
    ]),
  );
  const plan = { builds, steps, templates: options.templates, limits, together: release.together };
  checkTemplates(plan);
  const imageJobs = ownJobs(plan, options);
  return {
    ...plan,
    builds: withinNeeds(plan, imageJobs),
    imageJobs,
    interruptible: publication.kind === 'merge-request',
  };
}

type Planned = Pick<PipelinePlan, 'builds' | 'steps' | 'templates' | 'limits'>;

/** The builds, with barriers where they need more than GitLab allows. */
function withinNeeds({ builds, limits }: Planned, own: ReadonlyMap<string, ImageJobs>): readonly BuildJob[] {
  const byName = new Map(builds.map((build) => [build.name, build]));
  return builds.map((build) => {
    const jobs = own.get(build.image.name);
    const needs = jobs?.steps.get('build')?.['needs'];
    return withBarriers(build, {
      limits,
      builds: byName,
      own: Array.isArray(needs) ? needs.length : 0,
      taken: new Set(jobs?.jobs.map(({ name }) => name)),
    });
  });
}

/** Names of the images that others are built from, in this pipeline or not. */
function basesOf(images: ReadonlyMap<string, ResolvedImage>): ReadonlySet<string> {
  const bases = new Set<string>();
  for (const { dependencies } of images.values()) for (const { image } of dependencies) bases.add(image);
  return bases;
}
