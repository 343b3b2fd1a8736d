import { expect, test } from 'vitest';
import { checkPipeline } from './check.ts';
import type { CheckOptions } from './check.ts';
import { isRefusal } from './finding.ts';
import type { FindingCode } from './finding.ts';

const sound = `
workflow: {rules: [{when: always}]}
stages: [build, publish]
variables: {REGISTRY: registry.example, DEPTH: 20}
.kaniko: {image: {name: k, entrypoint: ['']}, retry: {max: 1}, tags: [docker]}
a:
  extends: .kaniko
  stage: build
  script: [build a]
  artifacts: {reports: {dotenv: a.env}}
b:
  extends: .kaniko
  stage: build
  needs: [{job: a, artifacts: true}]
  script: [build b]
publish:
  stage: publish
  needs: [{job: a}, {job: gone, optional: true}]
  rules: [{if: '$CI_MERGE_REQUEST_IID'}]
  script: [publish]
child:
  stage: publish
  trigger: {include: [{artifact: child.yml, job: a}], strategy: depend}
`;

test.each<CheckOptions>([
  {},
  { context: 'root', tier: 'free' },
  { context: 'child', tier: 'premium' },
  { context: 'child-of-merge-request', tier: 'ultimate' },
])('a sound pipeline has no finding: %j', (options) => {
  expect(checkPipeline(sound, options)).toEqual([]);
});

interface Case {
  readonly yaml: string;
  readonly options?: CheckOptions;
}

const job = 'job: {script: [x]}\n';
const merge: CheckOptions = { context: 'child-of-merge-request' };
const many = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join('');
const jobs = (count: number): string => many(count, (index) => `j${index}: {script: [x]}\n`);
const withJob = (lines: string): Case => ({
  yaml: `job:\n  script: [x]\n${lines.replaceAll(/^/gmu, '  ')}\n`,
});

/** For each code a pipeline in which it is the only finding. */
const cases: Record<FindingCode, readonly Case[]> = {
  'yaml-syntax': [{ yaml: 'job: [' }],
  'yaml-line-break': [{ yaml: 'job: {script: ["\u2028"]}' }],
  'yaml-several-documents': [{ yaml: `${job}---\n${job}` }],
  'yaml-not-a-mapping': [{ yaml: '[]' }, { yaml: '' }],
  'yaml-too-large': [{ yaml: many(2000, (index) => `j${index}: {script: ["${'x'.repeat(1000)}"]}\n`) }],
  'yaml-too-deep': [{ yaml: `job: {script: [x], variables: {}, x: ${'['.repeat(99)}${']'.repeat(99)}}` }],
  'yaml-class-not-allowed': [{ yaml: 'job: {script: [x], x: 2024-01-01}' }],
  'artifact-too-large': [{ yaml: `${job}# ${'x'.repeat(5 * 1024 * 1024)}\n` }],
  'key-not-a-string': [{ yaml: 'yes: {script: [x]}\n' }, { yaml: '12: {script: [x]}\n' }],
  'duplicate-key': [{ yaml: `${job}${job}` }],
  'reference-invalid': [withJob('after_script: !reference {a: b}')],
  'reference-unknown': [withJob('after_script: !reference [.none, script]')],
  'reference-cycle': [{ yaml: `${job}.a: {x: !reference [.a, x]}\n` }],
  'extends-unknown': [withJob('extends: .none')],
  'extends-not-a-job': [{ yaml: '.a: text\njob: {extends: .a, script: [x]}' }],
  'extends-cycle': [{ yaml: 'job: {extends: job, script: [x]}' }],
  'extends-too-deep': [
    {
      yaml: `${many(11, (index) => `.l${index}: {extends: .l${index + 1}}\n`)}.l11: {a: b}\njob: {extends: .l0, script: [x]}`,
    },
  ],
  'pipeline-empty': [{ yaml: '{}' }, { yaml: 'stages: [build]' }],
  'pipeline-hidden-jobs-only': [{ yaml: '.job: {script: [x]}' }],
  'pipeline-edge-stages-only': [{ yaml: 'a: {stage: .pre, script: [x]}\nb: {stage: .post, script: [x]}' }],
  'stages-empty': [{ yaml: `stages: []\n${job}` }],
  'stages-invalid': [{ yaml: `stages: test\n${job}` }, { yaml: `stages: [test, 1]\n${job}` }],
  'too-many-jobs': [
    { yaml: jobs(501), options: { tier: 'free' } },
    { yaml: jobs(1501), options: { tier: 'premium' } },
    { yaml: jobs(2001), options: { tier: 'ultimate' } },
  ],
  'job-name-reserved': [{ yaml: `cache: {script: [x]}\n${job}` }, { yaml: 'pages: {script: [x]}' }],
  'job-name-too-long': [{ yaml: `${'n'.repeat(256)}: {script: [x]}` }, { yaml: '"": {script: [x]}' }],
  'job-without-script': [
    { yaml: 'job: {stage: test}' },
    { yaml: 'job: {script: []}' },
    { yaml: 'job: text' },
  ],
  'trigger-with-job-keys': [{ yaml: 'job: {trigger: {include: c.yml}, script: [x]}' }],
  'stage-unknown': [withJob('stage: release')],
  'too-many-tags': [withJob(`tags: [${many(50, (index) => `t${index}, `)}]`)],
  'need-unknown': [withJob('needs: [other]')],
  'need-hidden': [{ yaml: '.other: {script: [x]}\njob: {needs: [.other], script: [x]}' }],
  'need-later-stage': [{ yaml: 'a: {stage: build, needs: [b], script: [x]}\nb: {stage: test, script: [x]}' }],
  'need-duplicate': [{ yaml: `${job}b: {needs: [job, job], script: [x]}` }],
  'need-cycle': [
    { yaml: 'a: {needs: [b], script: [x]}\nb: {needs: [c], script: [x]}\nc: {needs: [a], script: [x]}' },
    withJob('needs: [job]'),
  ],
  'need-name-too-long': [
    { yaml: `${'n'.repeat(129)}: {script: [x]}\nb: {needs: [${'n'.repeat(129)}], script: [x]}` },
  ],
  'too-many-needs': [{ yaml: `${jobs(51)}b: {script: [x], needs: [${many(51, (index) => `j${index}, `)}]}` }],
  'need-without-artifacts': [{ yaml: `${job}b: {needs: [{job: job, artifacts: true}], script: [x]}` }],
  'dotenv-not-reported': [
    {
      yaml: 'a: {script: [x], artifacts: {paths: [a.env]}}\nb: {needs: [{job: a, artifacts: true}], script: [x]}',
    },
  ],
  'dependency-not-needed': [
    { yaml: `${job}a: {script: [x]}\nb: {needs: [a], dependencies: [job], script: [x]}` },
    { yaml: `${job}b: {needs: [], dependencies: [job], script: [x]}` },
  ],
  'dependency-unknown': [
    withJob('dependencies: [other]'),
    { yaml: 'a: {stage: build, dependencies: [b], script: [x]}\nb: {stage: test, script: [x]}' },
  ],
  'rules-empty': [withJob('rules: []'), { yaml: `workflow: {rules: []}\n${job}` }],
  'rules-with-only': [
    withJob('rules: [{when: always}]\nonly: [main]'),
    withJob('rules: [{when: always}]\nexcept: [main]'),
  ],
  'rule-expression-invalid': [
    withJob('rules: [{if: "$A = 1"}]'),
    { yaml: `workflow: {rules: [{if: "$A &&"}]}\n${job}` },
    { yaml: `workflow: {rules: [{if: '"a" =~ "b"'}]}\n${job}` },
  ],
  'rule-never-matches': [
    { ...withJob(`rules: [{if: '$CI_PIPELINE_SOURCE == "merge_request_event"'}]`), options: merge },
    { ...withJob(`rules: [{if: '$CI_PIPELINE_SOURCE == "push" && $A'}]`), options: { context: 'child' } },
    { ...withJob("rules: [{if: '$CI_COMMIT_BRANCH'}]"), options: merge },
    {
      yaml: `workflow: {rules: [{if: '$CI_PIPELINE_SOURCE =~ /push/'}]}\n${job}`,
      options: { context: 'child' },
    },
  ],
  // Always together with the job that the missing workflow leaves out, and so tested apart.
  'workflow-missing': [],
  'job-without-rules': [],
  'variable-name-invalid': [withJob('variables: {a-b: x}'), { yaml: `variables: {1A: x}\n${job}` }],
  'variable-value-invalid': [
    withJob('variables: {A: true}'),
    withJob('variables: {A: 1.0}'),
    withJob('variables: {A: [x]}'),
    withJob('variables: {A: }'),
    withJob('variables: [A]'),
    withJob('variables: {A: {value: no}}'),
    withJob('rules: [{variables: {A: off}}]'),
    { yaml: `variables: {A: null}\n${job}` },
    { yaml: `workflow: {rules: [{variables: {A: on}}]}\n${job}` },
  ],
  'variable-rewritten': [
    withJob('variables: {MODE: 0755}'),
    withJob('variables: {A: :b}'),
    withJob('variables: {A: {value: 1_0}}'),
  ],
  'variable-cycle': [{ yaml: 'variables: {A: $B}\njob: {script: [x], variables: {B: "${A}"}}' }],
};

const numbered = Object.entries(cases).flatMap(([code, each]) =>
  each.map((one, index) => [code, index, one] as const),
);

test.each(numbered)('%s, pipeline %i', (code, _, { yaml, options }) => {
  const findings = checkPipeline(yaml, options);
  expect([...new Set(findings.map((finding) => finding.code))]).toEqual([code]);
  for (const { message } of findings) expect(message).toMatch(/\S/u);
});

test('in the child of a merge request a job without rules is left out, for want of a workflow', () => {
  const codes = checkPipeline(`${job}other: {script: [x], rules: [{when: always}]}`, merge).map((each) => [
    each.code,
    each.job,
  ]);
  expect(codes).toEqual([
    ['workflow-missing', undefined],
    ['job-without-rules', 'job'],
  ]);
});

test.each<[string, CheckOptions]>([
  ['only of merge requests', merge],
  ['rules of its own', merge],
  ['no merge request', { context: 'child' }],
])('nothing is missing with %s', (what, options) => {
  const lines =
    { 'only of merge requests': 'only: [merge_requests]', 'rules of its own': 'rules: [{when: always}]' }[
      what
    ] ?? '';
  expect(checkPipeline(withJob(lines).yaml, options)).toEqual([]);
});

test.each<[string, CheckOptions]>([
  [`'$CI_PIPELINE_SOURCE == "parent_pipeline"'`, merge],
  [`'$CI_PIPELINE_SOURCE == "push" || $A'`, merge],
  ['$CI_COMMIT_BRANCH', { context: 'child' }],
  [`'$CI_PIPELINE_SOURCE == "merge_request_event"'`, { context: 'root' }],
])('a rule with %s can match in %j', (condition, options) => {
  expect(checkPipeline(withJob(`rules: [{if: ${condition}}]`).yaml, options)).toEqual([]);
});

test('limits are reached without a finding', () => {
  const name = 'n'.repeat(128);
  const yaml = `${jobs(49)}${name}: {script: [x]}
b: {script: [x], needs: [${name}, ${many(49, (index) => `j${index}, `)}], tags: [${many(49, (index) => `t${index}, `)}]}
${'m'.repeat(255)}: {script: [x]}`;
  expect(checkPipeline(yaml, { tier: 'free' })).toEqual([]);
});

test('what GitLab only does otherwise is no refusal', () => {
  const codes: FindingCode[] = ['duplicate-key', 'rule-never-matches', 'need-cycle', 'pipeline-empty'];
  expect(codes.map((code) => isRefusal({ code, message: '' }))).toEqual([false, false, true, true]);
});
