import { expect, test } from 'vitest';
import { jobOf, logs, statuses } from '../support/gitlab/try-pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { repositoryOf, runChildPipeline, startPlatform } from './platform.ts';
import { readTags } from './registry-client.ts';
import { withKaniko } from './with-kaniko.ts';

withKaniko('a build that fails', (tools) => {
  test('keeps all that is built on it from being built, and nothing else', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    await repository.commit({
      'base/Dockerfile': `FROM ${platform.busybox}\nRUN exit 3\n`,
      'app/Dockerfile': 'FROM base\n',
      'apps/Dockerfile': 'FROM app\n',
      'other/Dockerfile': `FROM ${platform.busybox}\n`,
    });
    const run = await runChildPipeline(platform, repository, { base });
    expect(run.status).toBe('failed');
    expect(statuses(run), logs(run)).toEqual([
      'base:build failed',
      'other:build success',
      'app:build skipped',
      'apps:build skipped',
    ]);
    expect(jobOf(run, 'base:build').dotenv).toEqual({});
    for (const image of ['base', 'app', 'apps'])
      expect(await readTags(platform.registry, repositoryOf(image)), image).toEqual([]);
  });

  test('for want of a base image says which', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    await repository.commit({ 'app/Dockerfile': `FROM ${platform.registry.host}/outside/gone:1\n` });
    const run = await runChildPipeline(platform, repository, { base });
    expect(statuses(run), logs(run)).toEqual(['app:build failed']);
    expect(jobOf(run, 'app:build').log).toContain(`${platform.registry.host}/outside/gone:1`);
  });
});
