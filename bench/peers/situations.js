// Ways a pipeline can start: what the runner checks out, GitLab's variables as GitLab sets them, and what is right.
import { imageNames } from './repository.js';
import { mergeRequest, NONE, push, tag } from './variables.js';

const ofTopic = ['airflow', 'hive', 'java', 'spark', 'trino'];

/**
 * Each `{ title, head, branch?, tag?, main?, failed?, variables, right, why }`: `head` is the pipeline's commit, `main`
 * where the default branch is (else at the commit `main`), `failed` the commit whose failed pipeline GitLab can tell of,
 * a variable's `@name` the id of a commit, `right` the images to build.
 */
export const situations = [
  {
    title: 'Merge request',
    head: 'topic',
    variables: mergeRequest,
    right: ofTopic,
    why: 'what differs from where its branch left main',
  },
  {
    title: 'Merge request, merged results',
    head: 'merged',
    variables: {
      ...mergeRequest,
      CI_MERGE_REQUEST_EVENT_TYPE: 'merged_result',
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: '@topic',
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: '@main',
    },
    right: ofTopic,
    why: 'what differs from the commit of main it is merged with',
  },
  {
    title: 'First push of a branch',
    head: 'topic',
    branch: 'topic',
    variables: push('topic', NONE),
    right: ofTopic,
    why: 'what differs from where it left main',
  },
  {
    title: 'Second push to a branch, the pipeline of the first failed',
    head: 'topic',
    branch: 'topic',
    variables: push('topic', '@topic 1'),
    right: ofTopic,
    why: 'what both pushes changed: the first built nothing',
  },
  {
    title: 'Second push to a branch, the pipeline of the first was green',
    head: 'topic',
    branch: 'topic',
    variables: push('topic', '@topic 1'),
    right: ['airflow'],
    why: 'what the second changed',
  },
  {
    title: 'Push to the default branch',
    head: 'main',
    branch: 'main',
    variables: push('main', '@main later'),
    right: ['hive'],
    why: 'what the push changed',
  },
  {
    title: 'Push of 28 commits to the default branch',
    head: 'main',
    branch: 'main',
    variables: push('main', '@first'),
    right: ['dbt', 'hive', 'notebook'],
    why: 'what the push changed',
  },
  {
    title: 'Push to the default branch, the pipeline before failed',
    head: 'main',
    branch: 'main',
    variables: push('main', '@main later'),
    right: ['dbt', 'hive'],
    why: 'what both pushes changed: the one before built nothing',
    failed: 'main later',
  },
  {
    title: '– the same, where GitLab does not tell a job about pipelines',
    head: 'main',
    branch: 'main',
    variables: push('main', '@main later'),
    right: ['dbt', 'hive'],
    why: 'the same',
  },
  {
    title: 'Forced push to the default branch',
    head: 'rewritten',
    main: 'rewritten',
    branch: 'main',
    variables: push('main', '@main'),
    right: ['airflow', 'dbt', 'hive'],
    why: 'what differs from the commit that was there: its images are published',
  },
  {
    title: 'Tag',
    head: 'main',
    tag: 'v1',
    variables: tag('v1'),
    right: imageNames,
    why: 'every image: none has this tag',
  },
];
