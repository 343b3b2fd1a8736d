import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { logs, statuses } from '../support/gitlab/try-pipeline.ts';
import { repositoryOf, runChildPipeline } from './platform.ts';
import { publishedProject } from './published-project.ts';
import { readManifest } from './registry-client.ts';
import { seedImage } from './seed-image.ts';
import { withKaniko } from './with-kaniko.ts';

withKaniko('tags that another pipeline moves meanwhile', (tools) => {
  test('do not change what a dependent is built from', async () => {
    const { platform, repository, base, fileOf } = await publishedProject(tools, ({ busybox }) => ({
      'base/Dockerfile': `FROM ${busybox}\nCOPY version /\n`,
      'base/version': 'old\n',
      'app/Dockerfile': 'ARG TAG=latest\nFROM base:$TAG\nCOPY Dockerfile /\n',
    }));
    await repository.commit({ 'base/version': 'new\n' });
    const directory = await mkdtemp(join(tmpdir(), 'other-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    await writeFile(join(directory, 'version'), 'of somebody else\n');

    const image = repositoryOf('base');
    const moved: string[] = [];
    const run = await runChildPipeline(platform, repository, {
      base,
      async beforeJob() {
        if (moved.length > 0) return;
        if ((await readManifest(platform.registry, image, 'mr-7')) === undefined) return;
        for (const tag of ['latest', 'mr-7', 'mr-7-1a2b3c4d']) {
          await seedImage(platform.registry, { repository: image, tag, directory });
          moved.push(tag);
        }
      },
    });
    expect(statuses(run), logs(run)).toEqual(['base:build success', 'app:build success']);
    expect(moved).toEqual(['latest', 'mr-7', 'mr-7-1a2b3c4d']);
    expect(await fileOf('base', 'mr-7', 'version')).toBe('of somebody else\n');
    expect(await fileOf('app', 'mr-7', 'version')).toBe('new\n');
  });
});
