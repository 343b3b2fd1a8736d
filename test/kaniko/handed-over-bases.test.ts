import { expect, test } from 'vitest';
import { jobOf, logs, statuses } from '../support/gitlab/try-pipeline.ts';
import type { Files } from '../support/repository.ts';
import { type Platform, repositoryOf, runChildPipeline } from './platform.ts';
import { publishedProject } from './published-project.ts';
import { readManifest } from './registry-client.ts';
import { withKaniko } from './with-kaniko.ts';

/** A chain of three, each named in another way. */
const chain = ({ busybox }: Platform): Files => ({
  'base/Dockerfile': `FROM ${busybox}\nCOPY version /\n`,
  'base/version': 'old\n',
  'middle/Dockerfile': 'FROM base\nRUN cp /version /middle-saw\n',
  'app/Dockerfile':
    'ARG CI_REGISTRY_IMAGE\nARG TAG=latest\nFROM $CI_REGISTRY_IMAGE/middle:$TAG\nRUN cp /version /app-saw\n',
});

withKaniko('base images built in the same pipeline', (tools) => {
  test('a changed base reaches all that is built on it, and published tags stay', async () => {
    const { platform, repository, base, fileOf } = await publishedProject(tools, chain);
    await repository.commit({ 'base/version': 'new\n' });
    const run = await runChildPipeline(platform, repository, { base });
    expect(statuses(run), logs(run)).toEqual([
      'base:build success',
      'middle:build success',
      'app:build success',
    ]);
    expect(await fileOf('middle', 'mr-7', 'middle-saw')).toBe('new\n');
    expect(await fileOf('app', 'mr-7', 'app-saw')).toBe('new\n');
    expect(await fileOf('app', 'latest', 'app-saw')).toBe('old\n');

    const layersOf = async (image: string) => {
      const found = await readManifest(platform.registry, repositoryOf(image), 'mr-7');
      return found?.manifest.layers.map(({ digest }) => digest) ?? [];
    };
    const [ofBase, ofMiddle, ofApp] = [
      await layersOf('base'),
      await layersOf('middle'),
      await layersOf('app'),
    ];
    expect(ofMiddle.slice(0, ofBase.length)).toEqual(ofBase);
    expect(ofApp.slice(0, ofMiddle.length)).toEqual(ofMiddle);
    const handedOver = jobOf(run, 'middle:build').dotenv['AFFECTED_IMAGE_MIDDLE'];
    expect(jobOf(run, 'app:build').log).toContain(
      `app/Dockerfile:3: $CI_REGISTRY_IMAGE/middle:$TAG -> ${handedOver}\n`,
    );
  });

  test('a base this pipeline does not build is the published one', async () => {
    const { platform, repository, base, fileOf } = await publishedProject(tools, chain);
    await repository.commit({ 'middle/Dockerfile': 'FROM base\nRUN cp /version /middle-saw-again\n' });
    const run = await runChildPipeline(platform, repository, { base });
    expect(statuses(run), logs(run)).toEqual(['middle:build success', 'app:build success']);
    expect(await fileOf('app', 'mr-7', 'middle-saw-again')).toBe('old\n');
    expect(await readManifest(platform.registry, repositoryOf('base'), 'mr-7')).toBeUndefined();
  });
});
