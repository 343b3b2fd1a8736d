import { AffectedError } from '../errors.ts';
import type { CiMap, CiValue } from './ci-yaml.ts';
import { namesIn } from './ci-yaml.ts';
import { data, numbered } from './data-variables.ts';
import type { Step } from './job-names.ts';
import { withOwnRules } from './job-rules.ts';
import { mergeJobs } from './merge.ts';
import type { Waits } from './publish-needs.ts';
import { versionTags } from './left-to-publish.ts';
import { networkVariables, runnerKeywords } from './runner-keywords.ts';
import type { StepJob } from './step-jobs.ts';

/** Where each job stands, for people who look at the pipeline: `needs` decide what waits for what. */
const STAGES: Record<Exclude<Step, 'build'>, string> = {
  reuse: 'build',
  scan: 'verify',
  sbom: 'verify',
  'structure-test': 'verify',
  sign: 'sign',
  publish: 'publish',
};

/** Such a job in GitLab's words: the template does the work, the job brings data only, as variables. */
export function stepDefinition(job: StepJob, waits: Waits): CiMap {
  const { image, step, tags } = job;
  const { runner = {} } = image;
  const { tags: runners, allowFailure } = runner;
  return {
    extends: job.template,
    stage: STAGES[step],
    ...runnerKeywords({
      ...(runners && { tags: runners }),
      // Only of what nothing else waits for: else tags would move whatever a scan finds.
      ...(allowFailure !== undefined && step === 'publish' && { allowFailure }),
    }),
    ...waits,
    // One after the other, whichever pipeline they are of: the job decides by what the one before has published.
    ...(step === 'publish' && { resource_group: resourceGroup(image.name) }),
    variables: {
      ...networkVariables(runner),
      AFFECTED_IMAGE: image.name,
      AFFECTED_REPOSITORY: job.repository,
      AFFECTED_HANDOVER: job.variable,
      ...(allowFailure === true && { AFFECTED_ALLOW_FAILURE: 'true' }),
      ...(job.digest !== undefined && { AFFECTED_REFERENCE: `${job.repository}@${job.digest}` }),
      ...(step === 'structure-test' && { AFFECTED_STRUCTURE_TEST: data(structureTest(job)) }),
      ...numbered('AFFECTED_TAG', tags?.fixed ?? []),
      ...numbered('AFFECTED_BRANCH_TAG', tags?.branch ?? []),
      ...(tags?.version && {
        AFFECTED_VERSION: tags.version.release,
        ...numbered('AFFECTED_VERSION_TAG', versionTags(tags.version.tags)),
      }),
      ...(tags?.marker !== undefined && { AFFECTED_MARKER: tags.marker }),
      ...numbered('AFFECTED_AFTER', job.after),
    },
  };
}

function structureTest({ image: { directory } }: StepJob): string {
  return directory === '' ? 'structure-test.yaml' : `${directory}/structure-test.yaml`;
}

/** GitLab takes letters, digits and `-_/${}. ` (Gitlab::Regex.environment_name_regex and its like). */
function resourceGroup(image: string): string {
  return `affected/${image.replaceAll(':', '/')}`;
}

/**
 * What an image's file says of such a job, over the generated one; what it waits for stays.
 *
 * @throws AffectedError `image-ci` for what could leave the job out while others wait for it.
 */
export function mergeStep(options: { definition: CiMap; own: CiMap; step: Step; file: string }): CiMap {
  const { definition, own, step, file } = options;
  if (own['stage'] !== undefined || own['rules'] !== undefined) {
    throw new AffectedError(
      'image-ci',
      `${file}: the job "${step}" has a stage or rules of its own, but other jobs count on it; remove them ("verify" in affected.yml leaves a step out)`,
    );
  }
  const templates = [...namesIn(definition['extends']), ...namesIn(own['extends'])];
  const needs = [definition['needs'], own['needs']].flatMap((list) =>
    Array.isArray(list) ? (list as CiValue[]) : [],
  );
  const merged = mergeJobs(definition, {
    ...own,
    extends: templates.length === 1 ? (templates[0] as string) : templates,
    ...(definition['needs'] !== undefined && { needs }),
  });
  return own['when'] === undefined ? merged : withOwnRules(merged);
}
