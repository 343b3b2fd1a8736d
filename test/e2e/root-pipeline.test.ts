import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkPipeline } from '../support/gitlab/check.ts';
import { readConfiguration } from '../support/gitlab/configuration.ts';
import { decideJob, decideWorkflow } from '../support/gitlab/rules.ts';
import { checkSchema } from '../support/gitlab/schema.ts';

const yaml = await readFile(resolve(import.meta.dirname, '../../.gitlab-ci.yml'), 'utf8');

test('GitLab takes it', async () => {
  expect(checkPipeline(yaml, { context: 'root', tier: 'free' })).toEqual([]);
  expect(await checkSchema(yaml)).toEqual([]);
});

const main = { CI_DEFAULT_BRANCH: 'main', CI_COMMIT_BRANCH: 'main' };
const branch = { CI_DEFAULT_BRANCH: 'main', CI_COMMIT_BRANCH: 'feature' };

describe('a pipeline for everything once', () => {
  test.each<[string, Record<string, string>, boolean]>([
    [
      'merge request',
      { CI_DEFAULT_BRANCH: 'main', CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_IID: '7' },
      true,
    ],
    ['push to the default branch', { ...main, CI_PIPELINE_SOURCE: 'push' }, true],
    [
      'push to the default branch, which a merge request starts from',
      { ...main, CI_PIPELINE_SOURCE: 'push', CI_OPEN_MERGE_REQUESTS: 'g/p!1' },
      true,
    ],
    ['push to a branch', { ...branch, CI_PIPELINE_SOURCE: 'push' }, true],
    [
      'push to the branch of a merge request',
      { ...branch, CI_PIPELINE_SOURCE: 'push', CI_OPEN_MERGE_REQUESTS: 'g/p!1' },
      false,
    ],
    ['tag', { CI_DEFAULT_BRANCH: 'main', CI_PIPELINE_SOURCE: 'push', CI_COMMIT_TAG: 'v1' }, true],
    ['schedule', { ...main, CI_PIPELINE_SOURCE: 'schedule' }, true],
    [
      'schedule on the branch of a merge request',
      { ...branch, CI_PIPELINE_SOURCE: 'schedule', CI_OPEN_MERGE_REQUESTS: 'g/p!1' },
      true,
    ],
    ['started by hand', { ...branch, CI_PIPELINE_SOURCE: 'web', CI_OPEN_MERGE_REQUESTS: 'g/p!1' }, true],
  ])('%s', (_, given, created) => {
    const { configuration } = readConfiguration(yaml);
    if (!configuration) throw new Error('unreadable');
    const variables = new Map(Object.entries(given).map(([name, value]) => [name, { value, expand: true }]));
    expect(decideWorkflow(configuration.workflow, variables).created).toBe(created);
    const jobs = [...configuration.jobs.values()].map((job) => [
      job.name,
      decideJob({ job, variables, hasWorkflowRules: true }).created,
    ]);
    expect(jobs).toEqual([
      ['check', true],
      ['generate-pipeline', true],
      ['affected-images', true],
    ]);
  });
});
