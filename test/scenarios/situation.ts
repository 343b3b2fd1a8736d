import type { CommitSpec, History } from '../support/git-history.ts';

/** One way a pipeline can start, and what is right then. Commits go by their names. */
export interface Situation {
  /** As the documentation calls it. */
  title: string;
  /** What it is compared with, in words. */
  says: string;
  history: History;
  /** As for `createHost`. */
  refs: Readonly<Record<string, string>>;
  collectGarbage?: boolean;
  head: string;
  /** The branch or tag of the pipeline, where it is one of a branch or a tag. */
  branch?: string;
  tag?: string;
  /** The pipeline's variables; a value `@name` is the id of a commit. */
  variables: Readonly<Record<string, string>>;
  /** What to compare with; undefined is everything. Of several, one is printed; all count. */
  base: readonly string[] | undefined;
  /** The code of the widening, where the base is wanted and can't be had. */
  widened?: string;
  /** The paths that differ; without a base, none is looked for. */
  changed: readonly string[];
}

const DOCKERFILE = 'FROM scratch\nCOPY . /\n';

/** Three images, `a`, `b` and `c`, and more commits on main than a runner fetches; the last of them is `fork`. */
export const mainline: History = {
  first: {
    files: {
      'a/Dockerfile': DOCKERFILE,
      'b/Dockerfile': DOCKERFILE,
      'c/Dockerfile': DOCKERFILE,
      'a/file': '0',
      'b/file': '0',
      'c/file': '0',
    },
  },
  ...Object.fromEntries(
    Array.from({ length: 25 }, (_, index): [string, CommitSpec] => [
      `main ${index}`,
      { files: { 'c/file': `${index}` } },
    ]),
  ),
  fork: { files: { 'c/file': 'fork' } },
};

/** `topic` leaves main at `fork` and changes `a`; main goes on with `b`; `merged` is what GitLab makes of both. */
export const parted: History = {
  ...mainline,
  'topic 1': { files: { 'a/file': '1' } },
  topic: { files: { 'a/file': '2' } },
  'main later': { parents: ['fork'], files: { 'b/file': '1' } },
  main: { files: { 'b/file': '2' } },
  merged: { parents: ['main', 'topic'], files: { 'a/file': '2' } },
};

export const partedRefs = { main: 'main', topic: 'topic' };

const pipeline = { CI: 'true', GITLAB_CI: 'true', CI_DEFAULT_BRANCH: 'main' };

export const mergeRequest = {
  ...pipeline,
  CI_PIPELINE_SOURCE: 'merge_request_event',
  CI_MERGE_REQUEST_IID: '7',
  CI_MERGE_REQUEST_EVENT_TYPE: 'detached',
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
};

export const push = (branch: string) => ({
  ...pipeline,
  CI_PIPELINE_SOURCE: 'push',
  CI_COMMIT_BRANCH: branch,
});

export const startedBy = (source: string) => ({ ...push('main'), CI_PIPELINE_SOURCE: source });

export const NONE = '0'.repeat(40);
