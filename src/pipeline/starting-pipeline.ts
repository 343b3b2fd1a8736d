import { checkJobs } from './check-jobs.ts';
import type { ChildPipeline } from './child-pipeline.ts';
import { type CiFile, type CiMap, type CiValue, isCiMap } from './ci-yaml.ts';
import { WAVE_FILES_JOB } from './job-names.ts';
import type { PipelinePlan } from './plan.ts';
import { reachedTemplates } from './templates.ts';

/** The job whose artifacts hold the waves' files. */
export interface WaveSource {
  /** The id of its pipeline. */
  pipeline: string;
  job: string;
  /** The file of a wave, counted from 1, below the project directory. */
  file: (wave: number) => string;
}

/**
 * A pipeline that starts others, one after the other. GitLab takes the file of a child pipeline from the artifacts of a
 * job of the very pipeline that starts it, so its first job brings the files from the pipeline above
 * (lib/gitlab/ci/config/external/file/artifact.rb).
 *
 * A wave starts whatever became of the one before: a build that failed there is missed by what is built from it alone.
 *
 * @throws AffectedError `invalid-job` for a template that GitLab would refuse.
 */
export function startingPipeline(options: {
  plan: PipelinePlan;
  source: WaveSource;
  waves: number;
}): ChildPipeline {
  const { plan, source } = options;
  const { templates, limits } = plan;
  const files = Array.from({ length: options.waves }, (_, index) => source.file(index + 1));
  const file = templates.get(WAVE_FILES_TEMPLATE)?.file ?? WAVE_FILES_TEMPLATE;
  const bring: CiMap = {
    extends: WAVE_FILES_TEMPLATE,
    stage: 'files',
    needs: [{ pipeline: source.pipeline, job: source.job }],
    artifacts: { paths: files },
  };
  const jobs = [
    { name: WAVE_FILES_JOB, definition: bring, file },
    ...files.map((artifact, index) => ({
      name: waveName(index + 1),
      definition: startOf(artifact, index + 1),
      file,
    })),
  ];
  checkJobs(jobs, { templates, limits });
  return {
    workflow: { rules: [{ when: 'always' }] },
    default: { interruptible: plan.interruptible },
    stages: ['files', 'waves'],
    hidden: reachedTemplates(templates, bring),
    jobs: jobs.map(({ name, definition }) => ({ name, definition })),
  };
}

/** The files that such a pipeline starts others with, as its own file says; none where it does not say so of each. */
export function startedFiles({ entries }: CiFile): readonly string[] {
  if (!entries.some(({ key }) => key === WAVE_FILES_JOB)) return [];
  const triggers = entries.flatMap(({ value }) => (isCiMap(value) ? (value['trigger'] ?? []) : []));
  const files = triggers.map((trigger) => {
    const include = isCiMap(trigger) ? trigger['include'] : undefined;
    const [file] = Array.isArray(include) ? (include as readonly CiValue[]) : [];
    return isCiMap(file) ? file['artifact'] : undefined;
  });
  return files.every((file) => typeof file === 'string') ? files : [];
}

const WAVE_FILES_TEMPLATE = '.affected-wave-files';

function startOf(artifact: string, wave: number): CiMap {
  const needs: CiValue[] = [WAVE_FILES_JOB, ...(wave === 1 ? [] : [waveName(wave - 1)])];
  return {
    stage: 'waves',
    needs,
    rules: [{ when: wave === 1 ? 'on_success' : 'always' }],
    trigger: {
      include: [{ artifact, job: WAVE_FILES_JOB }],
      strategy: 'depend',
      // What a person typed for the pipeline above goes on to the builds.
      forward: { yaml_variables: false, pipeline_variables: true },
    },
  };
}

function waveName(wave: number): string {
  return `wave-${wave}`;
}
