import { AffectedError } from '../errors.ts';
import { parseCiFile } from '../pipeline/ci-yaml.ts';
import { baseReason, headOfPipeline } from '../pipeline/header.ts';
import type { GitLab } from './api.ts';
import { NAMED } from './base-strategy.ts';
import type { BuiltAnswer, Past } from './built-commit.ts';
import { whyNoProof } from './no-proof.ts';

/**
 * As `lastBuilt`, from what a job's own token may read: the file of the child pipeline that the branch's latest successful
 * pipeline ran. It succeeded with its child, if the job that starts the child waits for it (`strategy: depend`); so all is
 * built unless a build of the file may fail, wait or be left out without failing the pipeline.
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
  const doubt = doubtOf(file.value, path);
  if (doubt !== undefined) return none(`${pipeline} does not prove that all is built: ${doubt}`);
  const past = history.includes(commit) || (await isAncestor(commit));
  if (past === true)
    return { ok: true, value: { commit, pipeline: undefined, why: `${pipeline} built all it planned` } };
  const place = past === false ? "not in this commit's history" : 'unknown here';
  return none(`the commit of ${pipeline}, ${commit}, is ${place}`);
}

function doubtOf(text: string, path: string): string | undefined {
  // What had failed before that commit was no matter of it.
  if (baseReason(text) === NAMED) return 'AFFECTED_BASE named what it was compared with';
  try {
    return whyNoProof(parseCiFile(text, path));
  } catch (error) {
    if (error instanceof AffectedError) return error.message;
    throw error;
  }
}

function none(why: string): BuiltAnswer {
  return { ok: true, value: undefined, why };
}
