/** The one job of a child pipeline in which no image is affected. */
export const NO_OP_JOB = 'no-image-affected';

/** The one job of a child pipeline that does not start another, but brings the files of those that do. */
export const WAVE_FILES_JOB = 'wave-files';

/**
 * The jobs that are generated for an image; the image's own jobs are named `<image>:<job>` too. `reuse` stands in the place
 * of the build of an image that the registry has already.
 */
export const STEPS = ['build', 'reuse', 'scan', 'sbom', 'structure-test', 'sign', 'publish'] as const;
export type Step = (typeof STEPS)[number];

export function stepJobName(image: string, step: Step): string {
  return `${image}:${step}`;
}

/** The job that builds an image. */
export function buildJobName(image: string): string {
  return stepJobName(image, 'build');
}

/** The image that a job of this name builds; `undefined` for any other job. */
export function builtByJob(name: string): string | undefined {
  return imageOf(name, 'build');
}

/** The image whose tags a job of this name moves; `undefined` for any other job. */
export function publishedByJob(name: string): string | undefined {
  return imageOf(name, 'publish');
}

/** The image that such a job builds, takes over or publishes; each has one of them. */
export function imageOfStep(name: string): string | undefined {
  return imageOf(name, 'build') ?? imageOf(name, 'reuse') ?? imageOf(name, 'publish');
}

function imageOf(name: string, step: Step): string | undefined {
  const ending = `:${step}`;
  return name.endsWith(ending) && name.length > ending.length ? name.slice(0, -ending.length) : undefined;
}

export function isStep(name: string): name is Step {
  return (STEPS as readonly string[]).includes(name);
}
