import { describe, expect, test } from 'vitest';
import { builderCall, generate, mergeRequest, runWithStandIn } from '../support/pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { shellsHere } from '../support/shells.ts';

const chain = {
  'base/Dockerfile': 'FROM scratch\n',
  'app/Dockerfile': 'FROM base\n',
  'app/Dockerfile.dockerignore': 'README.md\n',
};

async function pipelineOf(files: Record<string, string>) {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit({ ...chain, ...files });
  return { repository, yaml: await generate(repository, { base, env: mergeRequest }) };
}

describe.each(shellsHere().map((shell) => [shell]))('in %s', (shell) => {
  test('the login is for this job’s eyes only, and never in its log', async () => {
    const after = 'build: {after_script: ["stat -c \'mode %a\' /kaniko/.docker/config.json"]}\n';
    const { repository, yaml } = await pipelineOf({ 'base/.gitlab-ci.yml': after });
    const run = await runWithStandIn(yaml, repository, { shell });
    const [job] = run.jobs;
    expect(job?.log).toContain('mode 600\n');
    const logs = run.jobs.map(({ log }) => log).join('');
    expect(logs).not.toContain('not-a-secret');
    expect(logs).not.toContain(btoa('gitlab-ci-token:not-a-secret'));
    expect(builderCall(run, 'app:build').argv.join(' ')).not.toContain('not-a-secret');
  });

  test('the ignore file that belongs to the Dockerfile stays beside it', async () => {
    const after = 'build: {after_script: ["ls /kaniko", "cat /kaniko/affected.Dockerfile.1.dockerignore"]}\n';
    const { repository, yaml } = await pipelineOf({ 'app/.gitlab-ci.yml': after });
    const run = await runWithStandIn(yaml, repository, { shell });
    expect(run.jobs.find(({ name }) => name === 'app:build')?.log).toContain('README.md\n');
  });

  test('nothing is built on a base that was not handed over', async () => {
    const silent = 'build: {script: ["true"]}\n';
    const { repository, yaml } = await pipelineOf({ 'base/.gitlab-ci.yml': silent });
    const run = await runWithStandIn(yaml, repository, { shell });
    const job = run.jobs.find(({ name }) => name === 'app:build');
    expect([job?.status, job?.executions]).toEqual(['failed', []]);
    expect(job?.log).toContain(
      'AFFECTED_IMAGE_BASE is not set: the job that builds this base image handed nothing over.',
    );
  });

  test('nothing is built when the Dockerfile is another one than was planned', async () => {
    const { repository, yaml } = await pipelineOf({});
    await repository.write({ 'app/Dockerfile': '# a line more\nFROM base\n' });
    const run = await runWithStandIn(yaml, repository, { shell });
    const job = run.jobs.find(({ name }) => name === 'app:build');
    expect([job?.status, job?.executions]).toEqual(['failed', []]);
    expect(job?.log).toContain('not at its place: base');
  });

  test('an ignore file with exceptions gets the cache key it needs', async () => {
    const { repository, yaml } = await pipelineOf({});
    const run = await runWithStandIn(yaml, repository, { shell });
    const [call] = run.jobs[0]?.executions ?? [];
    expect(call?.env['FF_KANIKO_SCOPED_DOCKERIGNORE']).toBe('true');
  });
});
