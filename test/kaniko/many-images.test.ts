import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logs, statuses } from '../support/gitlab/try-pipeline.ts';
import { generate, mergeRequest } from '../support/pipeline.ts';
import { createRepository, type Files } from '../support/repository.ts';
import { readImageFile } from './image-files.ts';
import { repositoryOf, runChildPipeline, runFile, startPlatform } from './platform.ts';
import { withKaniko } from './with-kaniko.ts';

const BASES = Array.from({ length: 60 }, (_, index) => `base-${String(index).padStart(2, '0')}`);
const OTHERS = Array.from({ length: 139 }, (_, index) => `other-${index}`);

withKaniko('many images', (tools) => {
  test('two hundred, one of them built from sixty: more than GitLab lets a job need', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    const copies = BASES.map((name) => `COPY --from=${name} /name /saw/${name}\n`);
    const files: Files = {
      ...Object.fromEntries(
        BASES.flatMap((name) => [
          [`${name}/Dockerfile`, 'FROM scratch\nCOPY name /\n'],
          [`${name}/name`, `${name}\n`],
        ]),
      ),
      ...Object.fromEntries(
        OTHERS.map((name, index) => [`${name}/Dockerfile`, `FROM ${BASES[index % BASES.length]}\n`]),
      ),
      'app/Dockerfile': `FROM ${platform.busybox}\n${copies.join('')}RUN cat /saw/* > /all\n`,
    };
    await repository.commit(files);
    const run = await runChildPipeline(platform, repository, { base });
    const failed = statuses(run).filter((job) => !job.endsWith(' success'));
    expect([failed, run.status], logs(run)).toEqual([[], 'success']);
    const builds = run.jobs.filter(({ name }) => name.endsWith(':build'));
    const barriers = run.jobs.filter(({ name }) => /^app:needs-\d+$/.test(name));
    expect([builds.length, barriers.length > 0]).toEqual([200, true]);
    const all = { repository: repositoryOf('app'), reference: 'mr-7', path: 'all' };
    expect(await readImageFile(platform.registry, all)).toBe(BASES.map((name) => `${name}\n`).join(''));
  });

  test('waves: what an earlier one built is what a later one builds on', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    await repository.commit({
      'affected.yml': 'limits: {jobs: 3}\nverify: {scan: false}\n',
      'base/Dockerfile': `FROM ${platform.busybox}\nCOPY version /\n`,
      'base/version': 'of this pipeline\n',
      'middle/Dockerfile': 'FROM base\nRUN cp /version /middle-saw\n',
      'app/Dockerfile':
        'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/middle:1\nCOPY --from=base /version /app-saw\n',
      'alone/Dockerfile': 'FROM scratch\nCOPY Dockerfile /\n',
    });
    const env = { ...mergeRequest, CI_PIPELINE_ID: '4711', CI_JOB_NAME: 'generate-pipeline' };
    const starting = await generate(repository, { base, env });
    expect(starting).toContain('wave-2:');
    for (const [wave, names] of [['alone:build', 'base:build', 'middle:build'], ['app:build']].entries()) {
      const yaml = await readFile(join(repository.dir, `child-pipeline.wave-${wave + 1}.yml`), 'utf8');
      const run = await runFile(platform, repository, { yaml });
      expect(statuses(run).sort(), logs(run)).toEqual(names.map((name) => `${name} success`));
    }
    const saw = { repository: repositoryOf('app'), reference: 'mr-7' };
    expect(await readImageFile(platform.registry, { ...saw, path: 'middle-saw' })).toBe('of this pipeline\n');
    expect(await readImageFile(platform.registry, { ...saw, path: 'app-saw' })).toBe('of this pipeline\n');
  });
});
