import type { AffectedImage } from '../affected/affected.ts';
import { AffectedError } from '../errors.ts';
import { withBarriers } from './barriers.ts';
import type { Image } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { type BuildJob, buildJob } from './build-job.ts';
import type { CiFile } from './ci-yaml.ts';
import type { Publication } from '../gitlab/publication.ts';
import type { Wave } from './handovers.ts';
import { type ImageJobs, imageJobs } from './image-jobs.ts';
import { imageTags, type ImageTags } from './image-tags.ts';
import type { Step } from './job-names.ts';
import { JOB_NAME_LENGTH, type Limits } from './limits.ts';
import { checkImageNames } from './names.ts';
import { isPublished, type Release, type Reused, type StepJob, stepJobs } from './step-jobs.ts';
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
  const { affected, images, registry, publication, limits, registryImages = NO_REGISTRY_IMAGES } = options;
  const { reused, fingerprintTags } = registryImages;
  checkImageNames(affected.map(({ image }) => image));
  const resolved = affected.map(({ image }) => images.get(image.name) as ResolvedImage);
  const tagging = { publication, pipeline: options.pipeline, fingerprintTags };
  const tags = new Map(
    resolved.map(({ image }) => [
      image.name,
      imageTags(image, tagging, { isBuilt: !reused.has(image.name) }),
    ]),
  );
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
    }),
  );
  const release = { ...options.release, together: publication.kind === 'tag' };
  const inPipeline = new Set([...tags].filter(([, each]) => isPublished(each)).map(([name]) => name));
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

/** The images' own jobs, as far as they are for this pipeline. */
function ownJobs({ builds, steps }: Planned, options: PlanOptions): ReadonlyMap<string, ImageJobs> {
  const built = new Set(builds.map(({ image }) => image.name));
  const { reused } = options.registryImages ?? NO_REGISTRY_IMAGES;
  return new Map(
    options.affected.flatMap(({ image: { name }, image }): [string, ImageJobs][] => {
      const file = options.ciFiles.get(name);
      if (file === undefined) return [];
      const generated = (steps.get(name) ?? []).map(({ step }) => step);
      const planned = {
        steps: new Set<Step>(built.has(name) ? ['build', ...generated] : generated),
        reserved: reservedSteps(image as Image, options.release.sign),
        isVerified: reused.get(name)?.verified === true,
      };
      return [[name, imageJobs(image as Image, file, planned)]];
    }),
  );
}

/** The steps that are generated in some pipeline or other, whatever this one does. */
function reservedSteps({ verify }: Image, sign: string): ReadonlySet<Step> {
  const switched: [Step, boolean][] = [
    ['scan', verify.scan !== false],
    ['sbom', verify.sbom !== false],
    ['structure-test', verify.test !== false],
    ['sign', sign.startsWith('.')],
  ];
  const on = switched.filter(([, isOn]) => isOn).map(([step]) => step);
  return new Set<Step>(['build', 'reuse', 'publish', ...on]);
}

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

/** @throws AffectedError `template` for a hidden job that is nowhere defined, `job-name` for a name GitLab does not take. */
function checkTemplates({ builds, steps, templates }: Planned): void {
  for (const build of builds) checkBuild(build, templates);
  for (const { name, template, image, step } of [...steps.values()].flat()) {
    if (!templates.has(template)) {
      throw new AffectedError(
        'template',
        `The job "${name}" extends the hidden job "${template}", which no file in ci-templates/ defines; add it or change ${step === 'publish' || step === 'sign' ? `"${step}"` : '"verify"'} of "${image.name}" in affected.yml`,
      );
    }
    checkName(name);
  }
}

function checkBuild(build: BuildJob, templates: Templates): void {
  const { image, template, name } = build;
  if (!templates.has(template)) {
    throw new AffectedError(
      'template',
      `The image "${image.name}" is built by the hidden job "${template}", which no file in ci-templates/ defines; add it or change "template" in affected.yml`,
    );
  }
  checkName(name);
}

function checkName(name: string): void {
  if (name.length > JOB_NAME_LENGTH) {
    throw new AffectedError(
      'job-name',
      `The job name "${name}" has ${name.length} characters; GitLab takes ${JOB_NAME_LENGTH}; give the image a shorter name under "names" in affected.yml`,
    );
  }
}
