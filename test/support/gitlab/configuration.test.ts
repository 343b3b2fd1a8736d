import { expect, test } from 'vitest';
import { readConfiguration } from './configuration.ts';
import type { Job } from './job.ts';
import { toJson } from './value.ts';

function read(yaml: string): { job: Job; merged: unknown; codes: string[] } {
  const { configuration, findings } = readConfiguration(yaml);
  const job = configuration?.jobs.get('job');
  if (configuration === undefined || job === undefined) throw new Error('no job');
  return { job, merged: toJson(configuration.merged), codes: findings.map(({ code }) => code) };
}

test('extends merges mappings key by key and replaces lists', () => {
  const { merged } = read(`
.a: {script: [a], variables: {A: a, X: a}, image: {name: i, entrypoint: [x]}}
.b: {extends: .a, variables: {B: b, X: b}}
.c: {script: [c], variables: {C: c, X: c}}
job: {extends: [.b, .c], variables: {X: job}, image: {entrypoint: []}}
`);
  expect(merged).toMatchObject({
    job: {
      script: ['c'],
      variables: { A: 'a', B: 'b', C: 'c', X: 'job' },
      image: { name: 'i', entrypoint: [] },
    },
  });
});

test('null takes the place of an extended value', () => {
  expect(
    read('.a: {script: [a], variables: {A: a}}\njob: {extends: .a, variables: null}').job.variables.size,
  ).toBe(0);
});

test('references are resolved after extends, and nest', () => {
  const { job, codes } = read(`
.base: {script: [base]}
.lib: {extends: .base, rules: [{if: $A}]}
job:
  rules: [!reference [.lib, rules], {when: never}]
  script: [!reference [.lib, script], [[own]], !reference [.twice, script]]
.twice: {script: [!reference [.lib, script], last]}
`);
  expect(codes).toEqual([]);
  expect(job.script).toEqual(['base', 'own', 'base', 'last']);
  expect(job.rules?.map((rule) => rule.if ?? rule.when)).toEqual(['$A', 'never']);
});

test.each([
  ['extends-unknown', 'job: {extends: .none, script: [x]}'],
  ['extends-not-a-job', '.a: text\njob: {extends: .a, script: [x]}'],
  ['extends-cycle', '.a: {extends: job}\njob: {extends: .a, script: [x]}'],
  ['reference-unknown', 'job: {script: [!reference [.none, script]]}'],
  ['reference-unknown', '.a: text\njob: {script: [!reference [.a, b]]}'],
  [
    'reference-cycle',
    '.a: {script: !reference [.b, script]}\n.b: {script: !reference [.a, script]}\njob: {script: [x]}',
  ],
  ['reference-invalid', 'job: {script: [!reference text]}'],
  ['reference-invalid', 'job: {script: [!reference [.a, 1]]}'],
])('%s is found in %s', (code, yaml) => {
  expect(read(yaml).codes).toContain(code);
});

test.each([
  [10, []],
  [11, ['extends-too-deep']],
])('%d levels below a job that extends give %j', (levels, expected) => {
  const chain = Array.from({ length: levels }, (_, index) => `.l${index}: {extends: .l${index + 1}}`);
  const { codes } = read([...chain, `.l${levels}: {script: [x]}`, 'job: {extends: .l0}'].join('\n'));
  expect([...new Set(codes)]).toEqual(expected);
});

const defaults = `
default: {before_script: [default], after_script: [after], tags: [t], retry: 1, artifacts: {paths: [d]}}
variables: {A: 1}
`;

test.each([
  ['', ['default'], ['t'], true],
  ['before_script: [own]', ['own'], ['t'], true],
  ['before_script: []', [], ['t'], true],
  ['inherit: {default: false}', [], [], true],
  ['inherit: {default: [tags], variables: false}', [], ['t'], false],
  ['inherit: {variables: [A]}', ['default'], ['t'], ['A']],
])('with %j a job inherits before_script %j, tags %j and variables %j', (line, before, tags, inherited) => {
  const { job } = read(`${defaults}job:\n  script: [x]\n  ${line}\n`);
  expect([job.beforeScript, job.tags, job.inheritedVariables]).toEqual([before, tags, inherited]);
});

test('before_script at the top level is an older default', () => {
  expect(read('before_script: [old]\njob: {script: x}').job).toMatchObject({
    beforeScript: ['old'],
    script: ['x'],
  });
});

test.each([
  ['needs: [a]', [{ job: 'a', optional: false, artifacts: undefined }]],
  ['needs: [{job: a, optional: true, artifacts: false}]', [{ job: 'a', optional: true, artifacts: false }]],
  ['needs: []', []],
  ['needs: a', [{ job: 'a', optional: false, artifacts: undefined }]],
  ['needs: [{pipeline: $P, job: a}]', []],
  ['when: manual', undefined],
])('%s', (line, needs) => {
  expect(read(`job:\n  script: [x]\n  ${line}\n`).job.needs).toEqual(needs);
});

test.each([
  ['retry: 2', 2],
  ['retry: {max: 2}', 2],
  ['retry: {max: 2, when: script_failure}', 2],
  ['retry: {max: 2, when: [runner_system_failure]}', 0],
  ['retry: {when: always}', 0],
  ['tags: [t]', 0],
])('%s retries a failed script %d times', (line, retries) => {
  expect(read(`job:\n  script: [x]\n  ${line}\n`).job.retries).toBe(retries);
});

test.each([
  ['allow_failure: true', true],
  ['allow_failure: {exit_codes: 3}', [3]],
  ['allow_failure: {exit_codes: [3, 4]}', [3, 4]],
  ['when: always', undefined],
])('%s', (line, allowed) => {
  expect(read(`job:\n  script: [x]\n  ${line}\n`).job.allowFailure).toEqual(allowed);
});

test('variables are text as Ruby prints them, with their expansion', () => {
  const { job } = read(
    'job: {script: [x], variables: {A: 010, B: {value: $A, expand: false}, C: {}, D: true, E: :s, F: 7}}',
  );
  expect(Object.fromEntries(job.variables)).toEqual({
    A: { value: '8', expand: true },
    B: { value: '$A', expand: false },
    C: { value: '', expand: true },
    E: { value: 's', expand: true },
    F: { value: '7', expand: true },
  });
});
