import { expect, test } from 'vitest';
import { jobOf, logs, output, statuses } from '../support/gitlab/try-pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { runChildPipeline, startPlatform } from './platform.ts';
import { withKaniko } from './with-kaniko.ts';

withKaniko('an image’s own scripts', (tools) => {
  test('run before and after Kaniko in one container, also when its stages took the shell away', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    await repository.commit({
      'app/Dockerfile': `FROM ${platform.busybox} AS tools\nRUN echo made > /made\nFROM scratch\nCOPY --from=tools /made /\n`,
      'app/.gitlab-ci.yml': [
        'build:',
        '  before_script:',
        '    - !reference [.kaniko-build, before_script]',
        '    - echo before > /kaniko/noted',
        '  after_script:',
        '    - cat /kaniko/noted',
        '    - ls -l /kaniko/.docker/config.json',
        '    - echo "$CI_JOB_STATUS"',
        '',
      ].join('\n'),
    });
    const run = await runChildPipeline(platform, repository, { base });
    expect(statuses(run), logs(run)).toEqual(['app:build success']);
    expect(output(run, 'app:build').slice(-3)).toEqual([
      'before',
      expect.stringMatching(/^-rw------- /u),
      'success',
    ]);
  });

  test('of jobs of its own find the digest of what was built', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    await repository.commit({
      'app/Dockerfile': 'FROM scratch\nCOPY Dockerfile /\n',
      'app/.gitlab-ci.yml': [
        'test:',
        `  image: {name: "${tools.name}", entrypoint: [""]}`,
        '  script: [env | grep ^AFFECTED_IMAGE_]',
        '',
      ].join('\n'),
    });
    const run = await runChildPipeline(platform, repository, { base });
    expect(statuses(run), logs(run)).toEqual(['app:build success', 'app:test success']);
    const { AFFECTED_IMAGE_APP: built } = jobOf(run, 'app:build').dotenv;
    expect(output(run, 'app:test')).toEqual([`AFFECTED_IMAGE_APP=${built}`]);
  });
});
