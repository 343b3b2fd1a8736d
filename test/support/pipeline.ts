import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { cli } from './cli.ts';
import { checkPipeline, type PipelineContext } from './gitlab/check.ts';
import type { PipelineOptions, PipelineRun } from './gitlab/pipeline-run.ts';
import { runPipeline } from './gitlab/run.ts';
import { checkSchema } from './gitlab/schema.ts';
import type { TestRepository } from './repository.ts';

/** Variables of a merge request's pipeline that decide tags and base. */
export const mergeRequest = {
  GITLAB_CI: 'true',
  CI_PIPELINE_SOURCE: 'merge_request_event',
  CI_MERGE_REQUEST_IID: '7',
  CI_MERGE_REQUEST_EVENT_TYPE: 'detached',
};

/** What GitLab gives the jobs of a child pipeline. */
export const predefined = {
  CI_REGISTRY: 'registry.example.com',
  CI_REGISTRY_IMAGE: 'registry.example.com/group/project',
  CI_REGISTRY_USER: 'gitlab-ci-token',
  CI_REGISTRY_PASSWORD: 'not-a-secret',
  CI_MERGE_REQUEST_IID: '7',
  CI_COMMIT_SHORT_SHA: '1a2b3c4d',
  CI_COMMIT_REF_SLUG: 'a-branch',
};

/** Generates the child pipeline of everything since `base`, and holds it against GitLab's schema and rules. */
export async function generate(
  repository: TestRepository,
  options: { base: string; env?: Record<string, string>; context?: PipelineContext },
): Promise<string> {
  const { base, env = {}, context = 'child-of-merge-request' } = options;
  const result = await cli(repository.dir, ['generate', '--base', base, '--output', 'child-pipeline.yml'], {
    env,
  });
  if (result.code !== 0) throw new Error(result.stderr);
  const yaml = await readFile(join(repository.dir, 'child-pipeline.yml'), 'utf8');
  expect(checkPipeline(yaml, { context, tier: 'free' })).toEqual([]);
  expect(await checkSchema(yaml)).toEqual([]);
  return yaml;
}

/** What the jobs behind a build call. */
const AFTER_BUILDS = { trivy: {}, syft: {}, cosign: {}, npm: {}, npx: {} };

/** Runs a generated pipeline with a stand-in for Kaniko that records its arguments and writes digests. */
export async function runWithStandIn(
  yaml: string,
  repository: TestRepository,
  options: Partial<PipelineOptions> = {},
): Promise<PipelineRun> {
  const { executables = { '/kaniko/executor': { writesDigest: true } }, ...others } = options;
  return runPipeline({
    yaml,
    projectDir: repository.dir,
    predefined,
    executables: { ...AFTER_BUILDS, ...executables },
    pathMap: { '/kaniko': null },
    ...others,
  });
}

/** The one recorded call of the builder in a job, and the labels that it is told to give the image. */
export function builderCall(
  run: PipelineRun,
  job: string,
): { argv: readonly string[]; labels: readonly string[]; dockerConfig: string | null } {
  const found = run.jobs.find(({ name }) => name === job);
  const [call, ...more] = found?.executions ?? [];
  if (!call || more.length > 0)
    throw new Error(`${job}: not one build but ${found?.executions.length}\n${found?.log}`);
  return {
    ...call,
    argv: call.argv.filter((argument) => !LABEL.test(argument)),
    labels: call.argv
      .filter((argument) => LABEL.test(argument))
      .map((argument) => argument.replace(LABEL, '')),
  };
}

const LABEL = /^--(?:label=|opt=label:)/;
