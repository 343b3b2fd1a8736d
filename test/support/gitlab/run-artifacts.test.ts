import { expect, test } from 'vitest';
import { jobOf, output, tryPipeline } from './try-pipeline.ts';

const writer = `
a:
  stage: build
  script: ['mkdir -p out/deep', 'echo 1 > out/deep/f', 'echo 2 > out/skip.log', 'echo 3 > other', 'echo X=1 > x.env']
  artifacts: {paths: [out/, 'gl$NAME*.txt'], exclude: ['**/*.log'], reports: {dotenv: x.env}}
  variables: {NAME: ob}
`;

test.each([
  ['', ['./docker/Dockerfile', './out/deep/f', '[1]']],
  ['needs: [a]', ['./docker/Dockerfile', './out/deep/f', '[1]']],
  ['needs: [{job: a, artifacts: false}]', ['./docker/Dockerfile', '[]']],
  ['needs: []', ['./docker/Dockerfile', '[]']],
  ['dependencies: []', ['./docker/Dockerfile', '[]']],
  ['dependencies: [a]', ['./docker/Dockerfile', './out/deep/f', '[1]']],
  ['variables: {GIT_STRATEGY: none}', ['./out/deep/f', '[1]']],
])('with %j a job finds the artifacts it asks for', async (line, expected) => {
  const pipeline = await tryPipeline(
    `${writer}job:\n  script: ['find . -type f | sort', 'echo "[$X]"']\n  ${line}\n`,
  );
  expect(output(pipeline)).toEqual(expected);
});

test.each([
  ['on_success', 1, []],
  ['on_failure', 1, ['f']],
  ['always', 1, ['f']],
  ['on_success', 0, ['f']],
  ['on_failure', 0, []],
  ['always', 0, ['f']],
])('artifacts: when: %s after exit code %d', async (when, code, files) => {
  const pipeline = await tryPipeline(`
a: {stage: build, script: [echo > f, 'echo X=1 > x.env', exit ${code}], artifacts: {when: ${when}, paths: [./f, none], reports: {dotenv: x.env}}}
job: {when: always, variables: {GIT_STRATEGY: empty}, script: [ls, 'test "$X" = 1']}
`);
  expect(output(pipeline)).toEqual(files);
  expect(jobOf(pipeline).status).toBe('success');
});

test('a dotenv report GitLab cannot read fails its job', async () => {
  const pipeline = await tryPipeline('job: {script: [echo > x.env], artifacts: {reports: {dotenv: x.env}}}');
  expect(jobOf(pipeline)).toMatchObject({ status: 'failed', exitCode: 1 });
  expect(output(pipeline)).toEqual(['ERROR: Invalid Format: ']);
});

test('the value of a dotenv variable is expanded once more, as any other', async () => {
  const pipeline = await tryPipeline(`
a: {stage: build, script: ["echo 'X=$NAME-$(id)-$$' > x.env"], artifacts: {reports: {dotenv: x.env}}}
job: {script: ['echo "$X"'], variables: {NAME: n}}
`);
  expect(output(pipeline)).toEqual(['n-(id)-$']);
});

test('a test can look at what a job left', async () => {
  const pipeline = await tryPipeline(writer);
  expect(jobOf(pipeline, 'a')).toMatchObject({ artifacts: { 'out/deep/f': '1\n' }, dotenv: { X: '1' } });
});
