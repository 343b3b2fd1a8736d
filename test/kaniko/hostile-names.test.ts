import { expect, test } from 'vitest';
import { logs } from '../support/gitlab/try-pipeline.ts';
import { fileNames, hostile } from '../support/hostile.ts';
import { createRepository } from '../support/repository.ts';
import { readImageFile } from './image-files.ts';
import { repositoryOf, runChildPipeline, startPlatform } from './platform.ts';
import { withKaniko } from './with-kaniko.ts';

withKaniko('hostile names', (tools) => {
  test('of directories: Kaniko builds what is in them', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    const files = fileNames.flatMap((name, index) => [
      [`i${index}/${name}/Dockerfile`, 'FROM scratch\nCOPY name /\n'],
      [`i${index}/${name}/name`, name],
    ]);
    const names = fileNames.map((_, index) => `  i${index}/{x}: image-${index}`).join('\n');
    await repository.commit(Object.fromEntries([...files, ['affected.yml', `names:\n${names}\n`]]));
    const run = await runChildPipeline(platform, repository, { base });
    expect(run.status, logs(run)).toBe('success');
    for (const [index, name] of fileNames.entries()) {
      const image = { repository: repositoryOf(`image-${index}`), reference: 'mr-7', path: 'name' };
      expect(await readImageFile(platform.registry, image)).toBe(name);
    }
  });

  test('in build args: a RUN sees them as they are', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    const args = hostile.map((value, index) => `    A${index}: ${JSON.stringify(value)}`).join('\n');
    const declared = hostile.map((_, index) => `ARG A${index}\n`).join('');
    const printed = hostile.map((_, index) => `"$A${index}"`).join(' ');
    await repository.commit({
      'app/Dockerfile': `FROM ${platform.busybox}\n${declared}RUN printf '%s|' ${printed} > /seen\n`,
      'affected.yml': `images:\n  app:\n   args:\n${args}\n`,
    });
    const run = await runChildPipeline(platform, repository, { base });
    expect(run.status, logs(run)).toBe('success');
    const seen = { repository: repositoryOf('app'), reference: 'mr-7', path: 'seen' };
    expect((await readImageFile(platform.registry, seen))?.split('|')).toEqual(
      [...hostile, ''].flatMap((value) => value.split('|')),
    );
  });
});
