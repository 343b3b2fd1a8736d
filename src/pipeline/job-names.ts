/** The one job of a child pipeline in which no image is affected. */
export const NO_OP_JOB = 'no-image-affected';

/** The one job of a child pipeline that does not start another, but brings the files of those that do. */
export const WAVE_FILES_JOB = 'wave-files';

/** The job that builds an image; the image's own jobs are named `<image>:<job>` too. */
export function buildJobName(image: string): string {
  return `${image}${BUILD}`;
}

/** The image that a job of this name builds; `undefined` for any other job. */
export function builtByJob(name: string): string | undefined {
  return name.endsWith(BUILD) && name.length > BUILD.length ? name.slice(0, -BUILD.length) : undefined;
}

const BUILD = ':build';
