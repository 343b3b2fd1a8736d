import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { AffectedError } from '../errors.ts';
import { pipelineHeader } from '../pipeline/header.ts';
import type { PlanOptions } from '../pipeline/plan.ts';
import type { WaveSource } from '../pipeline/starting-pipeline.ts';
import { childPipelines } from '../pipeline/waves.ts';
import { renderPipelineYaml } from '../render/pipeline-yaml.ts';
import type { Surroundings } from '../run.ts';

export interface PipelineFile {
  /** As `--output` names it, or beside that. */
  path: string;
  text: string;
}

/**
 * The files of the child pipeline: one, or where GitLab takes less at once, those of its waves before it.
 *
 * @throws AffectedError `pipeline-size` for what GitLab would not take.
 */
export function pipelineFiles(
  options: PlanOptions & {
    comparison: Parameters<typeof pipelineHeader>[0];
    output: string;
    surroundings: Pick<Surroundings, 'env' | 'cwd'>;
  },
): readonly PipelineFile[] {
  const { comparison, output } = options;
  const { pipeline, waves } = childPipelines({ ...options, source: waveSource(options) });
  const header = pipelineHeader(comparison);
  const files = waves.map((wave, index) => {
    const which = `Wave ${index + 1} of ${waves.length}. What earlier waves built is taken from the registry, by a tag that only they push.`;
    return {
      path: waveFile(output, index + 1),
      text: renderPipelineYaml(wave, { header: [...header, which] }),
    };
  });
  const all = [...files, { path: output, text: renderPipelineYaml(pipeline, { header }) }];
  checkArtifact(all, options.limits);
  return all;
}

/** Of a run outside of GitLab: no pipeline has it, so that what is written there can't build by mistake. */
export const NO_PIPELINE = '0';

/** The id of the pipeline that generates. */
export function pipelineId({ CI_PIPELINE_ID: id = '' }: Surroundings['env']): string {
  return /^[0-9]+$/.test(id) ? id : NO_PIPELINE;
}

/**
 * Where the pipeline that is started below this one finds the waves: in the artifacts of this very job. `undefined` in a
 * child pipeline: the waves would be the third below the root, and GitLab allows two (MAX_NESTED_CHILDREN in
 * app/services/ci/create_downstream_pipeline_service.rb).
 */
export function waveSource(options: {
  output: string;
  surroundings: Pick<Surroundings, 'env' | 'cwd'>;
}): WaveSource | undefined {
  const { env, cwd } = options.surroundings;
  if (env['CI_PIPELINE_SOURCE'] === 'parent_pipeline') return undefined;
  const { CI_JOB_NAME: job = 'generate-pipeline', CI_PROJECT_DIR: project } = env;
  return {
    pipeline: pipelineId(env),
    job,
    file: (wave) => {
      const file = resolve(cwd, waveFile(options.output, wave));
      const path = relative(real(project || cwd), join(real(dirname(file)), basename(file)));
      if (isAbsolute(path) || path.startsWith(`..${sep}`)) {
        throw new AffectedError(
          'usage',
          `--output ${options.output}: more than GitLab takes in one pipeline is to be built, and the files of several must be artifacts; write below the project's directory`,
        );
      }
      return path.split(sep).join('/');
    },
  };
}

/** A runner may name its directory by a link, which the working directory never does. */
function real(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}

/** `child-pipeline.yml` → `child-pipeline.wave-1.yml` */
function waveFile(output: string, wave: number): string {
  return output.replace(/(?:\.ya?ml)?$/, (ending) => `.wave-${wave}${ending}`);
}

/** GitLab looks at the whole archive, and at the file it takes from it. */
function checkArtifact(files: readonly PipelineFile[], { artifactBytes }: PlanOptions['limits']): void {
  const sizes = files.map(({ text }) => Buffer.byteLength(text));
  const largest = Math.max(...sizes);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= artifactBytes) return;
  const archive = files.reduce((sum, { text }) => sum + deflateRawSync(text).length + ARCHIVE_ENTRY, 0);
  const over =
    largest > artifactBytes ? `a file of ${largest} bytes` : `an archive of about ${archive} bytes`;
  if (Math.max(largest, archive) <= artifactBytes) return;
  throw new AffectedError(
    'pipeline-size',
    `The child pipeline is ${over}; GitLab reads ${artifactBytes} (limits.artifactBytes in affected.yml)`,
  );
}

/** What a ZIP archive holds of each file beside its content, at most. */
const ARCHIVE_ENTRY = 1024;
