import { expect, test } from 'vitest';
import type { PipelineRun } from '../support/gitlab/pipeline-run.ts';
import { logs, statuses } from '../support/gitlab/try-pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { type Platform, repositoryOf, runChildPipeline, startPlatform } from './platform.ts';
import type { GateOptions } from './registry-gate.ts';
import { readTags } from './registry-client.ts';
import type { Tools } from './tools.ts';
import { withKaniko } from './with-kaniko.ts';

/** A pipeline of a base image and a dependent, with other variables than GitLab would give. */
async function twoImages(
  tools: Tools,
  variables: (platform: Platform) => Record<string, string>,
  gate: GateOptions = {},
): Promise<{ platform: Platform; run: PipelineRun }> {
  const platform = await startPlatform(tools, gate);
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit({
    'base/Dockerfile': `FROM ${platform.busybox}\n`,
    'app/Dockerfile': 'FROM base\nRUN cp /bin/busybox /copy\n',
  });
  const run = await runChildPipeline(platform, repository, { base, variables: variables(platform) });
  return { platform, run };
}

function expectNowhere(run: PipelineRun, { user, secret }: { user: string; secret: string }): void {
  const text = logs(run);
  expect(text).not.toBe('');
  expect(text).not.toContain(secret);
  expect(text).not.toContain(btoa(`${user}:${secret}`));
}

withKaniko('the login at the registry', (tools) => {
  test('is nowhere in a log', async () => {
    const { platform, run } = await twoImages(tools, () => ({}));
    expect(statuses(run), logs(run)).toEqual(['base:build success', 'app:build success']);
    expectNowhere(run, { user: platform.registry.user, secret: platform.registry.password });
  });

  test('that is wrong fails the job before anything is built, and is nowhere in its log', async () => {
    const secret = 'a-wrong-password';
    const { platform, run } = await twoImages(tools, () => ({ CI_REGISTRY_PASSWORD: secret }));
    expect(statuses(run), logs(run)).toEqual(['base:build failed', 'app:build skipped']);
    expectNowhere(run, { user: platform.registry.user, secret });
    expect(run.jobs[0]?.log).toContain('UNAUTHORIZED');
    expect(await readTags(platform.registry, repositoryOf('base'))).toEqual([]);
  });

  test('is used beside DOCKER_AUTH_CONFIG, which brings those of other registries', async () => {
    const { run } = await twoImages(tools, () => ({
      DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { 'other.example.com': { auth: btoa('a:b') } } }),
    }));
    expect(statuses(run), logs(run)).toEqual(['base:build success', 'app:build success']);
  });

  test('may come from DOCKER_AUTH_CONFIG alone', async () => {
    const { platform, run } = await twoImages(tools, ({ registry: { host, user, password } }) => ({
      CI_REGISTRY_USER: '',
      DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [host]: { auth: btoa(`${user}:${password}`) } } }),
    }));
    expect(statuses(run), logs(run)).toEqual(['base:build success', 'app:build success']);
    expectNowhere(run, { user: platform.registry.user, secret: platform.registry.password });
  });

  test('counts less than one of DOCKER_AUTH_CONFIG for the same registry, and Kaniko says so', async () => {
    const reader = { user: 'deploy-token', password: 'may-only-read' };
    const { platform, run } = await twoImages(
      tools,
      ({ registry: { host } }) => ({
        DOCKER_AUTH_CONFIG: JSON.stringify({
          auths: { [host]: { auth: btoa(`${reader.user}:${reader.password}`) } },
        }),
      }),
      { reader },
    );
    expect(statuses(run), logs(run)).toEqual(['base:build failed', 'app:build skipped']);
    expect(logs(run)).toContain('DOCKER_AUTH_CONFIG env variable can shadow credentials');
    expectNowhere(run, { user: platform.registry.user, secret: platform.registry.password });
    expectNowhere(run, { user: reader.user, secret: reader.password });
  });
});
