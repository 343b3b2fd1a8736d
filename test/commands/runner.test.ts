import { expect, test } from 'vitest';
import type { Verification } from '../../src/render/verification.ts';
import { cli, cliJson, type ComparisonJson } from '../support/cli.ts';
import { builderCall, generate, mergeRequest, runWithStandIn } from '../support/pipeline.ts';
import { createRepository } from '../support/repository.ts';

const config = `
runner:
  tags: [kubernetes]
  timeout: 1h 30m
  retry: 2
  requests: {cpu: 500m, memory: 2Gi}
  variables: {AFFECTED_CACHE: $CI_REGISTRY_IMAGE/cache, HTTPS_PROXY: "http://proxy:3128"}
images:
  big:
    runner:
      tags: [big, kubernetes]
      limits: {cpu: "4", memory: 16Gi}
      allowFailure: true
      variables: {AFFECTED_FLAG_1: --single-snapshot, HTTPS_PROXY: ""}
`;

async function pipelineOf(affected: string) {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  const files = { 'big/Dockerfile': 'FROM scratch\n', 'small/Dockerfile': 'FROM scratch\n' };
  await repository.commit({ ...files, 'affected.yml': affected });
  return { repository, yaml: await generate(repository, { base, env: mergeRequest }) };
}

test('what is set for all images, and over it for one', async () => {
  const { yaml } = await pipelineOf(config);
  const jobs = yaml.slice(yaml.indexOf('\nbig:build:'));
  expect(jobs).toMatchInlineSnapshot(`
    "
    big:build:
      extends: .kaniko-build
      stage: build
      tags: [big, kubernetes]
      timeout: "1h 30m"
      retry:
        max: 2
        when: [runner_system_failure, scheduler_failure, api_failure, data_integrity_failure]
      allow_failure: true
      needs: []
      variables:
        KUBERNETES_CPU_REQUEST: "500m"
        KUBERNETES_CPU_LIMIT: "4"
        KUBERNETES_MEMORY_REQUEST: "2Gi"
        KUBERNETES_MEMORY_LIMIT: "16Gi"
        AFFECTED_CACHE: $CI_REGISTRY_IMAGE/cache
        HTTPS_PROXY: ""
        AFFECTED_FLAG_1: "--single-snapshot"
        AFFECTED_IMAGE: big
        AFFECTED_CONTEXT: big
        AFFECTED_DOCKERFILE: big/Dockerfile
        AFFECTED_DESTINATION_1: $CI_REGISTRY_IMAGE/big:mr-$CI_MERGE_REQUEST_IID
        AFFECTED_DESTINATION_2: $CI_REGISTRY_IMAGE/big:mr-$CI_MERGE_REQUEST_IID-$CI_COMMIT_SHORT_SHA
        AFFECTED_REPOSITORY: $CI_REGISTRY_IMAGE/big
        AFFECTED_HANDOVER: AFFECTED_IMAGE_BIG

    big:scan:
      extends: .affected-scan
      stage: verify
      tags: [big, kubernetes]
      needs: [big:build]
      variables:
        AFFECTED_IMAGE: big
        AFFECTED_REPOSITORY: $CI_REGISTRY_IMAGE/big
        AFFECTED_HANDOVER: AFFECTED_IMAGE_BIG
        AFFECTED_ALLOW_FAILURE: "true"

    small:build:
      extends: .kaniko-build
      stage: build
      tags: [kubernetes]
      timeout: "1h 30m"
      retry:
        max: 2
        when: [runner_system_failure, scheduler_failure, api_failure, data_integrity_failure]
      needs: []
      variables:
        KUBERNETES_CPU_REQUEST: "500m"
        KUBERNETES_MEMORY_REQUEST: "2Gi"
        AFFECTED_CACHE: $CI_REGISTRY_IMAGE/cache
        HTTPS_PROXY: http://proxy:3128
        AFFECTED_IMAGE: small
        AFFECTED_CONTEXT: small
        AFFECTED_DOCKERFILE: small/Dockerfile
        AFFECTED_DESTINATION_1: $CI_REGISTRY_IMAGE/small:mr-$CI_MERGE_REQUEST_IID
        AFFECTED_DESTINATION_2: $CI_REGISTRY_IMAGE/small:mr-$CI_MERGE_REQUEST_IID-$CI_COMMIT_SHORT_SHA
        AFFECTED_REPOSITORY: $CI_REGISTRY_IMAGE/small
        AFFECTED_HANDOVER: AFFECTED_IMAGE_SMALL

    small:scan:
      extends: .affected-scan
      stage: verify
      tags: [kubernetes]
      needs: [small:build]
      variables:
        AFFECTED_IMAGE: small
        AFFECTED_REPOSITORY: $CI_REGISTRY_IMAGE/small
        AFFECTED_HANDOVER: AFFECTED_IMAGE_SMALL
    "
  `);
});

test('nothing is said of runners where nothing is set', async () => {
  const { yaml } = await pipelineOf('{}');
  expect(yaml).not.toMatch(/^ {2}(?:tags|timeout|retry|allow_failure):|KUBERNETES/m);
});

test('flags reach the builder, and refs that not everybody pushes to have a cache of their own', async () => {
  const { repository, yaml } = await pipelineOf(config);
  const flags = async (isProtected: string) => {
    const predefined = { CI_REGISTRY_IMAGE: 'r.example.com/g', CI_COMMIT_REF_PROTECTED: isProtected };
    const run = await runWithStandIn(yaml, repository, { predefined });
    return ['big', 'small'].map((image) =>
      builderCall(run, `${image}:build`).argv.filter((flag) => /^--(?:cache|single)/.test(flag)),
    );
  };
  const cache = (ref: string) => ['--cache=true', `--cache-repo=r.example.com/g/cache/${ref}`];
  expect(await flags('true')).toEqual([['--single-snapshot', ...cache('protected')], cache('protected')]);
  for (const other of ['false', '', 'yes'])
    expect(await flags(other)).toEqual([
      ['--single-snapshot', ...cache('unprotected')],
      cache('unprotected'),
    ]);
});

test('what is built afresh takes no layer that was built before', async () => {
  const { repository } = await pipelineOf(config);
  const env = { CI_PIPELINE_SOURCE: 'schedule' };
  const yaml = await generate(repository, { base: 'HEAD~1', env });
  const run = await runWithStandIn(yaml, repository);
  for (const image of ['big', 'small']) {
    expect(builderCall(run, `${image}:build`).argv.join(' ')).not.toContain('--cache');
  }
});

test('what is a mapping is merged key by key', async () => {
  const { yaml } = await pipelineOf(`
verify: {scan: false}
runner:
  requests: {cpu: "1", memory: 1Gi}
  limits: {memory: 2Gi}
  proxy: {http: "http://proxy:1", https: $CORPORATE_PROXY, no: [localhost, 10.0.0.0/8]}
  certificates: $CI_SERVER_TLS_CA_FILE
  mirrors: {docker.io: [mirror.example.com/hub, other:5000], quay.io: [mirror.example.com/quay], gcr.io: [g]}
images:
  "*": {runner: {requests: {memory: 3Gi}}}
  big:
    runner:
      limits: {cpu: "4"}
      proxy: {http: "", no: [.example.com]}
      certificates: etc/100%.pem
      mirrors: {docker.io: [mine:5000], gcr.io: []}
`);
  const jobs = yaml.slice(yaml.indexOf('\nbig:build:'));
  expect(jobs.match(/^ {4}(?:KUBERNETES|AFFECTED_(?:.*_PROXY|CERT|MIRROR)).*(?:\n {6}.*)*/gm)).toEqual([
    '    KUBERNETES_CPU_REQUEST: "1"',
    '    KUBERNETES_CPU_LIMIT: "4"',
    '    KUBERNETES_MEMORY_REQUEST: "3Gi"',
    '    KUBERNETES_MEMORY_LIMIT: "2Gi"',
    '    AFFECTED_HTTPS_PROXY: $CORPORATE_PROXY',
    '    AFFECTED_NO_PROXY: .example.com',
    '    AFFECTED_CERTIFICATES:\n      value: "etc/100%.pem"\n      expand: false',
    '    AFFECTED_MIRROR_1: "docker.io=mine:5000"',
    '    AFFECTED_MIRROR_2: "quay.io=mirror.example.com/quay"',
    '    KUBERNETES_CPU_REQUEST: "1"',
    '    KUBERNETES_MEMORY_REQUEST: "3Gi"',
    '    KUBERNETES_MEMORY_LIMIT: "2Gi"',
    '    AFFECTED_HTTP_PROXY: http://proxy:1',
    '    AFFECTED_HTTPS_PROXY: $CORPORATE_PROXY',
    '    AFFECTED_NO_PROXY: "localhost,10.0.0.0/8"',
    '    AFFECTED_CERTIFICATES:\n      value: $CI_SERVER_TLS_CA_FILE\n      expand: false',
    '    AFFECTED_MIRROR_1: "docker.io=mirror.example.com/hub"',
    '    AFFECTED_MIRROR_2: "docker.io=other:5000"',
    '    AFFECTED_MIRROR_3: "quay.io=mirror.example.com/quay"',
    '    AFFECTED_MIRROR_4: "gcr.io=g"',
  ]);
});

test('an image’s own build job counts more', async () => {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit({
    'a/Dockerfile': 'FROM scratch\n',
    'a/.gitlab-ci.yml': 'build: {tags: [mine], variables: {A: mine}}\n',
    'affected.yml': 'runner: {tags: [a], timeout: 1h, variables: {A: x, B: x}}\n',
  });
  const yaml = await generate(repository, { base });
  expect(yaml).toContain('\n  tags: [mine]\n');
  expect(yaml).toMatch(/ {4}B: x\n {4}A: mine\n| {4}A: mine\n {4}B: x\n/);
  expect(yaml).toContain('timeout: "1h"\n');
});

test('what a generated job brings can not be set', async () => {
  const repository = await createRepository();
  await repository.commit({ 'affected.yml': 'runner: {variables: {AFFECTED_BASE_1: x}}\n' });
  const { code, stdout } = await cli(repository.dir, ['check']);
  expect(code).toBe(1);
  expect(stdout).toContain('affected.yml:1:22: ');
});

test.each([
  ['variables: {A: "1"}', 1],
  ['variables: {A: "0"}', 0],
  ['tags: [b], variables: {A: "0"}', 0],
  // The same image, by another way.
  ['proxy: {https: "http://p:1"}, variables: {A: "0"}', 0],
  ['certificates: $CA, variables: {A: "0"}', 0],
  ['mirrors: {docker.io: [m]}, variables: {A: "0"}', 0],
])('another %s: affected and another fingerprint are one thing', async (now, number) => {
  const repository = await createRepository();
  const settings = (runner: string) => ({ 'affected.yml': `images: {a: {runner: {${runner}}}}\n` });
  const files = { 'a/Dockerfile': 'FROM scratch\n', 'b/Dockerfile': 'FROM scratch\n' };
  await repository.commit({ ...files, ...settings('variables: {A: "0"}') });
  await repository.commit({ ...settings(now), README: '' });
  const verified = await cliJson<Verification>(repository.dir, ['verify', '--base', 'HEAD~1']);
  expect(verified).toMatchObject({ affected: number, changed: number, disagreements: [], surplus: {} });
});

test('a file of certificates is no input, and belongs to no image on purpose', async () => {
  const repository = await createRepository();
  const named = 'runner: {certificates: etc/ca.pem}\nunowned: {policy: error}\n';
  await repository.commit({ 'a/Dockerfile': 'FROM scratch\n', 'affected.yml': named, 'etc/ca.pem': 'a' });
  await repository.commit({ 'etc/ca.pem': 'b' });
  const preview = await cliJson<ComparisonJson>(repository.dir, ['--base', 'HEAD~1']);
  expect([preview.affected, preview.unowned]).toEqual([[], []]);
  await repository.commit({ 'affected.yml': 'unowned: {policy: error}\n', 'etc/ca.pem': null });
  const without = await cliJson<ComparisonJson>(repository.dir, ['--base', 'HEAD~1']);
  expect([without.affected, without.unowned]).toEqual([[], []]);
});
