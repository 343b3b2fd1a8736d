// What GitLab tells a job; a value `@name` stands for the id of a commit.

/** Where there is no commit before. */
export const NONE = '0'.repeat(40);

const pipeline = {
  CI: 'true',
  GITLAB_CI: 'true',
  CI_PIPELINE_ID: '900',
  CI_JOB_NAME: 'generate-pipeline',
  CI_DEFAULT_BRANCH: 'main',
};

/** Of a merge request's pipeline. */
export const mergeRequest = {
  ...pipeline,
  CI_PIPELINE_SOURCE: 'merge_request_event',
  CI_COMMIT_REF_NAME: 'topic',
  CI_COMMIT_BEFORE_SHA: NONE,
  CI_MERGE_REQUEST_IID: '7',
  CI_MERGE_REQUEST_EVENT_TYPE: 'detached',
  CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'topic',
  CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: '',
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
  CI_MERGE_REQUEST_TARGET_BRANCH_SHA: '',
  CI_MERGE_REQUEST_DIFF_BASE_SHA: '@fork',
};

/** Of a pipeline for a push to a branch, `before` the commit it was at. */
export const push = (branch, before) => ({
  ...pipeline,
  CI_PIPELINE_SOURCE: 'push',
  CI_COMMIT_REF_NAME: branch,
  CI_COMMIT_BRANCH: branch,
  CI_COMMIT_BEFORE_SHA: before,
});

/** Of a pipeline for a tag. */
export const tag = (name) => ({
  ...pipeline,
  CI_PIPELINE_SOURCE: 'push',
  CI_COMMIT_REF_NAME: name,
  CI_COMMIT_TAG: name,
  CI_COMMIT_BEFORE_SHA: NONE,
});
