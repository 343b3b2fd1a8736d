import { type Environment, isOn, isPipeline, readVariables, type Variables } from './variables.ts';

/** How to find the commit to compare with; `why` is a sentence for the report. */
export type BaseStrategy =
  /** Exactly this revision; `mustBeAncestor`: only where head descends from it, or it is the past of another branch. */
  | { kind: 'commit'; revision: string; mustBeAncestor: boolean; why: string }
  /** The first parent of head, where head is a merge: what GitLab merged it into. */
  | { kind: 'first-parent'; otherwise: BaseStrategy; why: string }
  /** The newest ancestor on a branch whose pipeline built what it planned. */
  | { kind: 'last-built'; branch: string; otherwise: BaseStrategy; why: string }
  /** The newest ancestor that a tag names. */
  | { kind: 'previous-tag'; why: string }
  /** The merge base of head and a branch of origin. */
  | { kind: 'merge-base'; branch: string; why: string }
  /** Compare with nothing. `policy`: as intended for such a pipeline, not for want of a base. */
  | { kind: 'everything'; policy: boolean; why: string };

/** What the config says about pipelines that have no change of their own. */
export interface BasePolicy {
  schedules: 'all' | 'last-built';
  tags: 'all' | 'previous-tag';
}

/**
 * Decides which commit a pipeline's commit is compared with, `undefined` outside GitLab and without an override.
 *
 * | pipeline                          | base                                                              |
 * | --------------------------------- | ----------------------------------------------------------------- |
 * | any, `AFFECTED_ALL=1`             | none: everything                                                  |
 * | any, `AFFECTED_BASE`              | that revision                                                     |
 * | tag                               | none: everything; by policy the newest tag in its history         |
 * | merge request, merged results     | the target commit it was merged with; the merge base would bring  |
 * | or merge train                    | in the target's own work                                          |
 * | merge request, detached           | the merge base GitLab recorded; else of head and the target       |
 * | external pull request             | merge base with its target branch                                 |
 * | push to the default branch        | the newest ancestor whose images were built; where that can't be  |
 * |                                   | asked, the commit before the push, if it is an ancestor; else     |
 * |                                   | everything                                                        |
 * | push to another branch            | merge base with the default branch, so that what an earlier push  |
 * |                                   | failed to build still counts                                      |
 * | child of another pipeline         | as for the merge request or the push its variables speak of       |
 * | schedule, web, api, trigger, …    | none: they have no change of their own; by policy the newest      |
 * |                                   | ancestor whose images were built                                  |
 *
 * Source: GitLab's documentation of predefined variables and lib/gitlab/ci/variables/builder/pipeline.rb.
 */
export function baseStrategy(environment: Environment, policy: BasePolicy): BaseStrategy | undefined {
  const variables = readVariables(environment);
  if (isOn(variables.AFFECTED_ALL)) return everything('AFFECTED_ALL is set');
  const revision = variables.AFFECTED_BASE;
  if (revision !== undefined) return exactly(revision, NAMED);
  if (!isPipeline(variables)) return undefined;
  if (variables.CI_COMMIT_TAG !== undefined) return forTag(policy);
  switch (sourceOf(variables)) {
    case 'merge_request_event':
      return forMergeRequest(variables);
    case 'external_pull_request_event':
      return mergeBaseWith(variables.CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME, 'the target branch');
    case 'push':
      return forPush(variables);
    default:
      return forOther(variables, policy);
  }
}

/** The reason of a base that a person chose. */
export const NAMED = 'AFFECTED_BASE names it';

function forTag({ tags }: BasePolicy): BaseStrategy {
  if (tags === 'all') return everything('a tag has no base');
  return { kind: 'previous-tag', why: "the newest tag in this commit's history (base.tags)" };
}

function forOther(
  { CI_PIPELINE_SOURCE, CI_COMMIT_BRANCH: branch }: Variables,
  policy: BasePolicy,
): BaseStrategy {
  const otherwise = everything(`a pipeline started by "${CI_PIPELINE_SOURCE}" has no change of its own`);
  if (policy.schedules === 'all' || branch === undefined) return otherwise;
  return lastBuilt(branch, 'base.schedules', otherwise);
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
  const otherwise = mergeBaseWith(
    variables.CI_MERGE_REQUEST_TARGET_BRANCH_NAME,
    "the merge request's target branch",
  );
  if (!merged) return otherwise;
  return { kind: 'first-parent', otherwise, why: 'the first parent of this merge: what GitLab merged into' };
}

function forPush(variables: Variables): BaseStrategy {
  const {
    CI_COMMIT_BRANCH: branch,
    CI_COMMIT_BEFORE_SHA: before,
    CI_DEFAULT_BRANCH: defaultBranch,
  } = variables;
  if (branch === undefined || branch !== defaultBranch)
    return mergeBaseWith(defaultBranch, 'the default branch');
  const otherwise: BaseStrategy =
    before === undefined
      ? { ...everything('no commit came before this one on the branch'), policy: false }
      : {
          kind: 'commit',
          revision: before,
          mustBeAncestor: true,
          why: 'CI_COMMIT_BEFORE_SHA: the commit before this push to the default branch',
        };
  // A child's parent may have been a schedule, which has no earlier commit either.
  if (before === undefined && variables.CI_PIPELINE_SOURCE === 'parent_pipeline') return otherwise;
  return lastBuilt(branch, 'the default branch', otherwise);
}

function lastBuilt(branch: string, role: string, otherwise: BaseStrategy): BaseStrategy {
  return {
    kind: 'last-built',
    branch,
    otherwise,
    why: `the last commit of ${branch} that was built (${role})`,
  };
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
