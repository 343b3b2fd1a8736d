import { describe, expect, test } from 'vitest';
import { childPipeline } from '../../src/pipeline/child-pipeline.ts';
import { plan } from '../support/plan.ts';

const onMain = { publication: 'default-branch' } as const;
const dockerfile = 'FROM scratch\n';

function jobsOf(...args: Parameters<typeof plan>) {
  const { jobs, stages } = childPipeline(plan(...args));
  const definitions = new Map(jobs.map(({ name, definition }) => [name, definition]));
  return { stages, of: (name: string) => definitions.get(name) };
}

/** What the job that publishes `a` needs, with the image's own jobs as written. */
function needsWith(own: string) {
  const files = { 'a/Dockerfile': dockerfile, 'a/.gitlab-ci.yml': own };
  return jobsOf(files, onMain).of('a:publish')?.['needs'];
}

describe('tags wait for', () => {
  test.each<[string, string, unknown[]]>([
    ['a job that is manual on other branches', 'rules: [{if: $X, when: manual}, {when: on_success}]', ['?']],
    [
      'a word that only looks like it',
      'rules: [{when: on_success, variables: {MODE: manual}}]',
      [{ job: 'a:x', optional: true }],
    ],
    ['a person, where that holds the pipeline up', 'rules: [{when: manual}]', ['?']],
    ['the same, said otherwise', 'when: manual, allow_failure: false', ['?']],
    ['nobody whom nothing waits for', 'when: manual', []],
    ['nor a job that runs after failures alone', 'when: on_failure', []],
    ['nor by a rule', 'rules: [{if: $X, when: on_failure}, {when: never}]', []],
  ])('%s', (_, keywords, expected) => {
    const needs = needsWith(`x: {script: a, ${keywords}}\n`) as unknown[];
    const own = needs.slice(1);
    expect(own.length).toBe(expected.length);
    if (expected[0] !== '?') expect(own).toEqual(expected);
  });

  test('the jobs of an image, whatever stage another image’s jobs wait for tags in', () => {
    const files = {
      'x/Dockerfile': dockerfile,
      'y/Dockerfile': dockerfile,
      'y/.gitlab-ci.yml': 'check: {stage: check, script: a}\n',
    };
    const waiting = { 'x/.gitlab-ci.yml': 'told: {needs: [publish], script: a}\n' };
    const { of, stages } = jobsOf({ ...files, ...waiting }, onMain);
    expect(of('y:publish')?.['needs']).toEqual(['y:build', 'y:check']);
    expect(stages).toEqual(['build', 'check', 'publish']);
    const mixed = { 'x/.gitlab-ci.yml': 'told: {stage: check, needs: [publish], script: a}\n' };
    expect(() => jobsOf({ ...files, ...mixed }, onMain)).toThrow(
      'The job "x:told" needs "x:publish", which stands in a later stage',
    );
  });
});

test('an image that may fail is not published whatever a scan finds', () => {
  const { of } = jobsOf(
    { 'a/Dockerfile': dockerfile },
    {
      ...onMain,
      verify: { scan: '.affected-scan', sbom: '.affected-sbom' },
      sign: '.affected-sign',
      images: { a: { runner: { allowFailure: true } } },
    },
  );
  for (const job of ['a:scan', 'a:sbom', 'a:sign']) {
    expect(of(job)).not.toHaveProperty('allow_failure');
    // Where there is nothing to verify, they have nothing to say.
    expect(of(job)?.['variables']).toMatchObject({ AFFECTED_ALLOW_FAILURE: 'true' });
  }
  expect(of('a:publish')).toMatchObject({ allow_failure: true });
});

test('a build that rules may leave out takes what follows it with it', () => {
  const own = 'build: {rules: [{if: $X, when: manual, allow_failure: true}, {when: never}]}\n';
  const files = { 'a/Dockerfile': dockerfile, 'a/.gitlab-ci.yml': own };
  const { of } = jobsOf(files, { ...onMain, verify: { scan: '.affected-scan', sbom: false } });
  for (const job of ['a:scan', 'a:publish']) {
    expect(of(job)).toMatchObject({ rules: [{ if: '$X', when: 'on_success' }, { when: 'never' }] });
  }
});

test('a step whose template has rules is refused: it could be missing where others need it', () => {
  const verify = { scan: '.ruled', sbom: false } as const;
  expect(() => plan({ 'a/Dockerfile': dockerfile }, { ...onMain, verify })).toThrow(
    'ci-templates/ruled.yml: ".ruled" has rules that may leave the job "a:scan" out',
  );
});

describe('an image that was verified before', () => {
  const digest = `sha256:${'1'.repeat(64)}`;

  test('is published without the jobs its publication waited for', () => {
    const own = 'gate: {script: a}\npublish: {needs: [gate]}\n';
    const files = { 'a/Dockerfile': dockerfile, 'a/.gitlab-ci.yml': own };
    const registryImages = { reused: new Map([['a', { digest, verified: true }]]) };
    expect(jobsOf(files, { ...onMain, registryImages }).of('a:publish')?.['needs']).toEqual([]);
  });

  test('and has no tag here, has no job', () => {
    const registryImages = { reused: new Map([['a', { digest, verified: true }]]) };
    const tags = { mergeRequest: [], branch: [], defaultBranch: [], release: [] };
    const { steps } = plan({ 'a/Dockerfile': dockerfile }, { ...onMain, registryImages, tags });
    expect(steps.get('a')).toEqual([]);
  });

  test('but one that was not is verified by its own jobs too', () => {
    const files = { 'a/Dockerfile': dockerfile, 'a/.gitlab-ci.yml': 'check: {script: a}\n' };
    const registryImages = { reused: new Map([['a', { digest, verified: false }]]) };
    const { of } = jobsOf(files, { ...onMain, registryImages });
    expect(of('a:check')?.['needs']).toEqual(['a:reuse']);
    expect(of('a:publish')?.['needs']).toEqual(['a:reuse', 'a:check']);
  });
});
