import { describe, expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { builderCall, generate, mergeRequest, runWithStandIn } from '../support/pipeline.ts';
import { createRepository, type Files } from '../support/repository.ts';

const images: Files = {
  'java/Dockerfile': 'ARG JAVA=17\nFROM eclipse-temurin:$JAVA\n',
  'spark/Dockerfile': 'ARG SPARK\nFROM scratch\nARG SPARK\nRUN fetch $SPARK\n',
  'app/Dockerfile': 'FROM java\n',
  'other/Dockerfile': 'FROM scratch\n',
};

async function change(before: Files, after: Files) {
  const repository = await createRepository();
  const base = await repository.commit({ ...images, ...before });
  await repository.commit(after);
  return cliJson(repository.dir, ['--base', base]);
}

const reasonsOf = ({ affected }: Awaited<ReturnType<typeof change>>, name: string) =>
  affected.find((image) => image.name === name)?.reasons;

describe('a changed file of build args affects the images that take what changed', () => {
  const env = { 'affected.yml': 'argsFile: versions.env\n', 'versions.env': 'JAVA=21\nSPARK=3.5\n' };

  test.each<[string, string, string[]]>([
    ['one value', 'JAVA=25\nSPARK=3.5\n', ['java', 'app']],
    ['another value', 'JAVA=21\nSPARK=4.0\n', ['spark']],
    ['a value nobody takes', 'JAVA=21\nSPARK=3.5\nFLINK=1\n', []],
    ['a value every builder takes', 'JAVA=21\nSPARK=3.5\nNO_PROXY=x\n', ['java', 'other', 'spark', 'app']],
    ['a value that is gone', 'SPARK=3.5\n', ['java', 'app']],
    ['comments, quotes and order', '# new\nSPARK="3.5" # x\n\nexport JAVA=21\n', []],
  ])('%s', async (_, text, expected) => {
    const comparison = await change(env, { 'versions.env': text });
    expect(namesOf(comparison)).toEqual(expected);
    expect(comparison.widened).toEqual([]);
  });

  test('and say through which file', async () => {
    const comparison = await change(env, { 'versions.env': 'JAVA=25\nSPARK=3.5\n' });
    expect(reasonsOf(comparison, 'java')).toEqual([
      { kind: 'build-arg', path: 'versions.env', names: ['JAVA'] },
    ]);
  });

  test('and through which it was set', async () => {
    const gone = { kind: 'build-arg', path: 'versions.env', names: ['JAVA'] };
    expect(reasonsOf(await change(env, { 'versions.env': 'SPARK=3.5\n' }), 'java')).toEqual([gone]);
    expect(reasonsOf(await change(env, { 'affected.yml': 'version: 1\n' }), 'java')).toEqual([gone]);
  });

  test('a value that moves into the config without changing', async () => {
    const config = 'argsFile: versions.env\nimages: {java: {args: {JAVA: "21"}}}\n';
    expect(namesOf(await change(env, { 'affected.yml': config, 'versions.env': 'SPARK=3.5\n' }))).toEqual([]);
  });

  test('a value that the config overrules', async () => {
    const config = 'argsFile: versions.env\nimages: {java: {args: {JAVA: "25"}}}\n';
    const comparison = await change(env, { 'affected.yml': config });
    expect(reasonsOf(comparison, 'java')).toEqual([{ kind: 'config', settings: ['args.JAVA'] }]);
    expect(
      namesOf(await change({ ...env, 'affected.yml': config }, { 'versions.env': 'JAVA=1\nSPARK=3.5\n' })),
    ).toEqual([]);
  });

  test('a link to the file', async () => {
    const linked = {
      ...env,
      'versions.env': { symlink: 'conf/21.env' },
      'conf/21.env': 'JAVA=21\n',
      'conf/25.env': 'JAVA=25\n',
    };
    expect(namesOf(await change(linked, { 'conf/21.env': 'JAVA=22\n' }))).toEqual(['java', 'app']);
    expect(namesOf(await change(linked, { 'versions.env': { symlink: 'conf/25.env' } }))).toEqual([
      'java',
      'app',
    ]);
    expect(namesOf(await change(linked, { 'versions.env': 'JAVA=21 # no link\n' }))).toEqual([]);
    expect(namesOf(await change(linked, { 'conf/25.env': 'JAVA=26\n' }))).toEqual([]);
  });

  test('on disk', async () => {
    const repository = await createRepository();
    await repository.commit({ ...images, ...env });
    await repository.write({ 'versions.env': 'JAVA=21\nSPARK=4\n' });
    expect(namesOf(await cliJson(repository.dir, ['--base', 'HEAD']))).toEqual(['spark']);
  });
});

test('what counts more, and what the builder is given', async () => {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit({
    'a/Dockerfile': 'FROM scratch\nARG A B C D E F G H\n',
    'b/Dockerfile': 'FROM scratch\nARG A B\n',
    'affected.yml': [
      'argsFile: [one.env, two.properties]',
      'args: {C: config, D: config}',
      'images:',
      '  "*": {argsFile: own.yml}',
      '  a: {argsFile: [own.toml, own.json], args: {F: "image", UNDECLARED: "image"}}',
    ].join('\n'),
    'one.env': 'A=one\nB=one\nC=one\nIGNORED=one\n',
    'two.properties': 'B=two\nC=two\na.b=c\n',
    'own.yml': 'D: 3.10\nE: own\nF: true\nnested: {A: x}\nA-B: x\nG:\n',
    'own.toml': 'F = 1\nG = 3.10\nH = 1_000\n[A]\nB = 1\n',
    'own.json': '{"H": 12345678901234567890, "A": ["x"], "B": null}',
  });
  const run = await runWithStandIn(await generate(repository, { base, env: mergeRequest }), repository);
  const passed = (job: string) =>
    builderCall(run, job)
      .argv.filter((argument) => argument.startsWith('--build-arg='))
      .map((argument) => argument.slice('--build-arg='.length));
  expect(passed('a:build').sort()).toEqual([
    'A=one',
    'B=two',
    'C=config',
    'D=3.10',
    'E=own',
    'F=image',
    'G=3.10',
    'H=12345678901234567890',
    'UNDECLARED=image',
  ]);
  expect(passed('b:build').sort()).toEqual(['A=one', 'B=two']);
});

test('a value of a file decides what an image is built from', async () => {
  const before = {
    'affected.yml': 'argsFile: versions.json\n',
    'versions.json': '{"BASE": "java"}',
    'app/Dockerfile': 'ARG BASE\nFROM ${BASE}\n',
  };
  const comparison = await change(before, { 'java/Dockerfile': 'FROM scratch\n' });
  expect(namesOf(comparison)).toEqual(['java', 'app']);
  const moved = await change(before, {
    'versions.json': '{"BASE": "other"}',
    'java/Dockerfile': 'FROM scratch\n',
  });
  expect(moved.affected.find(({ name }) => name === 'app')).toMatchObject({ dependsOn: ['other'] });
});

describe('a file that can’t be used', () => {
  const config = { 'affected.yml': 'argsFile: versions.yml\nimages: {java: {argsFile: java.env}}\n' };
  const good = { ...config, 'versions.yml': 'SPARK: 3\n', 'java.env': 'JAVA=21\n' };

  test.each<[string, Files, string]>([
    [
      'a missing one',
      { 'versions.yml': null },
      'affected: versions.yml is no file of this repository; add it, or correct "argsFile" in affected.yml [args-file]\n',
    ],
    [
      'a directory',
      { 'versions.yml': null, 'versions.yml/x': '' },
      'affected: versions.yml is no file of this repository; ',
    ],
    [
      'one that does not parse',
      { 'java.env': 'JAVA=21\nSPARK 3\n' },
      'affected: java.env:2:1: this line is no assignment; write NAME=value, or "#" before a comment [args-file]\n',
    ],
    [
      'several documents',
      { 'versions.yml': 'A: 1\n---\nA: 2\n' },
      'affected: versions.yml:2:1: the file holds several YAML documents; keep one',
    ],
    [
      'a link to nowhere',
      { 'versions.yml': { symlink: 'nowhere' } },
      "affected: versions.yml can't be read: its content is not in this clone, or its link leads nowhere",
    ],
    [
      'a submodule',
      { 'versions.yml': { submodule: '1'.repeat(40) } },
      "affected: versions.yml can't be read",
    ],
  ])('%s at the head is an error', async (_, files, message) => {
    const repository = await createRepository();
    await repository.commit(good);
    const base = await repository.commit(images);
    await repository.commit(files);
    const { code, stderr } = await cli(repository.dir, ['--base', base, '--head', 'HEAD']);
    expect([code, stderr.slice(0, message.length)]).toEqual([2, message]);
    const check = await cli(repository.dir, ['check', '--head', 'HEAD']);
    expect([check.code, check.stdout.match(/\[args-file\]/g)]).toEqual([1, ['[args-file]']]);
  });

  test('at the base it widens the images it is configured for', async () => {
    const repository = await createRepository();
    const base = await repository.commit({ ...images, ...good, 'java.env': '?\n' });
    await repository.commit({ 'java.env': 'JAVA=21\n' });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(namesOf(comparison)).toEqual(['java', 'app']);
    expect(comparison.widened).toEqual([
      {
        scope: 'image',
        image: 'java',
        code: 'broken-at-base',
        detail:
          'at the base, java.env:1:1: this line is no assignment; write NAME=value, or "#" before a comment',
      },
    ]);
  });

  test('what follows from missing build args is not told', async () => {
    const repository = await createRepository();
    await repository.commit({
      'a/Dockerfile': 'ARG BASE\nFROM ${BASE:?is needed}\n',
      'affected.yml': 'argsFile: a.env\n',
    });
    const { stdout } = await cli(repository.dir, ['check']);
    expect(stdout.trimEnd().split('\n')).toEqual([expect.stringContaining('a.env is no file')]);
  });
});

describe('what a change of the file would do', () => {
  const files: Files = {
    ...images,
    'affected.yml': 'argsFile: v.env\nargs: {SPARK: "3"}\n',
    'v.env': { symlink: 'conf/v.env' },
    'conf/v.env': 'JAVA=21\nSPARK=2\nFLINK=1\n',
  };

  test.each(['v.env', 'conf/v.env', 'conf'])(
    '--what-if %s: the images that take something from it',
    async (path) => {
      const repository = await createRepository();
      await repository.commit(files);
      const comparison = await cliJson(repository.dir, ['--what-if', path]);
      expect(namesOf(comparison)).toEqual(['java', 'app']);
      expect(reasonsOf(comparison, 'java')).toEqual([{ kind: 'build-arg', path: 'v.env', names: ['JAVA'] }]);
    },
  );

  test('explain', async () => {
    const repository = await createRepository();
    await repository.commit(files);
    const { stdout } = await cli(repository.dir, ['explain', '--base', 'HEAD', 'conf/v.env']);
    expect(stdout).toBe(
      'conf/v.env did not change.\nIt can affect:\n  java: sets its build arg JAVA\nBuilt from it: app\n',
    );
    const now = await cliJson(repository.dir, ['explain', '--base', 'HEAD', 'conf/v.env']);
    expect(now).toMatchObject({ argsFileOf: [{ image: 'java', names: ['JAVA'] }] });
  });

  test('explain an image', async () => {
    const repository = await createRepository();
    const base = await repository.commit(files);
    await repository.commit({ 'conf/v.env': 'JAVA=22\n' });
    const { stdout } = await cli(repository.dir, ['explain', '--base', base, 'java']);
    expect(stdout).toBe('java is affected:\n  build arg JAVA changed (v.env)\n');
  });
});

describe('with variants', () => {
  const files: Files = {
    'java/Dockerfile': 'ARG JAVA\nARG FLAVOUR\nFROM scratch\n',
    'affected.yml':
      'argsFile: v.env\nimages: {java: {variants: {"21": {args: {JAVA: "21", UNDECLARED: x}}, other: {}}}}\n',
    'v.env': 'JAVA=17\nFLAVOUR=a\n',
  };

  test('what a variant sets itself is its own, the rest comes from the file', async () => {
    const repository = await createRepository();
    const base = await repository.commit(files);
    await repository.commit({ 'v.env': 'JAVA=18\nFLAVOUR=a\n' });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(namesOf(comparison)).toEqual(['java:other']);
    await repository.commit({ 'v.env': 'JAVA=18\nFLAVOUR=b\n' });
    expect(namesOf(await cliJson(repository.dir, ['--base', 'HEAD~1']))).toEqual(['java:21', 'java:other']);
    const run = await runWithStandIn(await generate(repository, { base, env: mergeRequest }), repository);
    expect(builderCall(run, 'java:21:build').argv).toEqual(
      expect.arrayContaining(['--build-arg=JAVA=21', '--build-arg=FLAVOUR=b', '--build-arg=UNDECLARED=x']),
    );
  });
});

test('a file of build args belongs to the images it is configured for', async () => {
  const repository = await createRepository();
  const files = {
    ...images,
    'affected.yml': 'argsFile: v.env\nunowned: {policy: error}\n',
    'conf/v.env': 'A=1\n',
    'conf/link.env': { symlink: 'v.env' },
  };
  const without = await repository.commit({ ...images, 'affected.yml': 'unowned: {policy: error}\n' });
  const base = await repository.commit({ ...files, 'v.env': { symlink: 'conf/link.env' } });
  expect((await cli(repository.dir, ['--base', without])).code).toBe(0);
  await repository.commit({ 'conf/v.env': 'A=2\n' });
  expect((await cli(repository.dir, ['--base', base])).code).toBe(0);
  await repository.commit({ 'conf/link.env': { symlink: '../v2.env' }, 'v2.env': 'A=2\n' });
  expect((await cli(repository.dir, ['--base', base])).code).toBe(0);
  await repository.commit({
    'affected.yml': 'unowned: {policy: error}\n',
    'v.env': null,
    'v2.env': null,
    'conf/v.env': null,
    'conf/link.env': null,
  });
  expect((await cli(repository.dir, ['--base', base])).code).toBe(0);
  await repository.commit({ 'conf/other.env': 'A=2\n' });
  expect((await cli(repository.dir, ['--base', base])).code).toBe(1);
});
