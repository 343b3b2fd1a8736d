import { AffectedError } from '../errors.ts';
import { expandVariables } from '../pipeline/expand-variables.ts';
import { leftToPublish } from '../pipeline/left-to-publish.ts';
import type { PlanOptions } from '../pipeline/plan.ts';
import type { PipelineFile } from './pipeline-files.ts';

/**
 * The file that `affected publish --plan` reads, where the child pipeline leaves publishing to a job above it.
 *
 * @param options.file what `--plan` names.
 * @throws AffectedError `usage` without that, `publish-plan` where a variable of a name is not set.
 */
export function publishPlanFile(
  options: PlanOptions & {
    file: string | undefined;
    env: Readonly<Record<string, string | undefined>>;
    commit: string;
  },
): PipelineFile | undefined {
  const { file, env, commit } = options;
  if (options.release.sign !== 'keyless') {
    if (file === undefined) return undefined;
    throw new AffectedError(
      'usage',
      '--plan goes with "sign: keyless" in affected.yml: else the jobs of the child pipeline publish',
    );
  }
  const left = leftToPublish(options);
  if (file === undefined) {
    if (left.length === 0) return undefined;
    throw new AffectedError(
      'usage',
      '"sign: keyless" in affected.yml leaves publishing to a job of this pipeline: name the file it reads with --plan FILE, keep that as an artifact, and run affected publish --plan FILE after the child pipeline',
    );
  }
  const text = (value: string) => {
    const expanded = expandVariables(value, env);
    if (expanded.missing.length === 0) return expanded.text.replace(/\/+$/, '');
    throw new AffectedError(
      'publish-plan',
      `$${expanded.missing[0]} is not set, which ${JSON.stringify(value)} needs: run affected generate in GitLab`,
    );
  };
  const images = left.map(({ found, repository, tags, branchTags, marker, ...one }) => ({
    ...one,
    ...('digest' in found ? found : { candidate: text(found.candidate) }),
    repository: text(repository),
    tags: tags.map(text),
    branchTags: branchTags.map(text),
    marker: marker === undefined ? undefined : text(marker),
  }));
  const plan = { version: 1, pipeline: options.pipeline, commit, sign: 'keyless', images };
  return { path: file, text: `${JSON.stringify(plan, null, 2)}\n` };
}
