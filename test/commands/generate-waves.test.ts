import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { headOfPipeline } from '../../src/pipeline/header.ts';
import { cli } from '../support/cli.ts';
import { checkPipeline } from '../support/gitlab/check.ts';
import { checkSchema } from '../support/gitlab/schema.ts';
import { mergeRequest, runWithStandIn } from '../support/pipeline.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';

const files = {
  'a/Dockerfile': 'FROM scratch\n',
  'b/Dockerfile': 'FROM a\n',
  'c/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nARG TAG=1\nFROM $CI_REGISTRY_IMAGE/b:$TAG\nCOPY --from=a / /\n',
  'd/Dockerfile': 'FROM scratch\n',
};
const pipeline = { ...mergeRequest, CI_PIPELINE_ID: '4711', CI_JOB_NAME: 'plan images' };

async function repositoryOf(
  limits: string,
  more: Record<string, string> = {},
): Promise<{ repository: TestRepository; base: string }> {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit({
    ...files,
    ...more,
    'affected.yml': `limits: ${limits}\nverify: {scan: false, sbom: false}\n`,
  });
  return { repository, base };
}

async function generate(
  { repository, base }: { repository: TestRepository; base: string },
  options: { env?: Record<string, string>; output?: string } = {},
) {
  const { env = pipeline, output = 'child-pipeline.yml' } = options;
  const result = await cli(repository.dir, ['generate', '--base', base, '--output', output], { env });
  const written = (await readdir(repository.dir)).filter((name) => name.endsWith('.yml')).sort();
  const read = (name: string) => readFile(join(repository.dir, name), 'utf8');
  return { ...result, written: written.filter((name) => name !== 'affected.yml'), read };
}

describe('more than GitLab takes in one pipeline', () => {
  test('is written as waves, and a pipeline that starts them', async () => {
    const { stdout, code, written, read } = await generate(await repositoryOf('{jobs: 3}'));
    expect(code).toBe(0);
    expect(written).toEqual(['child-pipeline.wave-1.yml', 'child-pipeline.wave-2.yml', 'child-pipeline.yml']);
    expect(stdout).toMatch(
      /\nWrote child-pipeline\.yml, which starts 2 pipelines one after the other: child-pipeline\.wave-1\.yml to child-pipeline\.wave-2\.yml\nAll of them must be artifacts of this job\n$/,
    );
    for (const name of written) {
      const yaml = await read(name);
      expect(checkPipeline(yaml, { context: 'child-of-merge-request' })).toEqual([]);
      expect(await checkSchema(yaml)).toEqual([]);
      expect(headOfPipeline(yaml)).toMatch(/^[0-9a-f]{40}$/);
    }
  });

  test('reads like pipelines written by hand', async () => {
    const { read } = await generate(await repositoryOf('{jobs: 3}'));
    const wave = await read('child-pipeline.wave-2.yml');
    const shown = [
      await read('child-pipeline.yml'),
      wave.slice(0, wave.indexOf('\n# From')),
      wave.slice(wave.indexOf('\nc:build:')),
    ];
    const text = shown.join('').replace(/^# (base|head) .*\n/gm, '');
    await expect(text).toMatchFileSnapshot('../golden/waves.yml');
  });

  test('is built from what earlier waves pushed, and never from what is published', async () => {
    const made = await repositoryOf('{jobs: 3}');
    const { read } = await generate(made);
    const first = await runWithStandIn(await read('child-pipeline.wave-1.yml'), made.repository);
    const pushed = first.jobs.flatMap(({ executions }) =>
      executions.flatMap(({ argv }) =>
        argv.flatMap((argument) => /^--destination=(.*:candidate-pipeline-.*)$/.exec(argument)?.[1] ?? []),
      ),
    );
    const at = (name: string) => `registry.example.com/group/project/${name}:candidate-pipeline-4711`;
    expect(pushed).toEqual([at('a'), at('b')]);
    const second = await runWithStandIn(await read('child-pipeline.wave-2.yml'), made.repository);
    const log = second.jobs.find(({ name }) => name === 'c:build')?.log;
    expect(log).toContain(`c/Dockerfile:4: a -> ${at('a')}\n`);
    expect(log).toContain(`c/Dockerfile:3: $CI_REGISTRY_IMAGE/b:$TAG -> ${at('b')}\n`);
  });

  test('is named by the path below the project, wherever it is written from', async () => {
    const made = await repositoryOf('{jobs: 3}');
    await mkdir(join(made.repository.dir, 'a'), { recursive: true });
    const env = { ...pipeline, CI_PROJECT_DIR: made.repository.dir };
    const { read } = await generate(made, { env, output: 'a/child' });
    expect(await read('a/child')).toContain('paths: [a/child.wave-1, a/child.wave-2]');
    expect(await read('a/child.wave-2')).toContain('\nc:build:');
  });

  test.each(['child.yml', '/child.yml'])('also where the project is named by a link: %s', async (output) => {
    const made = await repositoryOf('{jobs: 3}');
    const link = `${made.repository.dir}-link`;
    await symlink(made.repository.dir, link);
    onTestFinished(() => rm(link));
    const env = { ...pipeline, CI_PROJECT_DIR: link };
    const { read } = await generate(made, { env, output: output.replace(/^\//, `${link}/`) });
    expect(await read('child.yml')).toContain('paths: [child.wave-1.yml, child.wave-2.yml]');
  });

  test('outside of GitLab no pipeline can take it for its own', async () => {
    const { read } = await generate(await repositoryOf('{jobs: 3}'), { env: {} });
    expect(await read('child-pipeline.yml')).toContain('- pipeline: "0"\n      job: generate-pipeline\n');
    expect(await read('child-pipeline.wave-1.yml')).toContain('/a:candidate-pipeline-0');
  });
});

describe('refused, and nothing written', () => {
  test.each<[string, string, Parameters<typeof generate>[1], string]>([
    [
      'in a child pipeline',
      '{jobs: 3}',
      { env: { ...pipeline, CI_PIPELINE_SOURCE: 'parent_pipeline' } },
      'run affected generate in the pipeline above it [pipeline-size]',
    ],
    [
      'outside of the project',
      '{jobs: 3}',
      { output: '../child.yml' },
      'the files of several must be artifacts; write below the project',
    ],
    [
      'more than an artifact holds',
      '{artifactBytes: 900}',
      {},
      'GitLab reads 900 (limits.artifactBytes in affected.yml) [pipeline-size]',
    ],
    [
      'an image that no pipeline holds',
      '{yamlBytes: 900}',
      {},
      'A child pipeline of the image "a" alone takes',
    ],
  ])('%s', async (_, limits, options, message) => {
    const made = await repositoryOf(limits);
    const { code, stderr, written } = await generate(made, options);
    expect([code, written]).toEqual([2, []]);
    expect(stderr).toContain(message);
  });

  test('an archive is weighed as it is sent, a file as it is read', async () => {
    const made = await repositoryOf('{artifactBytes: 14000}');
    expect((await generate(made)).code).toBe(0);
    const { stderr } = await generate(await repositoryOf('{artifactBytes: 5000}'));
    expect(stderr).toMatch(/The child pipeline is a file of \d{5} bytes; GitLab reads 5000 /);
    const more = Object.fromEntries([...'efghij'].map((name) => [`${name}/Dockerfile`, 'FROM scratch\n']));
    const several = await generate(await repositoryOf('{jobs: 4, artifactBytes: 12000}', more));
    expect(several.stderr).toMatch(
      /The child pipeline is an archive of about \d{5} bytes; GitLab reads 12000 /,
    );
  });
});

test('check tells what would be refused', async () => {
  const { repository } = await repositoryOf('{jobs: 2}');
  const { code, stdout } = await cli(repository.dir, ['check']);
  expect(code).toBe(1);
  expect(stdout).toContain('as 4 pipelines they are too many');
  const fine = await repositoryOf('{jobs: 5}');
  expect((await cli(fine.repository.dir, ['check'])).stdout).toBe('No findings.\n');
});
