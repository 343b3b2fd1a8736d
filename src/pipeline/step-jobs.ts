import type { Image } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { releasedTag } from './candidate-tags.ts';
import type { Wave } from './handovers.ts';
import { isPublished, type PublishedTags } from './image-tags.ts';
import { type Step, stepJobName } from './job-names.ts';
import type { ImageTags } from './tag-policy.ts';

/** How images come from their builds to their tags. */
export interface Release {
  /** Hidden job that moves tags. */
  publish: string;
  /** Hidden job that signs; `keyless`: a job of the pipeline above signs and publishes; `off`. */
  sign: string;
  /** A Git tag releases every image or none: no tag moves before all of them are verified. */
  together: boolean;
}

/** An image that the registry has for this commit, so that it is not built. */
export interface Reused {
  /** `sha256:…` */
  digest: string;
  /** Whether it was verified before it got there; else that is done now. */
  verified: boolean;
}

/** A job that works on what was built: plain data, in GitLab's words but without its syntax. */
export interface StepJob {
  step: Exclude<Step, 'build'>;
  name: string;
  image: Image;
  /** Hidden job that does it. */
  template: string;
  /** Jobs that must have succeeded, by name; those of the image's own file are added to what publishing needs. */
  needs: readonly string[];
  /** `<registry>/<repository>`, GitLab's variables unexpanded. */
  repository: string;
  /** The dotenv variable that names the image by its digest, … */
  variable: string;
  /** … or the digest, of an image that is not built. */
  digest: string | undefined;
  /** The tags it puts on the image, where that is what it does. */
  tags: PublishedTags | undefined;
  /** `<registry>/<repository>:<tag>` that must be there before it does. */
  after: readonly string[];
}

/**
 * The jobs that follow an image's build, or stand in its place, in order: verification, signature, tags.
 *
 * @param options.inPipeline images of which this pipeline has a job that publishes.
 */
export function stepJobs(options: {
  resolved: ResolvedImage;
  repository: string;
  variable: string;
  tags: ImageTags;
  release: Release;
  reused: Reused | undefined;
  hasStructureTest: boolean;
  inPipeline: ReadonlySet<string>;
  wave: Wave | undefined;
  /** All images of the head. */
  images: ReadonlyMap<string, ResolvedImage>;
  registry: string;
}): readonly StepJob[] {
  const { resolved, reused, tags, release } = options;
  const { image } = resolved;
  const base = {
    image,
    repository: options.repository,
    variable: options.variable,
    digest: reused?.digest,
    after: [],
    tags: undefined,
  };
  const job = (step: StepJob['step'], template: string, needs: readonly string[]): StepJob => ({
    ...base,
    step,
    template,
    name: stepJobName(image.name, step),
    needs,
  });
  const isMoved = isPublished(tags);
  // Where something is published, only one that was not verified is a candidate, like one that was built.
  const isCopied = reused !== undefined && tags.candidates.length > 0;
  const jobs: StepJob[] = [];
  // Verified or not, the copy comes first: it is the candidate.
  if (isCopied) jobs.push({ ...job('reuse', release.publish, []), tags: onlyFixed(tags.candidates) });
  const start = reused === undefined ? [stepJobName(image.name, 'build')] : jobs.map(({ name }) => name);
  const verification = reused?.verified ? [] : verifyJobs({ ...options, start }, job);
  jobs.push(...verification);
  if (!isMoved || release.sign === 'keyless') return jobs;
  const verified = [...start, ...verification.map(({ name }) => name)];
  if (release.sign !== 'off') jobs.push(job('sign', release.sign, verified));
  const signed = release.sign === 'off' ? verified : [...verified, stepJobName(image.name, 'sign')];
  jobs.push({
    ...job('publish', release.publish, [...signed, ...publishedBases(resolved, options.inPipeline)]),
    tags: withReleasedTag(tags, image, options.wave),
    after: releasedEarlier(options),
  });
  return jobs;
}

function verifyJobs(
  options: Pick<Parameters<typeof stepJobs>[0], 'resolved' | 'tags' | 'hasStructureTest'> & {
    start: readonly string[];
  },
  job: (step: StepJob['step'], template: string, needs: readonly string[]) => StepJob,
): readonly StepJob[] {
  const { start, tags, hasStructureTest } = options;
  const { scan, sbom, test } = options.resolved.image.verify;
  return [
    ...(scan === false ? [] : [job('scan', scan, start)]),
    ...(sbom === false || !isPublished(tags) ? [] : [job('sbom', sbom, start)]),
    ...(test === false || !hasStructureTest ? [] : [job('structure-test', test, start)]),
  ];
}

function onlyFixed(fixed: readonly string[]): PublishedTags {
  return { fixed, branch: [], version: undefined, marker: undefined };
}

/** No tag moves before those of what the image is built from. */
function publishedBases({ dependencies }: ResolvedImage, inPipeline: ReadonlySet<string>): readonly string[] {
  const bases = new Set(dependencies.map(({ image }) => image).filter((name) => inPipeline.has(name)));
  return [...bases].sort().map((name) => stepJobName(name, 'publish'));
}

/** What an earlier wave published is told by a tag: no job of another pipeline can be needed. */
function releasedEarlier(options: Parameters<typeof stepJobs>[0]): readonly string[] {
  const { wave, resolved, images, registry } = options;
  const bases = new Set(resolved.dependencies.map(({ image }) => image));
  return [...bases].sort().flatMap((name) => {
    const base = images.get(name)?.image;
    if (base === undefined || !wave?.earlier.has(name)) return [];
    return [`${registry}/${base.repository}:${releasedTag(wave.pipeline, base.variant)}`];
  });
}

function withReleasedTag(tags: ImageTags, { name, variant }: Image, wave: Wave | undefined) {
  const { candidates: _, ...moved } = tags;
  if (!wave?.handedOn.has(name)) return moved;
  return { ...moved, fixed: [...moved.fixed, releasedTag(wave.pipeline, variant)] };
}
