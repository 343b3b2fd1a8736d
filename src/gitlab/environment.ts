import * as z from 'zod/mini';

/** The variables of a process, passed in: nothing here reads the real ones. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How to find the commit to compare with; `why` is a sentence for the report. */
export type BaseStrategy =
  /** Exactly this revision; `mustBeAncestor`: only where head descends from it, or it is the past of another branch. */
  | { kind: 'commit'; revision: string; mustBeAncestor: boolean; why: string }
  /** The merge base of head and a branch of origin. */
  | { kind: 'merge-base'; branch: string; why: string }
  /** Compare with nothing. `policy`: as intended for such a pipeline, not for want of a base. */
  | { kind: 'everything'; policy: boolean; why: string };

/** What a pipeline's images are for, which decides their tags. */
export type Publication =
  | { kind: 'merge-request'; iid: string }
  | { kind: 'default-branch' }
  | { kind: 'branch' }
  | { kind: 'tag'; tag: string }
  /** Outside a GitLab pipeline. */
  | { kind: 'local' };

/**
 * Decides which commit a pipeline's commit is compared with, `undefined` outside GitLab and without an override.
 *
 * | pipeline                          | base                                                              |
 * | --------------------------------- | ----------------------------------------------------------------- |
 * | any, `AFFECTED_ALL=1`             | none: everything                                                  |
 * | any, `AFFECTED_BASE`              | that revision                                                     |
 * | tag                               | none: everything                                                  |
 * | merge request, merged results     | the target commit it was merged with; the merge base would bring  |
 * | or merge train                    | in the target's own work                                          |
 * | merge request, detached           | the merge base GitLab recorded; else of head and the target       |
 * | external pull request             | merge base with its target branch                                 |
 * | push to the default branch        | the commit before the push, if it is an ancestor; else everything |
 * | push to another branch            | merge base with the default branch, so that what an earlier push  |
 * |                                   | failed to build still counts                                      |
 * | child of another pipeline         | as for the merge request or the push its variables speak of       |
 * | schedule, web, api, trigger, …    | none: they have no change of their own                            |
 *
 * Source: GitLab's documentation of predefined variables and lib/gitlab/ci/variables/builder/pipeline.rb.
 */
export function baseStrategy(environment: Environment): BaseStrategy | undefined {
  const variables = read(environment);
  if (isOn(variables.AFFECTED_ALL)) return everything('AFFECTED_ALL is set');
  const revision = variables.AFFECTED_BASE;
  if (revision !== undefined) return exactly(revision, 'AFFECTED_BASE names it');
  if (!isPipeline(variables)) return undefined;
  if (variables.CI_COMMIT_TAG !== undefined) return everything('a tag has no base');
  switch (sourceOf(variables)) {
    case 'merge_request_event':
      return forMergeRequest(variables);
    case 'external_pull_request_event':
      return mergeBaseWith(variables.CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME, 'the target branch');
    case 'push':
      return forPush(variables);
    default:
      return everything(`a pipeline started by "${variables.CI_PIPELINE_SOURCE}" has no change of its own`);
  }
}

export function publication(environment: Environment): Publication {
  const variables = read(environment);
  if (!isPipeline(variables)) return { kind: 'local' };
  if (variables.CI_MERGE_REQUEST_IID !== undefined) {
    return { kind: 'merge-request', iid: variables.CI_MERGE_REQUEST_IID };
  }
  if (variables.CI_COMMIT_TAG !== undefined) return { kind: 'tag', tag: variables.CI_COMMIT_TAG };
  const { CI_COMMIT_BRANCH: branch, CI_DEFAULT_BRANCH: defaultBranch } = variables;
  return branch !== undefined && branch === defaultBranch ? { kind: 'default-branch' } : { kind: 'branch' };
}

// GitLab sets some variables to nothing instead of leaving them out, and zeros where there is no commit. What is not
// as documented counts as not there, so that the next rule decides.
const text = z.optional(
  z.pipe(
    z.string(),
    z.transform((value) => (value === '' ? undefined : value)),
  ),
);
const commitId = z.catch(
  z.optional(z.string().check(z.regex(/^(?!0+$)(?:[0-9a-f]{40}|[0-9a-f]{64})$/))),
  undefined,
);

const variablesSchema = z.object({
  AFFECTED_ALL: text,
  AFFECTED_BASE: text,
  GITLAB_CI: text,
  CI_PIPELINE_SOURCE: text,
  CI_COMMIT_TAG: text,
  CI_COMMIT_BRANCH: text,
  CI_COMMIT_BEFORE_SHA: commitId,
  CI_DEFAULT_BRANCH: text,
  CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME: text,
  CI_MERGE_REQUEST_DIFF_BASE_SHA: commitId,
  CI_MERGE_REQUEST_EVENT_TYPE: text,
  CI_MERGE_REQUEST_IID: z.catch(z.optional(z.string().check(z.regex(/^[1-9][0-9]*$/))), undefined),
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: text,
  CI_MERGE_REQUEST_TARGET_BRANCH_SHA: commitId,
});

type Variables = z.infer<typeof variablesSchema>;

function read(environment: Environment): Variables {
  return variablesSchema.parse(environment);
}

function isPipeline(variables: Variables): boolean {
  const { GITLAB_CI, CI_PIPELINE_SOURCE } = variables;
  return GITLAB_CI !== undefined || CI_PIPELINE_SOURCE !== undefined;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !/^(?:0|false|no|off)$/i.test(value);
}

/** A child pipeline has its parent's merge request, branch and previous commit, but not the parent's source. */
function sourceOf(variables: Variables): string | undefined {
  const { CI_PIPELINE_SOURCE: source } = variables;
  if (source !== undefined && source !== 'parent_pipeline') return source;
  return variables.CI_MERGE_REQUEST_IID === undefined ? 'push' : 'merge_request_event';
}

function forMergeRequest(variables: Variables): BaseStrategy {
  const { CI_MERGE_REQUEST_TARGET_BRANCH_SHA: target, CI_MERGE_REQUEST_DIFF_BASE_SHA: diffBase } = variables;
  // GitLab names the target commit only where head is a merge with it. The recorded merge base is no base then.
  if (target !== undefined) {
    return exactly(
      target,
      'CI_MERGE_REQUEST_TARGET_BRANCH_SHA: the target commit that this pipeline merged with',
    );
  }
  const merged = variables.CI_MERGE_REQUEST_EVENT_TYPE?.startsWith('merge') ?? false;
  if (!merged && diffBase !== undefined) {
    return exactly(diffBase, 'CI_MERGE_REQUEST_DIFF_BASE_SHA: the merge base of the merge request');
  }
  return mergeBaseWith(variables.CI_MERGE_REQUEST_TARGET_BRANCH_NAME, "the merge request's target branch");
}

function forPush(variables: Variables): BaseStrategy {
  const {
    CI_COMMIT_BRANCH: branch,
    CI_COMMIT_BEFORE_SHA: before,
    CI_DEFAULT_BRANCH: defaultBranch,
  } = variables;
  if (branch === undefined || branch !== defaultBranch)
    return mergeBaseWith(defaultBranch, 'the default branch');
  if (before === undefined)
    return { ...everything('no commit came before this one on the branch'), policy: false };
  const why = 'CI_COMMIT_BEFORE_SHA: the commit before this push to the default branch';
  return { kind: 'commit', revision: before, mustBeAncestor: true, why };
}

function mergeBaseWith(branch: string | undefined, role: string): BaseStrategy {
  if (branch === undefined) return { ...everything(`GitLab does not tell ${role}`), policy: false };
  return { kind: 'merge-base', branch, why: `merge base with ${branch}, ${role}` };
}

function exactly(revision: string, why: string): BaseStrategy {
  return { kind: 'commit', revision, mustBeAncestor: false, why };
}

function everything(why: string): BaseStrategy & { kind: 'everything' } {
  return { kind: 'everything', policy: true, why };
}
