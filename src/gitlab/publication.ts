import { type Environment, isPipeline, readVariables } from './variables.ts';

/** What a pipeline's images are for, which decides their tags. */
export type Publication =
  | { kind: 'merge-request'; iid: string }
  | { kind: 'default-branch'; branch: string }
  | { kind: 'branch' }
  /** With the default branch, whose tags a Git tag may not take; undefined where that is not known. */
  | { kind: 'tag'; tag: string; defaultBranch: string | undefined }
  /** Outside a GitLab pipeline. */
  | { kind: 'local' };

export function publication(environment: Environment): Publication {
  const variables = readVariables(environment);
  if (!isPipeline(variables)) return { kind: 'local' };
  if (variables.CI_MERGE_REQUEST_IID !== undefined) {
    return { kind: 'merge-request', iid: variables.CI_MERGE_REQUEST_IID };
  }
  const { CI_COMMIT_TAG: tag, CI_COMMIT_BRANCH: branch, CI_DEFAULT_BRANCH: defaultBranch } = variables;
  if (tag !== undefined) return { kind: 'tag', tag, defaultBranch };
  return branch !== undefined && branch === defaultBranch
    ? { kind: 'default-branch', branch }
    : { kind: 'branch' };
}
