import { expect, test } from 'vitest';
import { createRepository } from '../support/repository.ts';
import { listLayers, readImageFile } from './image-files.ts';
import { repositoryOf, runChildPipeline, startPlatform } from './platform.ts';
import { readManifest, readTags } from './registry-client.ts';
import { withKaniko } from './with-kaniko.ts';

withKaniko('one image', (tools) => {
  test('is built and pushed under the merge request’s tags', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    await repository.commit({
      'app/Dockerfile': `FROM ${platform.busybox}\nCOPY greeting /\nRUN cat /greeting /greeting > /twice\n`,
      'app/greeting': 'hello\n',
    });
    const run = await runChildPipeline(platform, repository, { base });
    const [job] = run.jobs;
    expect([run.status, job?.name, job?.status]).toEqual(['success', 'app:build', 'success']);
    const app = repositoryOf('app');
    expect(await readTags(platform.registry, app)).toEqual([
      expect.stringMatching(/^candidate-h-[0-9a-f]{64}$/),
      'mr-7',
      'mr-7-1a2b3c4d',
    ]);
    const pushed = await readManifest(platform.registry, app, 'mr-7');
    expect(job?.dotenv).toEqual({ AFFECTED_IMAGE_APP: `${platform.registry.host}/${app}@${pushed?.digest}` });
    // Nothing of the job's machine.
    const layers = await listLayers(platform.registry, { repository: app, reference: 'mr-7' });
    expect(layers.slice(1)).toEqual([['greeting'], ['twice']]);
    const twice = { repository: app, reference: 'mr-7-1a2b3c4d', path: 'twice' };
    expect(await readImageFile(platform.registry, twice)).toBe('hello\nhello\n');
  });
});
