import { describe, expect, test } from 'vitest';
import { childPipeline } from '../../src/pipeline/child-pipeline.ts';
import { plan } from '../support/plan.ts';

const chain = { 'base/Dockerfile': 'FROM scratch\n', 'app/Dockerfile': 'FROM base\n' };
const VERIFY = { scan: '.affected-scan', sbom: '.affected-sbom' };
const onMain = { publication: 'default-branch', verify: VERIFY } as const;

function jobsOf(...args: Parameters<typeof plan>) {
  const { jobs, stages } = childPipeline(plan(...args));
  const definitions = new Map(jobs.map(({ name, definition }) => [name, definition]));
  return {
    names: [...definitions.keys()],
    stages,
    needs: (name: string) => definitions.get(name)?.['needs'],
    variables: (name: string) => definitions.get(name)?.['variables'],
    of: (name: string) => definitions.get(name),
  };
}

describe('on the default branch', () => {
  test('an image is built, verified and published, after what it is built from', () => {
    const { names, needs, stages } = jobsOf(chain, onMain);
    expect(names).toEqual([
      ...['base:build', 'base:scan', 'base:sbom', 'base:publish'],
      ...['app:build', 'app:scan', 'app:sbom', 'app:publish'],
    ]);
    expect(stages).toEqual(['build', 'verify', 'publish']);
    expect(needs('app:build')).toEqual(['base:build']);
    expect(needs('app:scan')).toEqual(['app:build']);
    expect(needs('app:publish')).toEqual(['app:build', 'app:scan', 'app:sbom', 'base:publish']);
  });

  test('the build pushes a candidate alone, and tags are for the job that publishes', () => {
    const { variables, of } = jobsOf({ 'a/Dockerfile': 'FROM scratch\n' }, onMain);
    expect(variables('a:build')).toMatchObject({
      AFFECTED_DESTINATION_1: '$CI_REGISTRY_IMAGE/a:candidate-pipeline-42',
    });
    expect(variables('a:build')).not.toHaveProperty('AFFECTED_DESTINATION_2');
    expect(of('a:publish')).toMatchObject({
      resource_group: 'affected/a',
      variables: {
        AFFECTED_REPOSITORY: '$CI_REGISTRY_IMAGE/a',
        AFFECTED_HANDOVER: 'AFFECTED_IMAGE_A',
        AFFECTED_BRANCH_TAG_1: 'latest',
        AFFECTED_MARKER: 'commit-$CI_COMMIT_SHA',
      },
    });
  });

  test('a structure test is run where there is one', () => {
    const files = { ...chain, 'app/structure-test.yaml': 'schemaVersion: 2.0.0\n' };
    const { names, variables, needs } = jobsOf(files, onMain);
    expect(names.filter((name) => name.endsWith(':structure-test'))).toEqual(['app:structure-test']);
    expect(variables('app:structure-test')).toMatchObject({
      AFFECTED_STRUCTURE_TEST: 'app/structure-test.yaml',
    });
    expect(needs('app:publish')).toContain('app:structure-test');
  });

  test('signing comes before the tags', () => {
    const { needs, stages } = jobsOf(chain, { ...onMain, sign: '.affected-sign' });
    expect(needs('base:sign')).toEqual(['base:build', 'base:scan', 'base:sbom']);
    expect(needs('base:publish')).toEqual(['base:build', 'base:scan', 'base:sbom', 'base:sign']);
    expect(stages).toEqual(['build', 'verify', 'sign', 'publish']);
  });

  test('without a key, a job of the pipeline above signs and publishes', () => {
    const { names } = jobsOf(chain, { ...onMain, sign: 'keyless' });
    expect(names.filter((name) => /publish|sign/.test(name))).toEqual([]);
  });

  test('the image’s own jobs verify it too, but for those that wait for its tags or a person', () => {
    const own = `
smoke: {script: a}
tried: {script: a, when: manual}
perhaps: {script: a, rules: [{if: $X}]}
deploy: {stage: deploy, script: a}
told: {script: a, needs: [publish], stage: later}
`;
    const { needs, stages } = jobsOf(
      { 'a/Dockerfile': 'FROM scratch\n', 'a/.gitlab-ci.yml': own },
      { ...onMain, verify: { scan: false, sbom: false } },
    );
    expect(needs('a:publish')).toEqual(['a:build', 'a:smoke', { job: 'a:perhaps', optional: true }]);
    expect(needs('a:deploy')).toContain('a:publish');
    expect(needs('a:told')).toEqual(['a:build', 'a:publish']);
    expect(stages).toEqual(['build', 'test', 'publish', 'deploy', 'later']);
  });

  test('more bases than a job may need are waited for through others', () => {
    const bases = ['a', 'b', 'c', 'd', 'e', 'f'];
    const files = {
      ...Object.fromEntries(bases.map((name) => [`${name}/Dockerfile`, 'FROM scratch\n'])),
      'z/Dockerfile': `FROM scratch\n${bases.map((name) => `COPY --from=${name} / /\n`).join('')}`,
    };
    const { needs, of } = jobsOf(files, {
      ...onMain,
      verify: { scan: false, sbom: false },
      limits: { needs: 4 },
    });
    expect(needs('z:publish')).toEqual(['z:build', 'z:publish-needs-1', 'z:publish-needs-2']);
    expect(needs('z:publish-needs-2')).toEqual(['e:publish', 'f:publish']);
    expect(of('z:publish-needs-1')).toMatchObject({ stage: 'publish', extends: '.affected-barrier' });
  });
});

describe('in a merge request', () => {
  test('an image is built and scanned, and nothing is published', () => {
    const { names } = jobsOf(chain, { verify: VERIFY });
    expect(names).toEqual(['base:build', 'base:scan', 'app:build', 'app:scan']);
  });

  test('jobs that wait for its publication are left out', () => {
    const own = 'told: {script: a, needs: [publish]}\nsmoke: {script: a}\n';
    const files = { 'a/Dockerfile': 'FROM scratch\n', 'a/.gitlab-ci.yml': own };
    expect(jobsOf(files).names).toEqual(['a:build', 'a:smoke']);
  });
});

test('the images of a release wait for all there is to verify', () => {
  const { needs, of } = jobsOf(chain, {
    verify: VERIFY,
    publication: { kind: 'tag', tag: 'v1.2.3', defaultBranch: 'main' },
  });
  expect(needs('app:publish')).toBeUndefined();
  expect(of('app:publish')).toMatchObject({ stage: 'publish', dependencies: ['app:build'] });
});

test('on a protected branch that publishes nothing, the tag of the fingerprint waits for verification', () => {
  const registryImages = { fingerprintTags: new Map([['base', ['h-1']]]) };
  const { variables } = jobsOf(chain, {
    affected: ['base'],
    publication: { kind: 'branch' },
    verify: VERIFY,
    registryImages,
  });
  expect(variables('base:build')).toMatchObject({
    AFFECTED_DESTINATION_2: expect.stringContaining('branch-') as string,
  });
  expect(variables('base:build')).not.toHaveProperty('AFFECTED_DESTINATION_3');
  expect(variables('base:publish')).toMatchObject({ AFFECTED_TAG_1: 'h-1' });
});

describe('what the registry has already', () => {
  const digest = `sha256:${'1'.repeat(64)}`;
  const own = 'smoke: {script: a}\ntold: {script: a, needs: [publish, smoke]}\n';
  const files = { ...chain, 'base/.gitlab-ci.yml': own };
  const has = (verified: boolean) => ({ reused: new Map([['base', { digest, verified }]]) });

  test('is published by its digest, and its dependents are built from that', () => {
    const { names, needs, variables } = jobsOf(files, { ...onMain, registryImages: has(true) });
    expect(names).toEqual([
      ...['base:publish', 'base:told'],
      ...['app:build', 'app:scan', 'app:sbom', 'app:publish'],
    ]);
    expect(needs('base:publish')).toEqual([]);
    expect(needs('base:told')).toEqual(['base:publish']);
    expect(variables('base:publish')).toMatchObject({
      AFFECTED_REFERENCE: `$CI_REGISTRY_IMAGE/base@${digest}`,
    });
    expect(needs('app:build')).toEqual([]);
    expect(variables('app:build')).toMatchObject({
      AFFECTED_PUBLISHED_1: `$CI_REGISTRY_IMAGE/base@${digest}`,
    });
  });

  test('in a merge request, gets its tags', () => {
    const { names, variables } = jobsOf(files, { verify: VERIFY, registryImages: has(true) });
    expect(names).toEqual(['base:reuse', 'app:build', 'app:scan']);
    expect(variables('base:reuse')).toMatchObject({ AFFECTED_TAG_1: 'mr-$CI_MERGE_REQUEST_IID' });
  });

  test('without being verified, is verified now', () => {
    const { names, needs } = jobsOf(files, { verify: VERIFY, registryImages: has(false) });
    expect(names).toEqual(['base:reuse', 'base:scan', 'base:smoke', 'app:build', 'app:scan']);
    expect(needs('base:smoke')).toEqual(['base:reuse']);
  });
});

test.each(['publish', 'scan'])('a job of one’s own can’t be called %s', (name) => {
  const files = {
    'a/Dockerfile': 'FROM scratch\n',
    'a/.gitlab-ci.yml': `x: {script: a}\n${name}: {script: a}\n`,
  };
  expect(() => plan(files, { verify: VERIFY })).toThrow(
    `a/.gitlab-ci.yml:2:1: "${name}" is the name of a generated job`,
  );
});

test('what stands under the name of a generated job is put over it', () => {
  const own = 'publish: {when: manual}\nscan: {allow_failure: true}\n';
  const { of } = jobsOf({ 'a/Dockerfile': 'FROM scratch\n', 'a/.gitlab-ci.yml': own }, onMain);
  expect(of('a:publish')).toMatchObject({
    extends: '.affected-publish',
    needs: ['a:build', 'a:scan', 'a:sbom'],
    rules: [{ when: 'manual', allow_failure: expect.anything() as unknown }],
  });
  expect(of('a:scan')).toMatchObject({ extends: '.affected-scan', needs: ['a:build'] });
});
