import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { handoverVariables } from '../../src/pipeline/build-job.ts';
import { type ChildPipeline, childPipeline } from '../../src/pipeline/child-pipeline.ts';
import { CiPlain } from '../../src/pipeline/ci-yaml.ts';
import { renderPipelineYaml } from '../../src/render/pipeline-yaml.ts';
import { checkPipeline } from '../support/gitlab/check.ts';
import { plan } from '../support/plan.ts';
import { runs } from '../support/runs.ts';

function jobOf(pipeline: ChildPipeline, name: string) {
  const job = pipeline.jobs.find((candidate) => candidate.name === name);
  if (!job) throw new Error(`no job ${name} among ${pipeline.jobs.map((each) => each.name).join(', ')}`);
  return job.definition;
}

describe('build jobs', () => {
  test('need only the bases this pipeline builds, and get only their digests', () => {
    const files = {
      'a/Dockerfile': 'FROM scratch\n',
      'b/Dockerfile': 'FROM scratch\n',
      'c/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/a\nCOPY --from=b / /\n',
    };
    const job = jobOf(childPipeline(plan(files, { affected: ['b', 'c'] })), 'c:build');
    expect(job['needs']).toEqual(['b:build']);
    expect(job['variables']).toMatchObject({ AFFECTED_BASE_1: '3:13:AFFECTED_IMAGE_B:b' });
    expect(job['variables']).not.toHaveProperty('AFFECTED_BASE_2');
  });

  test('columns count bytes, as the shell tools of the job do', () => {
    const files = {
      'a/Dockerfile': 'FROM scratch\n',
      'b/Dockerfile': 'FROM scratch\nRUN --mount=target=/ü,from=a true\n',
    };
    const variables = jobOf(childPipeline(plan(files)), 'b:build')['variables'];
    expect(variables).toMatchObject({ AFFECTED_BASE_1: '2:29:AFFECTED_IMAGE_A:a' });
  });

  test('a base that only an inherited ONBUILD names is refused', () => {
    const files = {
      'tool/Dockerfile': 'FROM scratch\n',
      'base/Dockerfile': 'FROM scratch\nONBUILD COPY --from=tool / /\n',
      'app/Dockerfile': 'FROM base\n',
    };
    expect(() => plan(files)).toThrow(
      /^app\/Dockerfile:1: an ONBUILD of its base image takes files from "tool"/,
    );
    expect(() => plan(files, { affected: ['base', 'app'] })).toThrow('takes files from "tool"');
    expect(plan(files, { affected: ['tool', 'base'] }).builds).toHaveLength(2);
  });

  test('a newer push cancels only the pipelines of merge requests', () => {
    const files = { 'a/Dockerfile': 'FROM scratch\n' };
    expect(childPipeline(plan(files)).default).toEqual({
      interruptible: true,
    });
    expect(childPipeline(plan(files, { publication: 'default-branch' })).default).toEqual({
      interruptible: false,
    });
  });

  test('an unknown template is refused', () => {
    expect(() => plan({ 'a/Dockerfile': 'FROM scratch\n' }, { template: '.gone' })).toThrow(
      'built by the hidden job ".gone", which no file in ci-templates/ defines',
    );
  });

  test('a name too long for GitLab is refused', () => {
    expect(plan({ [`${'a'.repeat(122)}/Dockerfile`]: 'FROM scratch\n' }).builds).toHaveLength(1);
    expect(() => plan({ [`${'a'.repeat(123)}/Dockerfile`]: 'FROM scratch\n' })).toThrow('has 129 characters');
  });
});

describe('an image’s own jobs', () => {
  const image = { 'base/Dockerfile': 'FROM scratch\n', 'a/Dockerfile': 'FROM base\n' };
  const own = (text: string) => childPipeline(plan({ ...image, 'a/.gitlab-ci.yml': text }));

  test('"build" is merged over the generated job, which keeps its needs', () => {
    const job = jobOf(
      own(
        'build: {tags: [big], needs: [lint], variables: {X: "1"}}\nlint: {stage: build, script: a, needs: []}\n',
      ),
      'a:build',
    );
    expect(job).toMatchObject({ extends: '.kaniko-build', tags: ['big'], needs: ['base:build', 'a:lint'] });
    expect(
      jobOf(own('build: {needs: [lint]}\nlint: {stage: build, script: a}\n'), 'a:lint')['needs'],
    ).toBeUndefined();
    expect(job['variables']).toMatchObject({ X: '1', AFFECTED_IMAGE: 'a' });
  });

  test('"build" can’t leave its stage', () => {
    expect(() => own('build: {stage: test}\n')).toThrow('the job "build" must stay in the stage "build"');
  });

  test.each([
    ['x: {script: a}\n', [{ when: 'on_success' }]],
    ['x: {script: a, when: manual}\n', [{ when: 'manual', allow_failure: true }]],
    ['x: {script: a, when: manual, allow_failure: false}\n', [{ when: 'manual' }]],
    [
      'x: {script: a, when: delayed, start_in: 5 minutes}\n',
      [{ when: 'delayed', start_in: new CiPlain('5 minutes') }],
    ],
    ['x: {script: a, rules: [{when: never}]}\n', [{ when: 'never' }]],
    ['.h: {rules: [{when: never}]}\nx: {script: a, extends: .h}\n', undefined],
    ['x: {script: a, extends: .kaniko-build}\n', undefined],
  ])('get rules where they have none, or GitLab would not create them: %j', (text, rules) => {
    const job = jobOf(own(text), 'a:x');
    expect(job['rules']).toEqual(rules);
    expect(job['when']).toBeUndefined();
  });

  test('a template without rules gets them in each job', () => {
    const pipeline = childPipeline(plan({ 'a/Dockerfile': 'FROM scratch\n' }, { template: '.bare' }));
    expect(jobOf(pipeline, 'a:build')['rules']).toEqual([{ when: 'on_success' }]);
  });

  test('stages stand in the order of their use, after build and test, deploy behind all that tests', () => {
    expect(
      own('x: {stage: deploy, script: a}\ny: {stage: audit, script: a}\nz: {script: a}\n').stages,
    ).toEqual(['build', 'test', 'audit', 'deploy']);
    expect(own('.h: {stage: deploy}\nx: {extends: .h, script: a}\n').stages).toEqual(['build', 'deploy']);
    expect(own('x: {stage: .post, script: a}\n').stages).toEqual(['build']);
  });

  test.each([
    ['x: {stage: .pre, script: a}\n', 'The job "a:x" needs "a:build", which stands in a later stage'],
    [
      'x: {stage: one, script: a, needs: [y]}\ny: {stage: two, script: a}\n',
      'The job "a:x" needs "a:y", which stands in a later stage',
    ],
  ])('a need in a later stage is refused: %j', (text, message) => {
    expect(() => own(text)).toThrow(message);
  });

  test('only the hidden jobs that are used are part of the pipeline', () => {
    const { hidden } = own('.used: {image: a}\n.unused: {image: b}\nx: {extends: .used, script: a}\n');
    expect(hidden.map(({ name, file }) => [name, file])).toEqual([
      ['.a:used', 'a/.gitlab-ci.yml'],
      ['.kaniko-build', 'ci-templates/kaniko.yml'],
    ]);
  });
});

describe('what GitLab would refuse is refused', () => {
  const image = { 'a/Dockerfile': 'FROM scratch\n', 'b/Dockerfile': 'FROM a\n' };
  test.each([
    [
      'x: {extends: .nope, script: a}\n',
      'a/.gitlab-ci.yml: the job "a:x" extends ".nope", which is defined neither',
    ],
    ['build: {extends: .nope}\n', 'the job "a:build" extends ".nope"'],
    ['.h: {extends: .h}\nx: {extends: .h, script: a}\n', 'extends ".a:h", which extends itself'],
    ['x: {script: [!reference [.gone, script]]}\n', 'uses !reference [.gone, script], which leads nowhere'],
    ['x: {stage: test}\n', 'has no script'],
    ['x: {script: a}\ny: {script: a, needs: [x, {job: x}]}\n', 'the job "a:y" needs "a:x" twice'],
    ['x: {script: [echo "a: $(date)"]}\n', 'has a line in "script" that YAML reads as a mapping'],
    ['x: {script: a, stage: 5}\n', 'has a stage that is no name'],
    ['build: {only: [main]}\n', 'has "only" or "except", which do not go with the "rules"'],
    [
      'x: {script: a, needs: [y]}\nw: {script: a, needs: [x]}\ny: {script: a, needs: [w]}\n',
      'needs itself through the jobs it needs',
    ],
    [
      'build: {rules: [{if: $X}]}\n',
      'the job "build" has "rules" that may leave it out, but "b" is built from it',
    ],
    [`${'x'.repeat(130)}: {script: a}\n`, 'has a name of 132 characters'],
  ])('%j', (text, message) => {
    expect(() => childPipeline(plan({ ...image, 'a/.gitlab-ci.yml': text }))).toThrow(message);
  });
});

describe('jobs of an image wait for each other as stages would have it', () => {
  const needs = (text: string, name: string) =>
    jobOf(childPipeline(plan({ 'a/Dockerfile': 'FROM scratch\n', 'a/.gitlab-ci.yml': text })), name)['needs'];
  const scan = 'scan: {stage: test, script: a}\n';

  test.each([
    [`${scan}deliver: {stage: deploy, script: a}\n`, ['a:build', 'a:scan']],
    [`${scan}deliver: {stage: .post, script: a}\n`, ['a:build', 'a:scan']],
    [`${scan}deliver: {stage: deploy, script: a, needs: []}\n`, ['a:build']],
    [`${scan}deliver: {stage: deploy, script: a, dependencies: [scan]}\n`, ['a:build', 'a:scan']],
    [
      'scan: {script: a, rules: [{if: $X}]}\ndeliver: {stage: deploy, script: a}\n',
      ['a:build', { job: 'a:scan', optional: true }],
    ],
    ['scan: {script: a, when: manual}\ndeliver: {stage: deploy, script: a}\n', ['a:build']],
    [
      '.m: {when: manual}\nscan: {script: a, extends: .m}\ndeliver: {stage: deploy, script: a}\n',
      ['a:build'],
    ],
  ])('%j', (text, expected) => {
    expect(needs(text, 'a:deliver')).toEqual(expected);
  });

  test('a manual job stays manual, however it came to be', () => {
    const files = {
      'a/Dockerfile': 'FROM scratch\n',
      'a/.gitlab-ci.yml': '.m: {when: manual}\nx: {script: a, extends: .m}\nbuild: {when: manual}\n',
    };
    const pipeline = childPipeline(plan(files));
    const manual = [{ when: 'manual', allow_failure: true }];
    expect(jobOf(pipeline, 'a:x')['rules']).toEqual(manual);
    expect(jobOf(pipeline, 'a:build')['rules']).toEqual(manual);
  });

  test('variables of the file count less than those a job inherits', () => {
    const text =
      'variables: {A: top, B: top, C: top}\n.h: {variables: {A: hidden}}\nx: {script: a, extends: .h, variables: {B: own}}\n';
    const pipeline = childPipeline(plan({ 'a/Dockerfile': 'FROM scratch\n', 'a/.gitlab-ci.yml': text }));
    expect(jobOf(pipeline, 'a:x')['variables']).toEqual({ B: 'own', C: 'top' });
    expect(jobOf(pipeline, 'a:build')['variables']).toMatchObject({ A: 'top', AFFECTED_IMAGE: 'a' });
  });

  test('"build" may extend more hidden jobs', () => {
    const text = '.h: {tags: [big]}\nbuild: {extends: .h}\n';
    const pipeline = childPipeline(plan({ 'a/Dockerfile': 'FROM scratch\n', 'a/.gitlab-ci.yml': text }));
    expect(jobOf(pipeline, 'a:build')['extends']).toEqual(['.kaniko-build', '.a:h']);
  });
});

test('a bare name is given in full, also where this pipeline does not build the image', () => {
  const files = {
    'a/Dockerfile': 'FROM scratch\n',
    'b/Dockerfile': 'FROM a:1.2 AS x\nFROM a\nCOPY --from=x / /\n',
  };
  const variables = jobOf(childPipeline(plan(files, { affected: ['b'] })), 'b:build')['variables'];
  expect(variables).toMatchObject({
    AFFECTED_BASE_1: '2:6:AFFECTED_PUBLISHED_1:a',
    AFFECTED_BASE_2: '1:6:AFFECTED_PUBLISHED_2:a:1.2',
    AFFECTED_PUBLISHED_1: '$CI_REGISTRY_IMAGE/a',
    AFFECTED_PUBLISHED_2: '$CI_REGISTRY_IMAGE/a:1.2',
  });
});

test('handover variables are distinct for distinct images', () => {
  expect([...handoverVariables(['a-b', 'a_b', 'a/b', 'a.b2'])]).toEqual([
    ['a-b', 'AFFECTED_IMAGE_A_B'],
    ['a.b2', 'AFFECTED_IMAGE_A_B2'],
    ['a/b', 'AFFECTED_IMAGE_A_B_2'],
    ['a_b', 'AFFECTED_IMAGE_A_B_3'],
  ]);
});

test('any graph of images gives a pipeline GitLab takes, bases before what is built on them', () => {
  const graph = fc
    .integer({ min: 0, max: 12 })
    .chain((size) => fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: size, maxLength: size }));
  fc.assert(
    fc.property(graph, fc.func(fc.boolean()), (bases, isAffected) => {
      const files = Object.fromEntries(
        bases.map((needed, index) => [
          `i${index}/Dockerfile`,
          `FROM scratch\n${needed.map((base) => (index === 0 ? '' : `COPY --from=i${base % index} / /\n`)).join('')}`,
        ]),
      );
      const affected = bases.map((_, index) => `i${index}`).filter((name) => isAffected(name));
      const pipeline = childPipeline(plan(files, { affected }));
      const names = pipeline.jobs.map(({ name }) => name);
      expect(names).toHaveLength(Math.max(affected.length, 1));
      for (const [index, { definition }] of pipeline.jobs.entries()) {
        for (const need of (definition['needs'] ?? []) as string[])
          expect(names.slice(0, index)).toContain(need);
      }
      const yaml = renderPipelineYaml(pipeline, { header: [] });
      expect(checkPipeline(yaml, { context: 'child-of-merge-request' })).toEqual([]);
    }),
    { numRuns: runs(100) },
  );
});
