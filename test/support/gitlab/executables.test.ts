import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { standInDigest } from './executables.ts';
import type { PipelineOptions, PipelineRun } from './pipeline-run.ts';
import { runPipeline } from './run.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'executables-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const kaniko = { executables: { '/kaniko/executor': { writesDigest: true } }, pathMap: { '/kaniko': null } };

async function run(script: readonly string[], options: Partial<PipelineOptions> = {}): Promise<PipelineRun> {
  const job = { script, variables: { IMAGE: 'registry.example/kaniko/a' } };
  return await runPipeline({
    yaml: JSON.stringify({ job }),
    projectDir: await folder(),
    ...kaniko,
    ...options,
  });
}

test('a call is recorded as it was made', async () => {
  const { jobs } = await run([
    `echo '{"auths":{}}' > /kaniko/.docker/config.json`.replace('echo', 'mkdir -p /kaniko/.docker && echo'),
    `cd /kaniko && /kaniko/executor --context "dir://$CI_PROJECT_DIR" '' "a b
c" '$(id)' --destination="$IMAGE:1" /kaniko2 x/kaniko/y`,
  ]);
  const project = jobs[0]?.variables['CI_PROJECT_DIR'] ?? '';
  const call = jobs[0]?.executions[0];
  expect(jobs[0]?.executions).toHaveLength(1);
  expect(call).toMatchObject({
    executable: '/kaniko/executor',
    cwd: '/kaniko',
    dockerConfig: '{"auths":{}}\n',
  });
  expect(call?.argv).toEqual([
    '--context',
    `dir://${project}`,
    '',
    'a b\nc',
    '$(id)',
    '--destination=registry.example/kaniko/a:1',
    '/kaniko2',
    'x/kaniko/y',
  ]);
  expect(call?.env).toMatchObject({ IMAGE: 'registry.example/kaniko/a', CI_JOB_NAME: 'job' });
});

test('only whole absolute paths are mapped', async () => {
  const { jobs } = await run(['for path in /kaniko2 x/kaniko a.b/kaniko/c; do echo "${#path}"; done']);
  expect(jobs[0]?.log).toMatch(/^8\n8\n12$/mu);
});

test.each(['--digest-file=d/x', '--digest-file d/x'])(
  '%s receives a digest made of the name of the image',
  async (flag) => {
    const { jobs } = await run([
      `/kaniko/executor ${flag} --destination $IMAGE:1.0 -d $IMAGE:latest`,
      'printf "[%s]" "$(cat d/x)"',
    ]);
    expect(jobs[0]?.log).toContain(`[${standInDigest('registry.example/kaniko/a')}]`);
  },
);

test('the files with names hold one line a destination', async () => {
  const flags = '--image-name-with-digest-file n --image-name-tag-with-digest-file t';
  const { jobs } = await run([
    `/kaniko/executor ${flags} --destination r:5000/a:1 --destination=r:5000/b`,
    'cat n t',
  ]);
  const digest = standInDigest('r:5000/a');
  const lines = [`r:5000/a@${digest}`, `r:5000/b@${digest}`, `r:5000/a:1@${digest}`, `r:5000/b@${digest}`];
  expect(jobs[0]?.log).toContain(`${lines.join('\n')}\n`);
});

test('a job has a folder of its own for each mapped path, from a template', async () => {
  const template = await folder();
  await mkdir(join(template, 'ssl'));
  await writeFile(join(template, 'ssl', 'ca.crt'), 'certificate\n');
  const yaml = `
variables: {WHERE: /kaniko/ssl/ca.crt}
.job: {script: ['cat "$WHERE"', 'ls /kaniko', 'echo > /kaniko/left', 'pwd; echo /kaniko/ssl']}
a: {extends: .job}
b: {extends: .job}
`;
  const { jobs } = await runPipeline({ yaml, projectDir: await folder(), pathMap: { '/kaniko': template } });
  for (const { log } of jobs) expect(log).toMatch(/^certificate\n\$ ls \/kaniko\nssl\n/mu);
  expect(jobs.map(({ log }) => log.endsWith('\n/kaniko/ssl\n'))).toEqual([true, true]);
});

test.each([
  [{ exitCode: 4 }, ['x'], 4],
  [{ exitCode: 4, failsFor: 'image-b' }, ['--destination=image-a'], 0],
  [{ exitCode: 4, failsFor: 'image-b' }, ['--destination=image-b:1'], 4],
  [{}, [], 0],
])('%j called with %j exits with %d', async (standIn, args, exitCode) => {
  const { jobs } = await run([`crane ${args.join(' ')}`], { executables: { crane: standIn } });
  expect(jobs[0]).toMatchObject({
    exitCode,
    executions: [{ executable: 'crane', argv: args, dockerConfig: null }],
  });
});

test('a failing build writes no digest', async () => {
  const executables = { crane: { exitCode: 1, writesDigest: true } };
  const { jobs } = await run(['crane --digest-file d || true', 'test ! -e d'], { executables });
  expect(jobs[0]?.status).toBe('success');
});

test('a stand-in prints, and reads the docker config that DOCKER_CONFIG names', async () => {
  const script = [
    'export DOCKER_CONFIG="$PWD"',
    'echo {} > config.json',
    'test "$(crane digest x)" = "sha256:1"',
  ];
  const { jobs } = await run(script, { executables: { crane: { stdout: 'sha256:1' } } });
  expect(jobs[0]).toMatchObject({ status: 'success', executions: [{ dockerConfig: '{}\n' }] });
});

test('a real program can be recorded and run', async () => {
  const executables = { show: { program: '/bin/echo' }, lose: { program: '/bin/false' } };
  const { jobs } = await run(['show a "b c"', 'show d', 'lose'], { executables });
  expect(jobs[0]?.log).toMatch(/^a b c$/mu);
  expect(jobs[0]?.executions.map(({ argv }) => argv)).toEqual([['a', 'b c'], ['d'], []]);
  expect(jobs[0]?.exitCode).toBe(1);
});

test('an absolute path that is not mapped cannot be stood in for', async () => {
  await expect(run(['true'], { executables: { '/opt/x': {} } })).rejects.toThrow('pathMap');
});
