import { AffectedError } from '../errors.ts';
import { type ImagePublication, readImagePublication } from './image-publication.ts';
import { type Complaint, complaintOf, imageShape } from './image-shape.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a job `<image>:publish` is told, and the variable under which it hands the image on. */
export interface PublishJob {
  image: ImagePublication;
  handover: string;
}

/**
 * Reads the variables of a job that publishes one image. GitLab has expanded what stands in their values.
 *
 *   AFFECTED_IMAGE                    its name, for people
 *   AFFECTED_REPOSITORY               <registry>/<repository>
 *   AFFECTED_HANDOVER                 the variable that holds <registry>/<repository>@<digest>, from the job that built it
 *   AFFECTED_REFERENCE                the same at once, of an image that is in the registry already
 *   AFFECTED_TAG_1, _2, …             tags that are put always
 *   AFFECTED_BRANCH_TAG_1, _2, …      tags that follow the branch
 *   AFFECTED_MARKER                   commit-<id>[_<variant>], where tags follow the branch
 *   AFFECTED_AFTER_1, _2, …           <registry>/<repository>:<tag> that must be there before
 *   AFFECTED_VERSION                  the release, 1.2.3 or 1.3.0-rc.1, and
 *   AFFECTED_VERSION_TAG_1, _2, …     tags that move to higher versions only, <tag> or <tag>=<line>
 *
 * @throws AffectedError `not-a-publish-job`, `nothing-handed-over`, `publish-variable`.
 */
export function readPublishJob(env: Environment): PublishJob {
  const { AFFECTED_REPOSITORY: repository, AFFECTED_HANDOVER: handover, AFFECTED_REFERENCE: copied } = env;
  if (!repository || !handover) {
    throw new AffectedError(
      'not-a-publish-job',
      `${repository ? 'AFFECTED_HANDOVER' : 'AFFECTED_REPOSITORY'} is not set: "affected publish" runs in the jobs that "affected generate" writes; a plan is published with --plan FILE.`,
    );
  }
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(handover)) {
    throw wrong('AFFECTED_HANDOVER', `${JSON.stringify(handover)} can't be a variable's name`);
  }
  const given = copied ? 'AFFECTED_REFERENCE' : handover;
  const [place, digest] = (env[given] ?? '').split('@');
  if (!place) {
    const message = `${given} is not set: the job that builds ${env['AFFECTED_IMAGE']} handed nothing over.`;
    throw new AffectedError('nothing-handed-over', message);
  }
  if (place !== repository) {
    throw wrong(
      given,
      `names an image of ${place}, but tags are put in ${repository} (AFFECTED_REPOSITORY), which need not have it`,
    );
  }
  const shape = {
    name: env['AFFECTED_IMAGE'] || repository,
    repository,
    digest: digest ?? '',
    tags: numbered(env, 'AFFECTED_TAG'),
    branchTags: numbered(env, 'AFFECTED_BRANCH_TAG'),
    version: env['AFFECTED_VERSION'] || undefined,
    versionTags: numbered(env, 'AFFECTED_VERSION_TAG'),
    marker: env['AFFECTED_MARKER'] || undefined,
    after: numbered(env, 'AFFECTED_AFTER'),
  };
  const parsed = imageShape.safeParse(shape);
  const read = parsed.success
    ? readImagePublication(parsed.data)
    : { complaint: complaintOf(parsed.error, shape) };
  if (read.complaint === undefined) return { image: read.image, handover };
  throw wrong(variableOf(read.complaint, given), read.complaint.message);
}

/** Values of `<prefix>_1`, `_2`, …; a gap would leave out tags without a word. */
function numbered(env: Environment, prefix: string): readonly string[] {
  const name = new RegExp(`^${prefix}_([1-9][0-9]*)$`);
  const found = Object.keys(env).filter((key) => env[key] && name.test(key));
  return found.map((_, index) => {
    const value = env[`${prefix}_${index + 1}`];
    if (value) return value;
    throw wrong(`${prefix}_${index + 1}`, 'is not set, but one behind it is');
  });
}

function variableOf({ path }: Complaint, given: string): string {
  const [key, index] = path;
  const name = VARIABLES[String(key)] ?? given;
  return typeof index === 'number' || key === 'tags' ? `${name}_${Number(index ?? 0) + 1}` : name;
}

const VARIABLES: Readonly<Record<string, string>> = {
  name: 'AFFECTED_IMAGE',
  repository: 'AFFECTED_REPOSITORY',
  tags: 'AFFECTED_TAG',
  branchTags: 'AFFECTED_BRANCH_TAG',
  version: 'AFFECTED_VERSION',
  versionTags: 'AFFECTED_VERSION_TAG',
  marker: 'AFFECTED_MARKER',
  after: 'AFFECTED_AFTER',
};

function wrong(variable: string, message: string): AffectedError {
  return new AffectedError(
    'publish-variable',
    `${variable} ${message}: run the job that generates the pipeline again.`,
  );
}
