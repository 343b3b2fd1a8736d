import { describe, expect, test } from 'vitest';
import type { Image } from '../../src/images/image.ts';
import { CiPlain, CiReference, parseCiFile } from '../../src/pipeline/ci-yaml.ts';
import type { Step } from '../../src/pipeline/job-names.ts';
import { imageJobs } from '../../src/pipeline/image-jobs.ts';

const image: Image = {
  name: 'pyspark',
  repository: 'pyspark',
  variant: undefined,
  tags: [],
  directory: 'pyspark',
  dockerfile: 'pyspark/Dockerfile',
  context: 'pyspark',
  target: undefined,
  args: {},
  sharedArgs: new Map<string, undefined>(),
  argsFiles: [],
  template: '.kaniko-build',
  verify: { scan: false, sbom: false, test: false },
  inputs: [],
  keyedInputs: [],
  registry: '$CI_REGISTRY_IMAGE',
};

function read(text: string, steps: readonly Step[] = ['build']) {
  return imageJobs(image, parseCiFile(text, 'pyspark/.gitlab-ci.yml'), {
    steps: new Set(steps),
    reserved: new Set(['build', 'publish']),
    isVerified: false,
  });
}

describe('names', () => {
  test('jobs and hidden jobs are prefixed, wherever the file uses them', () => {
    const { jobs, hidden } = read(`
.setup: {image: python, variables: {A: "1"}}
lint:
  extends: [.setup, .from-ci-templates]
  script: [!reference [.setup, script], !reference [.elsewhere, script], lint]
test:
  extends: .setup
  needs: [lint, {job: lint, artifacts: false}, {pipeline: $PARENT, job: other}]
  dependencies: [lint]
`);
    expect(hidden.map(({ name }) => name)).toEqual(['.pyspark:setup']);
    expect(jobs.map(({ name, definition }) => [name, definition])).toEqual([
      [
        'pyspark:lint',
        {
          extends: ['.pyspark:setup', '.from-ci-templates'],
          script: [
            new CiReference(['.pyspark:setup', 'script']),
            new CiReference(['.elsewhere', 'script']),
            'lint',
          ],
          needs: ['pyspark:build'],
        },
      ],
      [
        'pyspark:test',
        {
          extends: '.pyspark:setup',
          needs: [
            'pyspark:build',
            'pyspark:lint',
            { job: 'pyspark:lint', artifacts: new CiPlain('false') },
            { pipeline: '$PARENT', job: 'other' },
          ],
          dependencies: ['pyspark:lint'],
        },
      ],
    ]);
  });

  test('anchors and merge keys work', () => {
    const { jobs } = read('.base: &base {image: a}\nx:\n  <<: *base\n  script: &s [one]\ny: {script: *s}\n');
    expect(jobs.map(({ definition }) => definition)).toEqual([
      { image: 'a', script: ['one'], needs: ['pyspark:build'] },
      { script: ['one'], needs: ['pyspark:build'] },
    ]);
  });

  test('a need on the build is not added twice', () => {
    expect(read('x: {script: a, needs: [build]}').jobs[0]?.definition['needs']).toEqual(['pyspark:build']);
    expect(
      read('x: {script: a, needs: [{job: build, artifacts: true}]}').jobs[0]?.definition['needs'],
    ).toEqual([{ job: 'pyspark:build', artifacts: new CiPlain('true') }]);
  });
});

test('top-level variables are kept apart, as a job may have them: a value, and whether it is expanded', () => {
  const { jobs, steps, variables } = read(
    'variables: {A: top, B: {value: b, description: d, options: [b]}, C: {value: $x, expand: false}}\nx: {script: a}\nbuild: {tags: [big]}\n',
  );
  expect(variables).toEqual({ A: 'top', B: 'b', C: { value: '$x', expand: new CiPlain('false') } });
  expect(jobs[0]?.definition).toEqual({ script: 'a', needs: ['pyspark:build'] });
  expect(steps.get('build')).toEqual({ tags: ['big'] });
});

test('needs are found where GitLab would find them', () => {
  const { jobs } = read(
    '.h: {needs: [one]}\none: {script: a}\ntwo: {extends: .h, script: a}\nthree: {script: a, needs: !reference [.h, needs]}\nfour: {script: a, dependencies: [one]}\n',
  );
  expect(jobs.map(({ name, definition, ordered }) => [name, definition['needs'], ordered])).toEqual([
    ['pyspark:one', ['pyspark:build'], true],
    ['pyspark:two', ['pyspark:build', 'pyspark:one'], false],
    ['pyspark:three', ['pyspark:build', 'pyspark:one'], false],
    ['pyspark:four', ['pyspark:build', 'pyspark:one'], true],
  ]);
});

describe('what an image’s file may not hold', () => {
  test.each([
    ['stages: [a]\n', 'pyspark/.gitlab-ci.yml:1:1: "stages" can\'t stand here'],
    ['x: {script: a}\ninclude: other.yml\n', 'pyspark/.gitlab-ci.yml:2:1: "include" can\'t stand here'],
    ['default: {image: a}\n', '"default" can\'t stand here'],
    ['workflow: {rules: []}\n', '"workflow" can\'t stand here'],
    ['x: 1\n', '"x" can\'t stand here'],
    [
      'x: {script: a, needs: [gone]}\n',
      'pyspark/.gitlab-ci.yml:1:1: needs "gone", which this file does not define',
    ],
    [
      'x: {script: a, needs: !reference [.gone, needs], stage: b}\ny: {script: a, needs: x}\n',
      '"needs" is a list of jobs',
    ],
    [
      'x: {script: a, needs: [!reference [.a, needs]]}\n',
      'a !reference inside of "needs" can\'t be followed',
    ],
    ['x: {script: a\n', /^pyspark\/\.gitlab-ci\.yml:\d+:\d+: /],
    ['- x\n', 'a CI file is a mapping of job names to jobs'],
    ['x: {script: a}\nx: {script: b}\n', /^pyspark\/\.gitlab-ci\.yml:2:1: /],
  ])('%j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test('an empty file is fine', () => {
    expect(read('# nothing\n')).toEqual({
      file: 'pyspark/.gitlab-ci.yml',
      variables: {},
      steps: new Map(),
      jobs: [],
      hidden: [],
    });
  });
});
