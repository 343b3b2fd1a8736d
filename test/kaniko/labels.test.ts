import { expect, test } from 'vitest';
import { jobOf, logs } from '../support/gitlab/try-pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { type Platform, repositoryOf, runChildPipeline, startPlatform } from './platform.ts';
import { readBlob, readManifest } from './registry-client.ts';
import { withKaniko } from './with-kaniko.ts';

const commitOf = (digit: string) => ({
  CI_PROJECT_URL: 'https://gitlab.example.com/group/project',
  CI_COMMIT_SHA: digit.repeat(40),
  CI_COMMIT_TIMESTAMP: `2026-11-20T20:3${digit}:00+00:00`,
});

async function labelsOf({ registry }: Platform, image: string): Promise<Record<string, string>> {
  const repository = repositoryOf(image);
  const found = await readManifest(registry, repository, 'mr-7');
  const config = await readBlob(registry, repository, found?.manifest.config.digest ?? '');
  const { Labels: labels = {} } = (
    JSON.parse(config.toString()) as { config: { Labels?: Record<string, string> } }
  ).config;
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name.replace('org.opencontainers.image.', ''), value]),
  );
}

withKaniko('labels', (tools) => {
  test('say of an image what is its own, and leave one that is built again of the same as it is', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    await repository.commit({
      'affected.yml': `reuse: "off"
images:
  '{base,app}': {runner: {variables: {AFFECTED_FLAG_1: --reproducible, AFFECTED_CACHE: $CI_REGISTRY_IMAGE/cache}}}
  base: {component: {arg: V}}
`,
      'base/Dockerfile': `FROM scratch
COPY --from=${platform.busybox} / /
ARG V=1.2
RUN echo $V > /v
LABEL org.opencontainers.image.title=Mine
`,
      'app/Dockerfile': 'FROM base\nRUN cp /v /seen\n',
      'tool/Dockerfile': `FROM ${platform.busybox}\n`,
    });
    const digestOf = async (image: string) =>
      (await readManifest(platform.registry, repositoryOf(image), 'mr-7'))?.digest;
    const first = await runChildPipeline(platform, repository, { base, variables: commitOf('1') });
    expect(first.status, logs(first)).toBe('success');
    const [ofBase, ofApp] = [await digestOf('base'), await digestOf('app')];
    const own = { source: commitOf('1').CI_PROJECT_URL };
    expect(await labelsOf(platform, 'base')).toEqual({
      ...own,
      title: 'Mine',
      version: '1.2',
      revision: '',
      created: '',
      'base.name': '',
      'base.digest': '',
    });
    expect(await labelsOf(platform, 'app')).toEqual({
      ...own,
      title: 'app',
      version: '',
      revision: '1'.repeat(40),
      created: commitOf('1').CI_COMMIT_TIMESTAMP,
      'base.name': `${platform.registry.host}/${repositoryOf('base')}`,
      'base.digest': ofBase,
    });

    expect(await labelsOf(platform, 'tool')).toMatchObject({
      'base.name': platform.busybox,
      'base.digest': '',
    });

    const again = await runChildPipeline(platform, repository, { base, variables: commitOf('2') });
    expect(again.status, logs(again)).toBe('success');
    expect(await digestOf('base')).toBe(ofBase);
    expect(await digestOf('app')).not.toBe(ofApp);
    expect((await labelsOf(platform, 'app'))['revision']).toBe('2'.repeat(40));
    expect(jobOf(again, 'app:build').log).toContain('Using caching version of cmd: RUN cp /v /seen');
  });
});
