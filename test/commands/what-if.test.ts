import { describe, expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { platform } from './platform.ts';

describe('--what-if', () => {
  test.each([
    ['a file', ['alone/run'], ['alone'], 1],
    ['a file no image takes', ['base/README.md'], [], 1],
    ['a directory stands for every file below it', ['base/files'], ['base', 'java', 'trino'], 1],
    ['a directory with a slash', ['trino/'], ['trino'], 3],
    ['everything', ['.'], ['alone', 'base', 'java', 'trino'], 9],
    ['several paths', ['alone/run', 'trino/Dockerfile'], ['alone', 'trino'], 2],
    ['a path named twice counts once', ['alone/run', 'alone'], ['alone'], 2],
    ['a file that does not exist yet', ['base/files/new'], ['base', 'java', 'trino'], 1],
    ['a file that does not exist yet, kept out of the context', ['trino/README.md'], [], 1],
    ['a directory that does not exist yet', ['trino/etc/'], ['trino'], 1],
  ])('%s', async (_, paths, expected, changedPaths) => {
    const { repository } = await platform();
    const comparison = await cliJson(repository.dir, ['--what-if', ...paths]);
    expect(namesOf(comparison)).toEqual(expected);
    expect(comparison).toMatchObject({
      changedPaths,
      baseWhy: 'as if the named paths had changed',
      base: comparison.head,
    });
  });

  test('real changes do not count, but the files of the working tree are those that would change', async () => {
    const { repository } = await platform();
    await repository.write({
      'alone/run': 'changed',
      'trino/new/Dockerfile': 'FROM scratch\nCOPY a /\n',
      'trino/new/a': '',
    });
    expect(namesOf(await cliJson(repository.dir, ['--what-if', 'trino/new/a']))).toEqual([
      'trino/new',
      'trino',
    ]);
  });

  test('paths start where the user stands', async () => {
    const { repository } = await platform();
    const from = `${repository.dir}/base`;
    expect(namesOf(await cliJson(from, ['--what-if', 'files/motd', '../alone/run']))).toEqual([
      'alone',
      'base',
      'java',
      'trino',
    ]);
    expect(namesOf(await cliJson('/', ['--cwd', from, '--what-if', 'files/motd']))).toEqual([
      'base',
      'java',
      'trino',
    ]);
    expect(namesOf(await cliJson(from, ['--what-if', `${repository.dir}/alone/run`]))).toEqual(['alone']);
  });

  test('in a bare clone they start at the root', async () => {
    const { repository } = await platform();
    const bare = await repository.clone('--bare');
    expect(namesOf(await cliJson(bare.dir, ['--what-if', 'alone/run']))).toEqual(['alone']);
  });

  test('with --head, the files are those of that commit', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'alone/Dockerfile': null });
    expect(namesOf(await cliJson(repository.dir, ['--what-if', 'alone/run', '--head', base]))).toEqual([
      'alone',
    ]);
  });

  test.each(['..', '../elsewhere', '/etc/passwd'])('outside the repository: %s', async (path) => {
    const { repository } = await platform();
    const { code, stderr } = await cli(repository.dir, ['--what-if', path]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `affected: ${JSON.stringify(path)} lies outside the repository ${repository.dir} [usage]\n`,
    );
  });

  test('a name that starts with two dots is inside', async () => {
    const { repository } = await platform();
    expect(namesOf(await cliJson(`${repository.dir}/trino`, ['--what-if', '..config']))).toEqual(['trino']);
  });

  test('a template reaches the images that extend it', async () => {
    const { repository } = await platform({ 'ci-templates/kaniko.yml': '.kaniko-build:\n  script: [x]\n' });
    expect(namesOf(await cliJson(repository.dir, ['--what-if', 'ci-templates/kaniko.yml']))).toHaveLength(4);
  });
});

describe('--what-if for files whose content decides', () => {
  test('the config: everything may be affected', async () => {
    const { repository } = await platform();
    const comparison = await cliJson(repository.dir, ['--what-if', 'affected.yml']);
    expect(namesOf(comparison)).toHaveLength(4);
    expect(comparison.widened).toMatchObject([{ scope: 'all', code: 'what-if-config' }]);
  });

  test('the config does not count where --config takes its place', async () => {
    const { repository } = await platform({ 'other.yml': 'version: 1\n' });
    expect(
      namesOf(await cliJson(repository.dir, ['--what-if', 'affected.yml', '--config', 'other.yml'])),
    ).toEqual([]);
  });

  test.each([
    ['in force', 'trino/.dockerignore', ['trino'], []],
    ['new', 'alone/.dockerignore', ['alone'], ['what-if-ignore-file']],
    ['new and more specific', 'alone/Dockerfile.dockerignore', ['alone'], ['what-if-ignore-file']],
    ['of an image that takes nothing from its context', 'java/.dockerignore', [], []],
    ['of no image', 'docs/.dockerignore', [], []],
  ])('an ignore file, %s', async (_, path, expected, codes) => {
    const { repository } = await platform();
    const comparison = await cliJson(repository.dir, ['--what-if', path]);
    expect(namesOf(comparison)).toEqual(expected);
    expect(comparison.widened.map(({ code }) => code)).toEqual(codes);
  });

  test('an ignore file that a more specific one overrules can change nothing', async () => {
    const { repository } = await platform({ 'alone/Dockerfile.dockerignore': 'x\n' });
    expect(namesOf(await cliJson(repository.dir, ['--what-if', 'alone/.dockerignore']))).toEqual([]);
    expect(namesOf(await cliJson(repository.dir, ['--what-if', 'alone/Dockerfile.dockerignore']))).toEqual([
      'alone',
    ]);
  });

  test('a Dockerfile that does not exist yet has to be written first, unless it would be no image', async () => {
    const { repository } = await platform({ 'affected.yml': 'discover:\n  exclude: [test/**]\n' });
    const { code, stderr } = await cli(repository.dir, ['--what-if', 'new/Dockerfile']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'affected: --what-if: "new/Dockerfile" would be a new image; write its Dockerfile first [usage]\n',
    );
    expect(namesOf(await cliJson(repository.dir, ['--what-if', 'test/Dockerfile']))).toEqual([]);
  });
});
