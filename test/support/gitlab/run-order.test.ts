import { expect, test } from 'vitest';
import { output, statuses, tryPipeline } from './try-pipeline.ts';

test('stages run in order, each after all of the earlier ones', async () => {
  const pipeline = await tryPipeline(`
stages: [one, two]
last: {stage: .post, script: [echo]}
c: {stage: two, script: [echo]}
a: {stage: one, script: [exit 1]}
b: {stage: one, script: [echo]}
first: {stage: .pre, script: [echo]}
rescue: {stage: two, when: on_failure, script: [echo]}
always: {stage: two, when: always, script: [echo]}
`);
  expect(statuses(pipeline)).toEqual([
    'first success',
    'a failed',
    'b success',
    'rescue success',
    'always success',
    'last skipped',
    'c skipped',
  ]);
  expect(pipeline.jobs.map(({ order }) => order)).toEqual([0, 1, 2, 3, 4, undefined, undefined]);
});

test('with needs only the needed jobs count, and a failure skips what depends on it', async () => {
  const pipeline = await tryPipeline(`
c: {needs: [b], script: [echo]}
b: {needs: [a], script: [echo]}
a: {script: [exit 1]}
free: {needs: [], stage: deploy, script: [echo]}
d: {needs: [free, {job: gone, optional: true}], stage: deploy, script: [echo]}
gone: {rules: [{if: $NEVER}], script: [echo]}
rescue: {needs: [a], when: on_failure, script: [echo]}
cleanup: {needs: [b], when: always, script: [echo]}
`);
  expect(statuses(pipeline)).toEqual([
    'a failed',
    'rescue success',
    'cleanup success',
    'free success',
    'd success',
    'c skipped',
    'b skipped',
    'gone not-created',
  ]);
  expect(pipeline.status).toBe('failed');
});

test('jobs of one stage run in the order of their needs, not of the file', async () => {
  const pipeline = await tryPipeline(
    'c: {needs: [b], script: [echo]}\nb: {needs: [a], script: [echo]}\na: {script: [echo]}\n',
  );
  expect(statuses(pipeline)).toEqual(['a success', 'b success', 'c success']);
});

test('an allowed failure stops nobody', async () => {
  const pipeline = await tryPipeline(`
a: {stage: build, allow_failure: true, script: [exit 1]}
b: {stage: build, allow_failure: {exit_codes: [3]}, script: [exit 3]}
c: {needs: [a, b], script: [echo]}
d: {script: [echo]}
e: {stage: deploy, allow_failure: {exit_codes: [4]}, script: [exit 3]}
`);
  expect(statuses(pipeline)).toEqual(['a failed', 'b failed', 'c success', 'd success', 'e failed']);
  expect(pipeline.status).toBe('failed');
});

test('a manual job is passed over, or blocks where its rules ask for it', async () => {
  const yaml = `
optional: {stage: build, when: manual, script: [echo]}
blocking: {rules: [{when: manual}], script: [echo]}
needing: {needs: [optional], script: [echo]}
last: {stage: deploy, script: [echo]}
`;
  const left = await tryPipeline(yaml);
  expect([left.status, ...statuses(left)]).toEqual([
    'manual',
    'optional manual',
    'blocking manual',
    'needing skipped',
    'last created',
  ]);
  const played = await tryPipeline(yaml, { played: ['optional', 'blocking'] });
  expect([played.status, ...new Set(played.jobs.map(({ status }) => status))]).toEqual([
    'success',
    'success',
  ]);
});

test('a job with nothing to do is skipped with its pipeline', async () => {
  expect((await tryPipeline('job: {when: on_failure, script: [echo]}')).status).toBe('skipped');
});

test('rules choose by the first that holds, with its settings', async () => {
  const pipeline = await tryPipeline(
    `
a: {rules: [{if: $NONE}, {if: $X == "x", when: never}, {when: always}], script: [echo]}
b: {rules: [{if: $X, allow_failure: true, variables: {Y: rule}}], script: ['echo $Y', exit 1]}
c: {rules: [{if: $NONE}], script: [echo]}
d: {rules: [{if: $X =~ $X}], script: [echo]}
e: {rules: [{when: on_failure}], stage: deploy, script: [echo]}
f: {rules: [{if: $OWN == "own"}], variables: {OWN: own}, stage: deploy, script: [echo]}
g: {when: never, script: [echo]}
`.replaceAll(/if: (.*?)(?=[,}])/gu, "if: '$1'"),
    { variables: { X: 'x' } },
  );
  expect(statuses(pipeline)).toEqual([
    'b failed',
    'f success',
    'a not-created',
    'c not-created',
    'd not-created',
    'e skipped',
    'g not-created',
  ]);
  expect(output(pipeline, 'b')).toEqual(['rule']);
  expect(pipeline.status).toBe('success');
});

const mergeRequest = { predefined: { CI_MERGE_REQUEST_IID: '7', CI_PIPELINE_SOURCE: 'parent_pipeline' } };

test('in a merge request jobs without rules are left out, unless the workflow has rules', async () => {
  const yaml = 'a: {script: [echo]}\nb: {rules: [{if: "$CI_MERGE_REQUEST_IID"}], script: [echo]}\n';
  expect(statuses(await tryPipeline(yaml, mergeRequest))).toEqual(['b success', 'a not-created']);
  const all = `workflow: {rules: [{when: always}]}\n${yaml}`;
  expect(statuses(await tryPipeline(all, mergeRequest))).toEqual(['a success', 'b success']);
});

test.each([
  ['job: {script: [echo], needs: [none]}', 'undefined'],
  ['job: {script: [echo]}\nstages: []', 'stages is empty'],
  ['workflow: {rules: [{if: $NONE}]}\njob: {script: [echo]}', 'workflow rules'],
  ['workflow: {rules: [{when: never}]}\njob: {script: [echo]}', 'workflow rules'],
  ['job: {script: [echo]}', 'would have been empty'],
  [
    'a: {rules: [{if: $NONE}], script: [echo]}\nb: {needs: [a], rules: [{when: always}], script: [echo]}',
    'not in any previous stage',
  ],
  ['job: {rules: [{when: always}], trigger: {include: c.yml}}', 'trigger'],
  ['job: {rules: [{when: always}], script: [echo], parallel: 2}', 'parallel'],
  ['include: a.yml\njob: {script: [echo]}', 'include'],
  ['job: {only: [main], script: [echo]}', 'only and except'],
  ['job: {rules: [{changes: [a]}], script: [echo]}', 'changes'],
  ['job: {rules: [{when: always}], script: [echo], variables: {A: $CI_MERGE_REQUEST_IID}}', 'circular'],
])('no pipeline comes of %j', async (yaml, reason) => {
  await expect(
    tryPipeline(yaml, { ...mergeRequest, variables: { CI_MERGE_REQUEST_IID: '$A' } }),
  ).rejects.toThrow(reason);
});
