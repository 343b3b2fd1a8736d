import { expect, test } from 'vitest';
import { builderCall } from '../../src/pipeline/builder-call.ts';
import { parseCiFile } from '../../src/pipeline/ci-yaml.ts';
import { parseTemplates } from '../../src/pipeline/templates.ts';

function callOf(job: string, templates = '') {
  const [entry] = parseCiFile(`job: ${job}`, 'x.yml').entries;
  return builderCall(entry?.value as never, parseTemplates(new Map([['ci-templates/x.yml', templates]])));
}

test.each([
  ['{image: ghcr.io/osscontainertools/kaniko:v1.28.3-debug}', 'kaniko'],
  ['{image: {name: martizih/kaniko, entrypoint: [""]}}', 'kaniko'],
  ['{image: "mirror.example.com/gcr/kaniko-project/executor:v1.23.2-debug"}', 'kaniko-google'],
  ['{image: registry.example.com/chainguard-dev/kaniko:1.25}', 'kaniko-chainguard'],
  ['{image: moby/buildkit:v0.32.2-rootless}', 'buildkit'],
  ['{image: quay.io/buildah/stable:v1.44.0}', 'buildah'],
  ['{image: docker:29}', undefined],
  ['{image: 2}', undefined],
  ['{script: kaniko}', undefined],
  ['{image: $IMAGE, variables: {AFFECTED_BUILDER: buildah}}', 'buildah'],
  ['{image: moby/buildkit, variables: {AFFECTED_BUILDER: {value: kaniko, expand: false}}}', 'kaniko'],
  ['{image: moby/buildkit, variables: {AFFECTED_BUILDER: own}}', undefined],
])('%s is %s', (job, builder) => {
  expect(callOf(job)?.builder).toBe(builder);
});

test('what a job extends counts less than what it says itself', () => {
  const call = callOf(
    '{extends: .b, variables: {C: "3", D: 4}}',
    '.a: {image: kaniko, variables: {A: "1", B: "1", C: "1"}}\n.b: {extends: .a, variables: {B: "2", C: "2"}}\n',
  );
  expect(call?.builder).toBe('kaniko');
  expect(Object.fromEntries(call?.variables ?? [])).toEqual({ A: '1', B: '2', C: '3', D: '4' });
});

test('flags are looked for wherever a script comes from', () => {
  const templates =
    '.build: {image: kaniko, script: [!reference [.script, lines]]}\n.script: {lines: [executor --secret=x]}\n';
  expect(callOf('{extends: .build}', templates)?.text).toContain('--secret=x');
  expect(callOf('{extends: .build, variables: {F: --ssh}}', templates)?.text).toContain('--ssh');
  expect(callOf('{image: kaniko}', templates)?.text).not.toContain('--secret');
});
