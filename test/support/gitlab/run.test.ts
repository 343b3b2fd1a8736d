import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { jobOf, output, statuses, tryPipeline } from './try-pipeline.ts';

test('before_script and script share one shell, after_script has its own', async () => {
  const pipeline = await tryPipeline(`
job:
  before_script: [A=before, cd docker]
  script: ['echo "$A" "\${PWD##*/}"', 'ls']
  after_script: ['echo "[$A]" "$CI_JOB_STATUS"', 'ls', 'exit 7']
`);
  expect(output(pipeline)).toEqual(['before docker', 'Dockerfile', '[] success', 'docker']);
  expect(jobOf(pipeline)).toMatchObject({ status: 'success', exitCode: 0, attempts: 1, order: 0 });
  expect(pipeline.status).toBe('success');
});

test('a failing line ends the script and leaves its exit code', async () => {
  const pipeline = await tryPipeline(`
job:
  script: [echo one, 'sh -c "exit 3"', echo two]
  after_script: ['echo $CI_JOB_STATUS']
`);
  expect(output(pipeline)).toEqual(['one', 'failed']);
  expect(jobOf(pipeline)).toMatchObject({ status: 'failed', exitCode: 3 });
  expect(pipeline.status).toBe('failed');
});

test('a script of several lines is one, and standard input is empty', async () => {
  const pipeline = await tryPipeline(
    'job:\n  script:\n    - |\n      if true; then\n        cat\n        echo done\n      fi\n',
  );
  expect(jobOf(pipeline).log).toBe('$ if true; then # collapsed multi-line command\ndone\n');
});

test.for([
  ['sh', ['sh']],
  ['dash', ['dash']],
  ['bash', ['bash', '--posix']],
  ['sh', ['busybox', 'sh']],
] as const)('jobs run in the %s of %j, with pipefail where it has that', async ([name, shell], { skip }) => {
  const [command, ...args] = shell;
  const probe = spawnSync(command, [...args, '-c', '(set -o pipefail) 2> /dev/null']);
  if (probe.error !== undefined) return skip(`There is no ${command} on PATH.`);
  const script = ['echo "$0"', 'false | true', 'exit 3', 'echo'];
  const pipeline = await tryPipeline(JSON.stringify({ job: { script } }), { shell });
  expect([output(pipeline)[0], jobOf(pipeline).exitCode]).toEqual([name, probe.status === 0 ? 1 : 3]);
});

test('a job sees the variables of the pipeline and nothing of this machine', async () => {
  const names = ['A', 'CI_JOB_NAME', 'CI_JOB_STAGE', 'CI_PROJECT_DIR', 'HOME', 'PATH'];
  const pipeline = await tryPipeline('job: {script: [env]}', { variables: { A: 'a' } });
  const seen = output(pipeline).map((line) => line.split('=')[0] ?? '');
  expect(seen.filter((name) => !['PWD', 'OLDPWD', '_', 'SHLVL'].includes(name)).toSorted()).toEqual(names);
});

test('the stronger variable wins', async () => {
  const yaml = `
workflow: {rules: [{variables: {B: workflow, C: workflow, D: workflow, E: workflow, F: workflow}}]}
variables: {A: global, B: global, C: global, D: global, E: global, F: global}
a:
  stage: build
  script: ['printf "E=dotenv\\nF=dotenv\\n" > x.env']
  artifacts: {reports: {dotenv: x.env}}
job:
  variables: {C: job, D: job, E: job, F: job}
  rules: [{variables: {D: rule, E: rule, F: rule}}]
  script: ['echo $P $A $B $C $D $E $F']
`;
  const all = { A: 'pre', B: 'pre', C: 'pre', D: 'pre', E: 'pre', F: 'pre', P: 'pre' };
  expect(output(await tryPipeline(yaml, { predefined: all, variables: { F: 'given' } }))).toEqual([
    'pre global workflow job rule dotenv given',
  ]);
});

test.each([
  ['$(touch canary)', '(touch canary)'],
  ['`touch canary`', '`touch canary`'],
  ["'; touch canary; '", "'; touch canary; '"],
  ['" || touch canary || "', '" || touch canary || "'],
  ['two\nlines\n', 'two\nlines\n'],
  ['back\\slash \\n', 'back\\slash \\n'],
  ['$$HOME ${HOME', '$HOME HOME'],
  ['', ''],
])('the value %j reaches a job as text: expanded it is %j', async (value, expanded) => {
  const print = (name: string): string => `printf "%s" "$${name}" > ${name}.txt`;
  const job = {
    variables: { RAW: { value, expand: false }, PLAIN: value },
    script: [print('RAW'), print('PLAIN'), 'test ! -e canary'],
    artifacts: { paths: ['*.txt'] },
  };
  const pipeline = await tryPipeline(JSON.stringify({ job }));
  expect(jobOf(pipeline)).toMatchObject({
    status: 'success',
    artifacts: { 'RAW.txt': value, 'PLAIN.txt': expanded },
  });
  expect(jobOf(pipeline).variables).toMatchObject({ RAW: value, PLAIN: expanded });
});

test('a variable no shell can export fails its job', async () => {
  expect(statuses(await tryPipeline('job: {script: [echo], variables: {a-b: x}}'))).toEqual(['job failed']);
});

test('a failing job is run again as often as it asks', async () => {
  const pipeline = await tryPipeline('job: {retry: 2, script: [echo > f, exit 1]}');
  expect(jobOf(pipeline)).toMatchObject({ status: 'failed', attempts: 3 });
});

test('nothing is left behind', async () => {
  const before = await readdir(tmpdir());
  await tryPipeline('job: {script: [echo > $CI_PROJECT_DIR/f]}');
  const left = (await readdir(tmpdir())).filter(
    (name) => name.startsWith('pipeline-') && !before.includes(name),
  );
  expect(left).toEqual([]);
});
