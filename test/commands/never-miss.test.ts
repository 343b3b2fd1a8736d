import { execFileSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { builderCall, generate, mergeRequest, runWithStandIn } from '../support/pipeline.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';

describe('the preview compares with the base as it was, not as it is on disk', () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'the config',
      { 'affected.yml': 'images: {a: {args: {X: "1"}}}\n' },
      { 'affected.yml': 'images: {a: {args: {X: "2"}}}\n' },
    ],
    ['an ignore file', { 'a/.dockerignore': 'x\n' }, { 'a/.dockerignore': 'y\n' }],
    ['a Dockerfile', {}, { 'a/Dockerfile': 'FROM scratch\n' }],
    [
      'a template',
      { 'ci-templates/k.yml': '.kaniko-build: {script: [a]}\n' },
      { 'ci-templates/k.yml': '.other: {script: [b]}\n' },
    ],
  ])('%s', async (_, before, after) => {
    const repository = await createRepository();
    await repository.commit({ 'a/Dockerfile': 'FROM scratch\nCOPY . /\n', 'a/x': '', 'a/y': '', ...before });
    await repository.write(after);
    expect(namesOf(await cliJson(repository.dir, ['--base', 'HEAD']))).toEqual(['a']);
  });
});

describe('a source that leaves the build context', () => {
  const files = {
    'app/Dockerfile': 'FROM scratch\nCOPY ../common/*.sh d/../../common/conf /\n',
    'common/lib.sh': '1',
    'common/conf/x': '1',
    'common/notes': '1',
  };

  test.each([
    ['common/lib.sh', 'kaniko', ['app']],
    ['common/conf/x', 'kaniko', ['app']],
    ['common/notes', 'kaniko', []],
    ['common/lib.sh', 'docker', []],
  ])('%s, as %s has it', async (path, rules, expected) => {
    const repository = await createRepository();
    const base = await repository.commit({ ...files, 'affected.yml': `dockerignore: ${rules}\n` });
    await repository.commit({ [path]: '2' });
    expect(namesOf(await cliJson(repository.dir, ['--base', base]))).toEqual(expected);
  });

  test('is a finding', async () => {
    const repository = await createRepository();
    await repository.commit(files);
    const { code, stdout } = await cli(repository.dir, ['check']);
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining('app/Dockerfile:2: COPY ../common/*.sh leaves the build context'),
    ]);
  });
});

test('a source only the base image knows takes in the whole context, and nothing else', async () => {
  const repository = await createRepository();
  const base = await repository.commit({
    'a/Dockerfile': 'FROM alpine\nCOPY $JAVA_HOME/x $JAVA_HOME/x /\n',
    'a/y': '1',
  });
  const unchanged = await cliJson(repository.dir, ['--base', base]);
  expect([namesOf(unchanged), unchanged.widened]).toEqual([[], []]);
  await repository.commit({ 'a/y': '2' });
  const changed = await cliJson(repository.dir, ['--base', base]);
  expect(namesOf(changed)).toEqual(['a']);
  expect(changed.widened.map(({ code }) => code)).toEqual(['unknown-source']);
});

/** Takes the content of a path away from a repository, as in a damaged or partial clone. */
async function forget(repository: TestRepository, path: string, commit = 'HEAD'): Promise<void> {
  const oid = await repository.git('rev-parse', `${commit}:${path}`);
  await rm(join(repository.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)));
}

describe('a file whose content is not in this clone is not taken for a missing one', () => {
  test('the config at head', async () => {
    const repository = await createRepository();
    const base = await repository.commit({
      'a/Dockerfile': 'FROM scratch\n',
      'affected.yml': 'version: 1\n',
    });
    await forget(repository, 'affected.yml');
    const { code, stderr } = await cli(repository.dir, ['--base', base, '--head', 'HEAD']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("affected.yml can't be read: its content is not in this clone"),
    ]);
  });

  test('the config at the base: everything is built', async () => {
    const repository = await createRepository();
    const base = await repository.commit({
      'a/Dockerfile': 'FROM scratch\n',
      'affected.yml': 'version: 1\n',
    });
    await forget(repository, 'affected.yml');
    await repository.commit({ 'affected.yml': 'targetBranch: main\n' });
    const { widened, affected } = await cliJson(repository.dir, ['--base', base, '--head', 'HEAD']);
    expect([widened.map(({ code }) => code), affected.length]).toEqual([['base-unreadable'], 1]);
  });

  test('a directory of the base: everything is built', async () => {
    const repository = await createRepository();
    const base = await repository.commit({ 'a/Dockerfile': 'FROM scratch\n', 'a/x': '1' });
    await repository.commit({ 'a/x': '2' });
    await forget(repository, 'a', base);
    const {
      base: shown,
      widened,
      affected,
    } = await cliJson(repository.dir, ['--base', base, '--head', 'HEAD']);
    expect([shown, widened.map(({ code }) => code), affected.length]).toEqual([null, ['base-unreadable'], 1]);
    expect((await cli(repository.dir, ['--base', base, '--head', 'HEAD', '--strict'])).code).toBe(2);
  });

  test.each(['a/.gitlab-ci.yml', 'ci-templates/k.yml'])('%s, when the pipeline is written', async (path) => {
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    const files = {
      'a/.gitlab-ci.yml': 'x: {script: a}\n',
      'ci-templates/k.yml': '.kaniko-build: {script: [b]}\n',
    };
    await repository.commit({ 'a/Dockerfile': 'FROM scratch\n', ...files });
    await forget(repository, path);
    const { code, stderr } = await cli(repository.dir, ['generate', '--base', base, '-o', 'child.yml']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${path} can't be read`)]);
    await expect(readFile(join(repository.dir, 'child.yml'))).rejects.toThrow('ENOENT');
  });
});

test('several merge bases that differ in what decides the images: everything is built', async () => {
  const repository = await createRepository();
  const dockerfile = 'FROM scratch\nCOPY . /\n';
  await repository.commit({ 'a/Dockerfile': dockerfile, 'a/x': '1', 'affected.yml': 'version: 1\n' });
  await repository.git('checkout', '-q', '-b', 'topic');
  await repository.commit({ 'a/y': '1' });
  const topic = await repository.git('rev-parse', 'HEAD');
  await repository.git('checkout', '-q', 'main');
  await repository.commit({ 'affected.yml': 'args: {X: "1"}\n' });
  const main = await repository.git('rev-parse', 'HEAD');
  // Each merges the other: two best common ancestors.
  await repository.git('merge', '-q', '--no-ff', '-m', 'one', topic);
  await repository.git('checkout', '-q', 'topic');
  await repository.git('merge', '-q', '--no-ff', '-m', 'other', main);
  await repository.commit({ README: 'x' });
  const { widened, affected } = await cliJson(repository.dir, ['--since', 'main', '--head', 'topic']);
  expect([widened.map(({ code }) => code), affected.length]).toEqual([['several-merge-bases'], 1]);
});

test('%VARIABLES% of a build arg reach the builder as they are', async () => {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  const config = 'args: {D: "%CI_REGISTRY_PASSWORD%", E: "100%"}\n';
  await repository.commit({ 'a/Dockerfile': 'FROM scratch\nARG D E\n', 'affected.yml': config });
  const run = await runWithStandIn(await generate(repository, { base, env: mergeRequest }), repository);
  expect(builderCall(run, 'a:build').argv).toEqual(
    expect.arrayContaining(['--build-arg=D=%CI_REGISTRY_PASSWORD%', '--build-arg=E=100%']),
  );
});

describe('settings that do nothing are findings', () => {
  test.each([
    ['inputs: [{paths: [nope.env]}]\n', 'affected.yml: inputs: no file matches nope.env [unused-setting]'],
    [
      'inputs: [{paths: [README], images: [b]}]\n',
      "affected.yml: inputs: b is no image's directory [unused-setting]",
    ],
    ['images: {zzz: {target: x}}\n', 'affected.yml: images["zzz"] is no image\'s directory [unused-setting]'],
    [
      'images: {a: {inputs: [gone]}}\n',
      'affected.yml: images["a"].inputs: no file matches gone [unused-setting]',
    ],
    [
      'images: {a: {context: gone}}\n',
      'affected.yml: the context of "a", gone, is no directory [unused-setting]',
    ],
    [
      'discover: {dockerfiles: ["nope/**"]}\n',
      'affected.yml: no file is a Dockerfile by "discover": nope/** [unused-setting]',
    ],
  ])('%j', async (config, finding) => {
    const repository = await createRepository();
    await repository.commit({ 'a/Dockerfile': 'FROM scratch\n', README: '', 'affected.yml': config });
    expect(await cli(repository.dir, ['check'])).toEqual({ code: 1, stdout: `${finding}\n`, stderr: '' });
  });

  test('so is a config by another name', async () => {
    const repository = await createRepository();
    await repository.commit({ 'a/Dockerfile': 'FROM scratch\n', 'affected.yaml': '' });
    expect((await cli(repository.dir, ['check'])).stdout).toBe(
      'affected.yml: affected.yaml is not read; rename it to affected.yml [unused-setting]\n',
    );
  });
});

test('check finds what generate would refuse only for several images together', async () => {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit({
    'tool/Dockerfile': 'FROM scratch\n',
    'base/Dockerfile': 'FROM scratch\nONBUILD COPY --from=registry.example.com/p/tool / /\n',
    'app/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base\n',
    'affected.yml': 'registry: registry.example.com/p\n',
  });
  expect(await cli(repository.dir, ['check'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('[handover]') as string,
  });
  expect(await cli(repository.dir, ['generate', '--base', base, '-o', 'x.yml'])).toMatchObject({ code: 2 });
});

test('what-if and explain see an ignore file through the link that leads to it', async () => {
  const repository = await createRepository();
  await repository.commit({
    'a/Dockerfile': 'FROM scratch\nCOPY . /\n',
    'a/.dockerignore': { symlink: '../shared/ignore' },
    'shared/ignore': 'x\n',
  });
  const { affected, widened } = await cliJson(repository.dir, ['--what-if', 'shared/ignore']);
  expect([affected.map(({ name }) => name), widened.map(({ code }) => code)]).toEqual([
    ['a'],
    ['what-if-ignore-file'],
  ]);
  expect(await cliJson(repository.dir, ['explain', '--base', 'HEAD', 'shared/ignore'])).toMatchObject({
    ignoreFileOf: ['a'],
  });
});

test('a line end in a name can’t forge a line of output', async () => {
  const repository = await createRepository();
  await repository.commit({ 'x\nNo findings./Dockerfile': 'NONSENSE\n' });
  const check = await cli(repository.dir, ['check']);
  expect(check.code).toBe(1);
  expect(
    check.stdout
      .trimEnd()
      .split('\n')
      .filter((line) => !/ \[[a-z-]+\]$/.test(line)),
  ).toEqual([]);
  const preview = await cli(repository.dir, ['--base', 'HEAD']);
  expect([preview.code, preview.stderr.split('\n').length]).toEqual([2, 2]);
});

test('a Dockerfile that is a pipe on disk does not hang the preview', async () => {
  const repository = await createRepository();
  await repository.commit({ 'a/Dockerfile': 'FROM scratch\n' });
  await repository.write({ 'a/Dockerfile': null });
  execFileSync('mkfifo', [join(repository.dir, 'a/Dockerfile')]);
  const { widened, affected } = await cliJson(repository.dir, ['--base', 'HEAD']);
  expect([affected.map(({ name }) => name), widened.map(({ code }) => code)]).toEqual([
    ['a'],
    ['unreadable-file'],
  ]);
});

test('a build context that is a link elsewhere', async () => {
  const repository = await createRepository();
  const files = { 'a/Dockerfile': 'FROM scratch\nCOPY x /\n', 'one/x': '1', 'two/x': '2' };
  const config = 'images: {a: {context: link}}\n';
  const base = await repository.commit({ ...files, 'affected.yml': config, link: { symlink: 'one' } });
  await repository.commit({ link: { symlink: 'two' } });
  const { affected } = await cliJson(repository.dir, ['--base', base]);
  expect(affected.map(({ name, reasons }) => [name, reasons])).toEqual([
    ['a', [{ kind: 'config', settings: ['context'] }]],
  ]);
});

test('a registry spelled out gets a hint, and no finding', async () => {
  const repository = await createRepository();
  await repository.commit({
    'docker/base/Dockerfile': 'FROM apache/base:1\n',
    'app/Dockerfile': 'FROM alpine\nCOPY --from=registry.example.com:5000/g/p/base:1@sha256:0 / /\n',
  });
  const { code, stdout } = await cli(repository.dir, ['check']);
  expect([code, stdout]).toEqual([
    0,
    'No findings.\nhint: app/Dockerfile:2: "registry.example.com:5000/g/p/base:1@sha256:0" may mean the image "docker/base"; if it does, set "registry" or add a rule under "references" in affected.yml\n',
  ]);
  expect(await cliJson(repository.dir, ['check'])).toMatchObject({
    findings: [],
    hints: [expect.any(String)],
  });
});

test('a pipeline larger than GitLab reads is refused with the numbers, and not written', async () => {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  const config = `args: {BIG: "${'x'.repeat(3 << 20)}"}\n`;
  await repository.commit({ 'a/Dockerfile': 'FROM scratch\nARG BIG\n', 'affected.yml': config });
  const { code, stderr } = await cli(repository.dir, ['generate', '--base', base, '-o', 'child.yml']);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/ takes 31\d{5} bytes of GitLab's memory; it gives 2097152 /),
  ]);
  await expect(readFile(join(repository.dir, 'child.yml'))).rejects.toThrow('ENOENT');
});

test('a link that a wildcard went through, and that is gone', async () => {
  const repository = await createRepository();
  const files = { 'app/Dockerfile': 'FROM scratch\nCOPY c*/x /\n', 'app/c2/x': '2', 'shared/x': '1' };
  const base = await repository.commit({ ...files, 'app/c1': { symlink: '../shared' } });
  await repository.commit({ 'app/c1': null });
  expect(namesOf(await cliJson(repository.dir, ['--base', base]))).toEqual(['app']);
});

test('a build arg that is our registry means it; one that only begins so is data', async () => {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  const args = {
    A: '$CI_REGISTRY_IMAGE',
    B: '$CI_REGISTRY_IMAGE/base',
    C: '$CI_REGISTRY_IMAGE/$(touch canary)',
    D: '$CI_REGISTRY_IMAGE_X',
  };
  await repository.commit({
    'a/Dockerfile': 'FROM scratch\nARG A B C D\n',
    'affected.yml': `args: ${JSON.stringify(args)}\n`,
  });
  const run = await runWithStandIn(await generate(repository, { base, env: mergeRequest }), repository);
  const passed = builderCall(run, 'a:build').argv.filter((argument) => argument.startsWith('--build-arg='));
  expect(passed).toEqual([
    '--build-arg=A=registry.example.com/group/project',
    '--build-arg=B=registry.example.com/group/project/base',
    '--build-arg=C=$CI_REGISTRY_IMAGE/$(touch canary)',
    '--build-arg=D=$CI_REGISTRY_IMAGE_X',
  ]);
});

test('a build arg of all images goes to the jobs of those that take it, and to no other', async () => {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit({
    'a/Dockerfile': 'FROM scratch\nARG JAVA\n',
    'b/Dockerfile': 'FROM scratch\n',
    'affected.yml': 'args: {JAVA: "21", https_proxy: "http://p"}\nimages: {b: {args: {OWN: "1"}}}\n',
  });
  const run = await runWithStandIn(await generate(repository, { base, env: mergeRequest }), repository);
  const passed = (job: string) =>
    builderCall(run, job).argv.filter((argument) => argument.startsWith('--build-arg='));
  expect([passed('a:build'), passed('b:build')]).toEqual([
    ['--build-arg=JAVA=21', '--build-arg=https_proxy=http://p'],
    ['--build-arg=https_proxy=http://p', '--build-arg=OWN=1'],
  ]);
});
