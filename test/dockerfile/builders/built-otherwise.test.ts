import { expect, test } from 'vitest';
import { type Builder, BUILDERS } from '../../../src/dockerfile/builders/builder.ts';
import { builtOtherwise } from '../../../src/dockerfile/builders/built-otherwise.ts';
import { type Construct, DIFFERENCES } from '../../../src/dockerfile/builders/differences.ts';

function told(construct: Construct, builder: Builder, variables: Record<string, string> = {}, text = '') {
  const call = { builder, variables: new Map(Object.entries(variables)), text, scripts: text };
  return builtOtherwise([{ construct, shown: 'X', line: 2, column: 3 }], call);
}

test('a sentence says what, who, and what to do', () => {
  expect(told('copy-exclude', 'kaniko')).toEqual([
    {
      effect: 'wrong',
      line: 2,
      column: 3,
      sentence: 'X: Kaniko copies what is excluded, too; exclude it in the .dockerignore',
    },
  ]);
  expect(told('copy-exclude', 'kaniko-google')[0]?.sentence).toBe(
    "X: Google's Kaniko refuses the flag; remove it",
  );
});

test('BuildKit builds everything it is given what for, and every other builder falls short somewhere', () => {
  const constructs = Object.keys(DIFFERENCES) as Construct[];
  const short = (builder: Builder) => constructs.filter((construct) => told(construct, builder).length > 0);
  expect(short('buildkit')).toEqual(['run-mount-secret', 'run-mount-ssh']);
  expect(short('buildah')).toEqual([
    'run-mount-secret',
    'run-mount-ssh',
    'run-security',
    'run-device',
    'add-keep-git-dir',
    'add-unpack',
    'chmod-symbolic',
    'syntax',
    'docker-format',
  ]);
  // What only the newest line of Kaniko does, as its own flags would have it.
  const all = new Set([...short('kaniko'), ...short('kaniko-chainguard'), ...short('kaniko-google')]);
  expect(constructs.filter((construct) => !all.has(construct))).toEqual([
    'add-keep-git-dir',
    'docker-format',
  ]);
  expect(Object.keys(BUILDERS)).toHaveLength(5);
});

test.each<[Construct, string]>([
  ['run-mount-bind', 'FF_KANIKO_RUN_MOUNT_BIND'],
  ['arg-after-env', 'FF_KANIKO_BUILDKIT_ARG_ENV_PRECEDENCE'],
])('%s is built unless %s is off', (construct, name) => {
  expect(told(construct, 'kaniko')).toEqual([]);
  for (const on of ['true', '1', 'T', 'on']) expect(told(construct, 'kaniko', { [name]: on })).toEqual([]);
  for (const off of ['false', '0', 'F']) expect(told(construct, 'kaniko', { [name]: off })).toHaveLength(1);
  // The others know no such flags.
  expect(told(construct, 'kaniko-google', { [name]: 'true' })).toHaveLength(1);
});

test.each<[Construct, string]>([
  ['copy-heredoc-expanded', 'FF_KANIKO_EXPAND_HEREDOC'],
  ['copy-as-user', 'FF_KANIKO_COPY_AS_ROOT'],
  ['run-as-group', 'FF_KANIKO_RUN_HONOR_GROUP'],
])('%s is built where %s is on', (construct, name) => {
  for (const off of ['', 'false', 'on']) expect(told(construct, 'kaniko', { [name]: off })).toHaveLength(1);
  for (const on of ['true', '1', 'TRUE']) expect(told(construct, 'kaniko', { [name]: on })).toEqual([]);
});

test('a secret, an agent and a format that the job gives', () => {
  for (const builder of ['kaniko', 'buildkit', 'buildah'] as const)
    expect(told('run-mount-secret', builder, {}, 'x --secret=id=a')).toEqual([]);
  expect(told('run-mount-secret', 'kaniko-google', {}, '--secret')).toHaveLength(1);
  expect(told('run-mount-ssh', 'buildah', {}, '--ssh default')).toEqual([]);
  expect(told('run-mount-ssh', 'kaniko', {}, '--ssh')).toHaveLength(1);
  expect(told('docker-format', 'buildah', { BUILDAH_FORMAT: 'docker' })).toEqual([]);
  expect(told('docker-format', 'buildah', { BUILDAH_FORMAT: 'oci' }, '--format oci')).toHaveLength(1);
  expect(told('docker-format', 'buildah', {}, 'buildah build --format docker .')).toEqual([]);
});
