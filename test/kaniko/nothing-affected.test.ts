import { expect, test } from 'vitest';
import { logs, output, statuses } from '../support/gitlab/try-pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { runChildPipeline, startPlatform } from './platform.ts';
import { withKaniko } from './with-kaniko.ts';

withKaniko('nothing affected', (tools) => {
  test('the one job says so, in the image that builds', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ 'app/Dockerfile': `FROM ${platform.busybox}\n` });
    await repository.commit({ README: 'changed\n' });
    const run = await runChildPipeline(platform, repository, { base });
    expect(statuses(run), logs(run)).toEqual(['no-image-affected success']);
    expect(output(run, 'no-image-affected')).toEqual(['No image is affected.']);
  });
});
