import { AffectedError } from '../errors.ts';
import { parseCiFile } from '../pipeline/ci-yaml.ts';
import { baseReason, headOfPipeline } from '../pipeline/header.ts';
import { startedFiles } from '../pipeline/starting-pipeline.ts';
import type { Answer } from '../http/answer.ts';
import type { GitLab } from './api.ts';
import { NAMED } from './base-strategy.ts';
import type { BuiltAnswer, Past } from './built-commit.ts';
import { whyNoProof } from './no-proof.ts';

/**
 * As `lastBuilt`, from what a job's own token may read: the file of the child pipeline that the branch's latest successful
 * pipeline ran. It succeeded with its child, if the job that starts the child waits for it (`strategy: depend`); so all is
 * built unless a build of the file, or of those that it starts, may fail, wait or be left out without failing the pipeline.
 *
 * @param options.job the job that writes the file, `CI_JOB_NAME`.
 * @param options.path the file, below the project directory.
 */
export async function lastArtifact(
  options: Past & { api: GitLab; projectId: string | number; branch: string; job: string; path: string },
): Promise<BuiltAnswer> {
  const { api, branch, job, path, history, isAncestor } = options;
  const pipeline = `the latest successful pipeline of ${branch}`;
  const file = await api.artifactFile(options);
  if (!file.ok) {
    return file.status === 404
      ? none(`${pipeline} has no ${path} of a job ${job}, or it may not be read`)
      : file;
  }
  const commit = headOfPipeline(file.value);
  if (commit === undefined) return none(`${path} of ${pipeline} is no child pipeline of affected generate`);
  const doubt = await doubtOf(file.value, { ...options, commit });
  if (!doubt.ok) return doubt;
  if (doubt.value !== undefined) return none(`${pipeline} does not prove that all is built: ${doubt.value}`);
  const past = history.includes(commit) || (await isAncestor(commit));
  if (past === true)
    return { ok: true, value: { commit, pipeline: undefined, why: `${pipeline} built all it planned` } };
  const place = past === false ? "not in this commit's history" : 'unknown here';
  return none(`the commit of ${pipeline}, ${commit}, is ${place}`);
}

async function doubtOf(
  text: string,
  options: Parameters<typeof lastArtifact>[0] & { commit: string },
): Promise<Answer<string | undefined>> {
  const { api, path, commit } = options;
  // What had failed before that commit was no matter of it.
  if (baseReason(text) === NAMED) return doubtful('AFFECTED_BASE named what it was compared with');
  const paths = wavesIn(text, path);
  if (paths.length === 0) return doubtful(doubtOfBuilds(text, path));
  for (const wave of paths) {
    const file = await api.artifactFile({ ...options, path: wave });
    if (!file.ok && file.status !== 404) return file;
    // By now another pipeline may be the latest.
    const isSame = file.ok && headOfPipeline(file.value) === commit;
    const doubt = isSame ? doubtOfBuilds(file.value, wave) : `${wave} is not there`;
    if (doubt !== undefined) return doubtful(doubt);
  }
  return doubtful(undefined);
}

function doubtful(value: string | undefined): Answer<string | undefined> {
  return { ok: true, value };
}

function doubtOfBuilds(text: string, path: string): string | undefined {
  return readable(
    () => whyNoProof(parseCiFile(text, path)),
    (message) => message,
  );
}

/** The files of the pipelines that one starts. */
function wavesIn(text: string, path: string): readonly string[] {
  return readable(
    () => startedFiles(parseCiFile(text, path)),
    () => [],
  );
}

function readable<T>(read: () => T, otherwise: (message: string) => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AffectedError) return otherwise(error.message);
    throw error;
  }
}

function none(why: string): BuiltAnswer {
  return { ok: true, value: undefined, why };
}
