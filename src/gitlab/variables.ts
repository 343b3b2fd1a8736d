import * as z from 'zod/mini';

/** The variables of a process, passed in: nothing here reads the real ones. */
export type Environment = Readonly<Record<string, string | undefined>>;

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

export type Variables = z.infer<typeof variablesSchema>;

export function readVariables(environment: Environment): Variables {
  return variablesSchema.parse(environment);
}

/** Whether a variable that switches something on does so. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && !/^(?:0|false|no|off)$/i.test(value);
}

/** Whether it is a job of GitLab's. */
export function isPipeline(variables: Variables): boolean {
  const { GITLAB_CI, CI_PIPELINE_SOURCE } = variables;
  return GITLAB_CI !== undefined || CI_PIPELINE_SOURCE !== undefined;
}
