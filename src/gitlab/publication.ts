import { type Environment, isPipeline, readVariables } from './variables.ts';

/** What a pipeline's images are for, which decides their tags. */
export type Publication =
  | { kind: 'merge-request'; iid: string }
  | { kind: 'default-branch' }
  | { kind: 'branch' }
  | { kind: 'tag'; tag: string }
  /** Outside a GitLab pipeline. */
  | { kind: 'local' };

export function publication(environment: Environment): Publication {
  const variables = readVariables(environment);
  if (!isPipeline(variables)) return { kind: 'local' };
  if (variables.CI_MERGE_REQUEST_IID !== undefined) {
    return { kind: 'merge-request', iid: variables.CI_MERGE_REQUEST_IID };
  }
  if (variables.CI_COMMIT_TAG !== undefined) return { kind: 'tag', tag: variables.CI_COMMIT_TAG };
  const { CI_COMMIT_BRANCH: branch, CI_DEFAULT_BRANCH: defaultBranch } = variables;
  return branch !== undefined && branch === defaultBranch ? { kind: 'default-branch' } : { kind: 'branch' };
}
