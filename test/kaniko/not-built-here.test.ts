import { expect, test } from 'vitest';
import { logs, statuses } from '../support/gitlab/try-pipeline.ts';
import { createRepository, type Files } from '../support/repository.ts';
import { readImageFile } from './image-files.ts';
import { type Platform, repositoryOf, runChildPipeline, startPlatform } from './platform.ts';
import { ofMain, publishedProject } from './published-project.ts';
import { readTags } from './registry-client.ts';
import { withKaniko } from './with-kaniko.ts';

const chain = ({ busybox }: Platform): Files => ({
  'base/Dockerfile': `FROM ${busybox}\nCOPY version /\n`,
  'base/version': 'first\n',
  'middle/Dockerfile': 'FROM base\nRUN cp /version /middle-saw\n',
  'app/Dockerfile':
    'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/middle\nCOPY a /\nRUN cp /version /app-saw\n',
  'app/a': '1\n',
});

withKaniko('what a pipeline does not build', (tools) => {
  test('on the first day nothing is published: all of the chain is built, and found the next time', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit(chain(platform));
    await repository.commit({ 'app/a': '2\n' });
    const first = await runChildPipeline(platform, repository, { base });
    expect(statuses(first), logs(first)).toEqual([
      'base:build success',
      'middle:build success',
      'app:build success',
    ]);
    const head = await repository.git('rev-parse', 'HEAD');
    await repository.commit({ 'app/a': '3\n' });
    const second = await runChildPipeline(platform, repository, { base: head });
    expect(statuses(second), logs(second)).toEqual(['app:build success']);
    const saw = { repository: repositoryOf('app'), reference: 'mr-7', path: 'app-saw' };
    expect(await readImageFile(platform.registry, saw)).toBe('first\n');
  });

  test('is taken as it is at this commit, not as main has it by now', async () => {
    const { platform, repository, base, fileOf } = await publishedProject(tools, chain);
    await repository.commit({ 'base/version': 'later\n' });
    const main = await runChildPipeline(platform, repository, { base, env: ofMain });
    expect(main.status, logs(main)).toBe('success');
    expect(await fileOf('middle', 'latest', 'middle-saw')).toBe('later\n');

    await repository.git('checkout', '--quiet', '--force', '--detach', base);
    await repository.commit({ 'app/a': '2\n' });
    const run = await runChildPipeline(platform, repository, { base });
    expect(statuses(run), logs(run)).toEqual(['app:build success']);
    expect(await fileOf('app', 'mr-7', 'app-saw')).toBe('first\n');
  });

  test('is not what an unprotected branch pushed for a protected one', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit(chain(platform));
    await repository.commit({ 'app/a': '2\n' });
    const merge = await runChildPipeline(platform, repository, { base });
    expect(merge.status, logs(merge)).toBe('success');
    const run = await runChildPipeline(platform, repository, { base, env: ofMain });
    expect(run.status, logs(run)).toBe('success');
    expect(statuses(run).filter((job) => job.includes(':build '))).toEqual([
      'base:build success',
      'middle:build success',
      'app:build success',
    ]);
    expect(await readTags(platform.registry, repositoryOf('base'))).toContainEqual(
      expect.stringMatching(/^h-[0-9a-f]{64}$/),
    );
  });
});
