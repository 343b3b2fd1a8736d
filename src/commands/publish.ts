import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AffectedError } from '../errors.ts';
import { PHASES } from '../publish/decide-tags.ts';
import { readPublishJob } from '../publish/job-variables.ts';
import { parsePublishPlan, type PublishPlan } from '../publish/publish-plan.ts';
import { openRepositories } from '../registry/repositories.ts';
import { printable } from '../render/printable.ts';
import { renderMovedTag, renderSource, renderStayingTag } from '../render/publication.ts';
import type { CommandFunction, CommandOptions, Surroundings } from '../run.ts';
import { findPlaceIn } from './find-place.ts';
import { type InspectedImage, inspectImages } from './inspect-images.ts';
import { moveTags, type TagMove } from './move-tags.ts';
import { registryAccess } from './registry-access.ts';
import { signKeyless } from './sign-keyless.ts';

/**
 * `affected publish`: puts an image's tags on what was built and verified, by its digest; with `--plan`, those of all
 * images that a pipeline built. Everything is read and decided before the first tag moves.
 */
export const publish: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  if (values.plan !== undefined) return publishPlan(await readPlan(values.plan, surroundings), options);
  const { image, handover } = readPublishJob(surroundings.env);
  const [published] = await publishImages({ images: [image], sign: undefined }, options);
  if (published && !values['dry-run']) {
    const { env, cwd } = surroundings;
    const text = `${handover}=${image.repository}@${published.manifest.digest}\n`;
    await writeFile(join(env['CI_PROJECT_DIR'] || cwd, '.affected.env'), text);
  }
  return 0;
};

async function publishPlan(plan: PublishPlan, options: CommandOptions): Promise<number> {
  if (plan.images.length === 0) options.surroundings.stdout('Nothing to publish.\n');
  else await publishImages(plan, options);
  return 0;
}

async function publishImages(
  { images, sign }: Pick<PublishPlan, 'images' | 'sign'>,
  options: CommandOptions,
): Promise<readonly InspectedImage[]> {
  const { values, surroundings } = options;
  const say = (line: string) => surroundings.stderr(`${printable(line.trimEnd())}\n`);
  const access = await registryAccess(surroundings.env);
  const open = () =>
    openRepositories({
      ...access,
      budgetMs: BUDGET_MS + images.length * BUDGET_PER_IMAGE_MS,
      requestMs: REQUEST_MS,
      retryMs: RETRY_MS,
      say,
    });
  const inspected = await inspectImages({ images, open: open(), findPlace: findPlaceIn(options, say) });
  const isDry = values['dry-run'] === true;
  if (isDry) surroundings.stdout('Dry run: nothing is written.\n');
  for (const { image, manifest } of inspected) {
    const reference = `${image.repository}@${manifest.digest}`;
    surroundings.stdout(renderSource({ image: image.name, reference }));
    if (sign && !isDry) await signKeyless(reference, surroundings);
  }
  const done = ({ image, tag, manifest, held }: TagMove) =>
    surroundings.stdout(renderMovedTag({ image, tag, digest: manifest.digest, held: held?.digest }));
  const moves = movesOf(inspected);
  if (isDry) moves.forEach(done);
  else await moveTags(moves, { reopen: open, done });
  for (const { image, tags } of inspected) {
    for (const { tag, stays } of tags) {
      if (stays !== undefined) surroundings.stdout(renderStayingTag({ image: image.name, tag, stays }));
    }
  }
  return inspected;
}

/** For all that registries are asked: a job has an hour if nothing else is said. */
const BUDGET_MS = 300_000;
const BUDGET_PER_IMAGE_MS = 5_000;
const REQUEST_MS = 30_000;
const RETRY_MS = 500;

/** Of many images, all tags that are put always come before the first that moves: a release is there as a whole or not. */
function movesOf(inspected: readonly InspectedImage[]): readonly TagMove[] {
  return PHASES.flatMap((phase) =>
    inspected.flatMap(({ image, repository, manifest, tags }) =>
      tags
        .filter((tag) => tag.phase === phase && tag.stays === undefined)
        .map(({ tag, held }) => ({
          image: image.name,
          repositoryName: image.repository,
          repository,
          tag,
          manifest,
          held,
        })),
    ),
  );
}

/** The plan of this very pipeline: one that an earlier run left behind would publish what is out of date. */
async function readPlan(file: string, { env, cwd }: Surroundings): Promise<PublishPlan> {
  const text = await readFile(resolve(cwd, file), 'utf8').catch((cause: unknown) => {
    const message = `${file} can't be read: ${(cause as Error).message}; it is an artifact of the job that runs affected generate --plan.`;
    throw new AffectedError('publish-plan', message, { cause });
  });
  const plan = parsePublishPlan(text, file);
  const { CI_PIPELINE_ID: pipeline = plan.pipeline, CI_COMMIT_SHA: commit = plan.commit } = env;
  if (plan.pipeline === pipeline && plan.commit === commit) return plan;
  throw new AffectedError(
    'publish-plan',
    `${file} is of pipeline ${plan.pipeline} and commit ${plan.commit}, and this is pipeline ${pipeline} of commit ${commit}: publish the plan that this pipeline generated.`,
  );
}
