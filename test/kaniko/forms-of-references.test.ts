import { expect, test } from 'vitest';
import { logs, statuses } from '../support/gitlab/try-pipeline.ts';
import { type Platform, runChildPipeline } from './platform.ts';
import { publishedProject } from './published-project.ts';
import { withKaniko } from './with-kaniko.ts';

withKaniko('a base image is built from what this pipeline built, where it is', (tools) => {
  test.each<[string, (platform: Platform) => string]>([
    ['a literal reference', ({ registry }) => `FROM ${registry.host}/group/project/base:latest\n`],
    ['an argument for all of it', () => 'ARG BASE=base:latest\nFROM $BASE\n'],
    [
      'an argument for the tag',
      () => 'ARG TAG=1\nFROM --platform=linux/amd64 base:${TAG:-latest} AS built\n',
    ],
    ['COPY --from', ({ busybox }) => `FROM ${busybox}\nCOPY --from=base /version /\n`],
    [
      'two stages and a continued line',
      ({ busybox }) =>
        `FROM base AS b\nRUN cp /version /seen\nFROM \\\n  # why\n  ${busybox}\nCOPY --from=b /seen /version\n`,
    ],
  ])('named by %s', async (_, dockerfile) => {
    const { platform, repository, base, fileOf } = await publishedProject(tools, (all) => ({
      'base/Dockerfile': `FROM ${all.busybox}\nCOPY version /\n`,
      'base/version': 'old\n',
      'affected.yml': `references: [{match: "${all.registry.host}/group/project/{x}", directory: "{x}"}, {match: "{x}", directory: "{x}"}]\n`,
      'app/Dockerfile': dockerfile(all),
    }));
    await repository.commit({ 'base/version': 'new\n' });
    const run = await runChildPipeline(platform, repository, { base });
    expect(statuses(run), logs(run)).toEqual(['base:build success', 'app:build success']);
    expect(await fileOf('app', 'mr-7', 'version')).toBe('new\n');
  });
});
