import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { jobOf, logs, statuses } from '../support/gitlab/try-pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { repositoryOf, runChildPipeline, startPlatform } from './platform.ts';
import { ofMain } from './published-project.ts';
import { deleteBlob, readManifest, readTags } from './registry-client.ts';
import { readImageFile } from './image-files.ts';
import { seedImage } from './seed-image.ts';
import type { Tools } from './tools.ts';
import { withKaniko } from './with-kaniko.ts';

/** Tags of a commit alone: where a branch is, is another test's. */
const config = 'verify: {scan: false, sbom: false}\ntags: {defaultBranch: ["{sha}"]}\n';

/** A project of which nothing is built yet. Its newest commit changes `app`, which is built from `base`. */
async function project(tools: Tools) {
  const platform = await startPlatform(tools);
  const { registry } = platform;
  const repository = await createRepository();
  await repository.commit({ README: '' });
  const before = await repository.commit({
    'affected.yml': config,
    'base/Dockerfile': `FROM ${platform.busybox}\nCOPY version /\n`,
    'base/version': 'ours\n',
    'app/Dockerfile': 'FROM base\nCOPY a /\n',
    'app/a': '1\n',
  });
  await repository.commit({ 'app/a': '2\n' });
  /** Runs the pipeline of the newest commit; `sha` stands for it in tags. */
  async function run(sha: string, env: Record<string, string> = {}) {
    const ran = await runChildPipeline(platform, repository, {
      base: before,
      env: { ...ofMain, ...env },
      variables: { CI_COMMIT_SHORT_SHA: sha },
    });
    expect(ran.status, logs(ran)).toBe('success');
    return ran;
  }
  const digestOf = async (image: string, tag: string) =>
    (await readManifest(registry, repositoryOf(image), tag))?.digest;
  const tagOf = async (image: string, begins: string) =>
    (await readTags(registry, repositoryOf(image))).find((tag) => tag.startsWith(begins));
  return { platform, registry, repository, before, run, digestOf, tagOf };
}

const built = ['base:build success', 'app:build success', 'base:publish success', 'app:publish success'];

withKaniko('an image is built once', (tools) => {
  test('a second pipeline of a commit copies only', async () => {
    const { run, digestOf } = await project(tools);
    expect(statuses(await run('0a0a0a0a')).toSorted()).toEqual(built.toSorted());
    const again = await run('0b0b0b0b');
    expect(statuses(again)).toEqual(['app:publish success']);
    expect(await digestOf('app', '0b0b0b0b')).toBe(await digestOf('app', '0a0a0a0a'));
  });

  test('in a merge request as well, whose tags are put on what main built', async () => {
    const { platform, repository, run, before, digestOf } = await project(tools);
    await run('0a0a0a0a');
    const merge = await runChildPipeline(platform, repository, { base: before });
    expect(statuses(merge), logs(merge)).toEqual(['app:reuse success']);
    expect(await digestOf('app', 'mr-7')).toBe(await digestOf('app', '0a0a0a0a'));
  });

  test('unless a part of it is gone', async () => {
    const { run, registry } = await project(tools);
    await run('0a0a0a0a');
    const image = repositoryOf('app');
    const layers = (await readManifest(registry, image, '0a0a0a0a'))?.manifest.layers ?? [];
    await deleteBlob(registry, image, layers.at(-1)?.digest as string);
    expect(statuses(await run('0b0b0b0b'))).toEqual(['app:build success', 'app:publish success']);
    expect(await readImageFile(registry, { repository: image, reference: '0b0b0b0b', path: 'a' })).toBe(
      '2\n',
    );
  });

  test('or a schedule asks for what is new elsewhere', async () => {
    const { run } = await project(tools);
    await run('0a0a0a0a');
    const schedule = await run('0b0b0b0b', { CI_PIPELINE_SOURCE: 'schedule' });
    expect(jobOf(schedule, 'app:build').status).toBe('success');
    expect(jobOf(schedule, 'app:build').variables['AFFECTED_FRESH']).toBe('true');
  });
});

withKaniko('what is missing from the registry', (tools) => {
  test('is built on the default branch, though nothing changed', async () => {
    const { run, registry, repository, tagOf, digestOf } = await project(tools);
    await run('0a0a0a0a');
    const tag = (await tagOf('base', 'h-')) as string;
    const digest = (await digestOf('base', tag)) as string;
    await fetch(`http://${registry.host}/v2/${repositoryOf('base')}/manifests/${digest}`, {
      method: 'DELETE',
      headers: { authorization: `Basic ${btoa(`${registry.user}:${registry.password}`)}` },
    });
    expect(await digestOf('base', tag)).toBeUndefined();
    await repository.commit({ README: 'nothing that an image is made of\n' });
    const healed = await run('0b0b0b0b');
    expect(statuses(healed).filter((status) => status.startsWith('base'))).toEqual([
      'base:build success',
      'base:publish success',
    ]);
    expect(await digestOf('base', tag)).toBe(await digestOf('base', '0b0b0b0b'));
  });
});

withKaniko('a poisoned candidate of an unprotected branch', (tools) => {
  test('is not promoted by a protected one, though it has the right name', async () => {
    const { platform, registry, repository, run, before, tagOf, digestOf } = await project(tools);
    const merge = await runChildPipeline(platform, repository, { base: before });
    expect(merge.status, logs(merge)).toBe('success');
    const directory = await mkdtemp(join(tmpdir(), 'poison-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    await writeFile(join(directory, 'a'), 'poison\n');
    const image = repositoryOf('app');
    const tag = (await tagOf('app', 'candidate-h-')) as string;
    await seedImage(registry, { repository: image, tag, directory });
    const poison = await digestOf('app', tag);

    expect(statuses(await run('0a0a0a0a')).toSorted()).toEqual(built.toSorted());
    const file = { repository: image, reference: '0a0a0a0a', path: 'a' };
    expect(await readImageFile(registry, file)).toBe('2\n');
    for (const published of ['0a0a0a0a', (await tagOf('app', 'h-')) as string]) {
      expect(await digestOf('app', published)).not.toBe(poison);
    }
  });
});
