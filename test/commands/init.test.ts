import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, cliJson } from '../support/cli.ts';
import { createRepository, type Files, type TestRepository } from '../support/repository.ts';
import { SHAPES } from './init-shapes.ts';

interface InitJson {
  written: boolean;
  yaml: string;
  images: { name: string; dockerfile: string; dependsOn: string[] }[];
  leftOut: { path: string; because: string }[];
  findings: { code: string; message: string }[];
  backtest: string | null;
}

async function repositoryOf(files: Files): Promise<TestRepository> {
  const repository = await createRepository();
  await repository.commit(files);
  await repository.git('remote', 'add', 'origin', 'https://gitlab.example.com/group/platform.git');
  return repository;
}

const configOf = (repository: TestRepository) => readFile(join(repository.dir, 'affected.yml'), 'utf8');

describe.each(Object.entries(SHAPES))('affected init: %s', (name, files) => {
  const golden = `../golden/init/${name.replaceAll(' ', '-')}`;

  test('the file and what is said of it', async () => {
    const repository = await repositoryOf(files);
    const { code, stdout, stderr } = await cli(repository.dir, ['init']);
    expect([code, stderr]).toEqual([0, '']);
    await expect(await configOf(repository)).toMatchFileSnapshot(`${golden}.yml`);
    await expect(stdout).toMatchFileSnapshot(`${golden}.txt`);
  });

  test('check finds nothing that was not told', async () => {
    const repository = await repositoryOf(files);
    const { findings } = await cliJson<InitJson>(repository.dir, ['init']);
    const { stdout } = await cli(repository.dir, ['check', '--json']);
    const told = JSON.parse(stdout) as Pick<InitJson, 'findings'>;
    expect(findings).toEqual(expect.arrayContaining(told.findings));
    expect(told.findings.filter(({ code }) => !['outside-context'].includes(code))).toEqual([]);
  });

  test('the same bytes again, whatever is replaced', async () => {
    const repository = await repositoryOf(files);
    await cli(repository.dir, ['init']);
    const written = await configOf(repository);
    await repository.commit({ 'affected.yml': 'registry: [broken\n' });
    expect((await cli(repository.dir, ['init', '--force'])).code).toBe(0);
    expect(await configOf(repository)).toBe(written);
    expect((await cli(repository.dir, ['init', '--dry-run'])).stdout).toBe(written);
  });
});

describe('affected init', () => {
  const files = SHAPES['nothing to do'];

  test('what it found, as JSON', async () => {
    const repository = await repositoryOf({ ...files, 'test/Dockerfile': 'FROM scratch\n' });
    const json = await cliJson<InitJson>(repository.dir, ['init']);
    expect(json).toEqual({
      file: 'affected.yml',
      written: true,
      yaml: await configOf(repository),
      images: [
        { name: 'base', directory: 'base', dockerfile: 'base/Dockerfile', dependsOn: [] },
        { name: 'java', directory: 'java', dockerfile: 'java/Dockerfile', dependsOn: ['base'] },
        { name: 'trino', directory: 'trino', dockerfile: 'trino/Dockerfile', dependsOn: ['base', 'java'] },
      ],
      leftOut: [{ path: 'test/Dockerfile', because: 'directory' }],
      findings: [],
      backtest: null,
    });
  });

  test('what the last commits would have built with it', async () => {
    const repository = await repositoryOf(files);
    await repository.commit({ 'java/Dockerfile': 'FROM base\nENV A=1\n' });
    const { stdout } = await cli(repository.dir, ['init']);
    expect(stdout).toMatch(/1 commit/);
    expect((await cliJson<InitJson>(repository.dir, ['init', '--dry-run'])).backtest).toMatch(/1 commit/);
  });

  test('and not without it', async () => {
    const repository = await repositoryOf({ ...files, 'examples/a/Dockerfile': 'FROM scratch\n' });
    await repository.commit({ 'examples/a/Dockerfile': 'FROM scratch\nENV A=1\n' });
    const { stdout } = await cli(repository.dir, ['init']);
    expect(stdout).toContain('0 had something to build, 1 had nothing.');
  });

  test.each([
    ['a file', { 'affected.yml': 'version: 1\n' }],
    ['one that is not committed', {}],
  ])('never replaces a config unasked: %s', async (_, committed) => {
    const repository = await repositoryOf({ ...files, ...committed });
    await repository.write({ 'affected.yml': 'version: 1\n' });
    const { code, stdout, stderr } = await cli(repository.dir, ['init']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/affected\.yml is there already .*--force.* \[config-exists\]\n$/);
    expect(await configOf(repository)).toBe('version: 1\n');
    expect(await repository.git('status', '--porcelain', '--untracked-files=all')).not.toContain('.tmp');
  });

  test('nor a link that leads nowhere', async () => {
    const repository = await repositoryOf(files);
    await symlink('nowhere', join(repository.dir, 'affected.yml'));
    expect((await cli(repository.dir, ['init'])).code).toBe(2);
    await expect(configOf(repository)).rejects.toThrow('ENOENT');
  });

  test('--dry-run prints the config alone and writes nothing', async () => {
    const repository = await repositoryOf(files);
    const { code, stdout, stderr } = await cli(repository.dir, ['init', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# yaml-language-server: .*\n/);
    expect(stderr).toMatch(/^affected\.yml is not written\. 3 images, 2 built from others here\.\n/);
    await expect(configOf(repository)).rejects.toThrow('ENOENT');
    expect(await cliJson<InitJson>(repository.dir, ['init', '--dry-run'])).toMatchObject({
      written: false,
      yaml: stdout,
    });
  });

  test('from below the root, to the root', async () => {
    const repository = await repositoryOf(files);
    const { stdout } = await cli(join(repository.dir, 'base'), ['init']);
    expect(stdout).toMatch(/^Wrote \.\.\/affected\.yml\. /);
    expect(await configOf(repository)).toContain('version: 1\n');
  });

  test('what is not committed yet counts', async () => {
    const repository = await repositoryOf(files);
    await repository.write({ 'new/Dockerfile': 'FROM java\n', 'base/Dockerfile': null });
    const { images } = await cliJson<InitJson>(repository.dir, ['init']);
    expect(images.map(({ name }) => name)).toEqual(['java', 'new', 'trino']);
  });

  test('the branch that origin has, and the schema the repository holds', async () => {
    const origin = await repositoryOf({ ...files, 'affected.schema.json': '{}' });
    await origin.git('branch', '--move', 'main', 'trunk');
    const clone = await origin.clone();
    await cli(clone.dir, ['init']);
    expect(await configOf(clone)).toMatch(
      /^# yaml-language-server: \$schema=\.\/affected\.schema\.json\n(?:#.*\n)+version: 1\ntargetBranch: trunk\n/,
    );
  });

  test('a bare repository has nowhere to write to', async () => {
    const bare = await (await repositoryOf(files)).clone('--bare');
    const { code, stderr } = await cli(bare.dir, ['init']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--dry-run prints it \[no-working-tree\]\n$/)]);
    expect((await cli(bare.dir, ['init', '--dry-run'])).stdout).toContain('version: 1\n');
  });

  test('without any commit it says what to do', async () => {
    const repository = await createRepository();
    await repository.write(files);
    const { code, stderr } = await cli(repository.dir, ['init']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/git add and git commit.* \[no-commit\]\n$/)]);
  });

  test.each([
    [
      'none',
      { 'README.md': 'x' },
      /^affected: No file in git is named like a Dockerfile; .* \[no-images\]\n$/,
    ],
    [
      'none that a builder reads',
      { 'Dockerfile.in': 'FROM @X@\n' },
      /^affected: Of 1 files named like a Dockerfile, none .* \[no-images\]\n$/,
    ],
  ])('no Dockerfile: %s', async (_, content, expected) => {
    const repository = await repositoryOf(content);
    const { code, stderr } = await cli(repository.dir, ['init']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(expected)]);
  });

  test('a Dockerfile that is broken is told, and stands in the way of nothing', async () => {
    const repository = await repositoryOf({ ...files, 'new/Dockerfile': 'FORM scratch\n' });
    const { findings } = await cliJson<InitJson>(repository.dir, ['init']);
    expect(findings).toEqual([
      { code: 'dockerfile', message: expect.stringMatching(/^new\/Dockerfile:1:1: /) },
    ]);
    expect(await configOf(repository)).toMatch(/# - new\/Dockerfile:1:1: .*\[dockerfile\]/s);
  });

  test('directories that only differ in case stay apart, and each is found by its own name', async () => {
    const repository = await repositoryOf({
      'A/Dockerfile': 'FROM scratch\n',
      'B/Dockerfile': 'FROM scratch\n',
      'a/Dockerfile': 'FROM scratch\n',
      'x/Dockerfile': 'FROM a\n',
    });
    const { images, leftOut, findings } = await cliJson<InitJson>(repository.dir, ['init']);
    expect(images.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
      ['A', []],
      ['a', []],
      ['b', []],
      ['x', ['a']],
    ]);
    expect(leftOut).toEqual([]);
    expect(findings.map(({ code }) => code)).toEqual(['image-name']);
  });

  test('what is built from each image is drawn once, round a cycle too', async () => {
    const repository = await repositoryOf({
      'a/Dockerfile': 'FROM scratch\n',
      'b/Dockerfile': 'FROM scratch\n',
      'c/Dockerfile': 'FROM a\nCOPY --from=b / /\n',
      'd/Dockerfile': 'FROM c\n',
      'e/Dockerfile': 'FROM f\n',
      'f/Dockerfile': 'FROM e\n',
    });
    const { stdout } = await cli(repository.dir, ['init']);
    const drawing = stdout.split('each with those built from it:\n')[1]?.split('\n\n')[0];
    expect(drawing?.split('\n')).toEqual([
      ...['  a', '    c', '      d', '  b', '    c (see above)'],
      ...['  e', '    f', '      e (see above)'],
    ]);
  });

  test('a bake file beside a Dockerfile changes its images, and no others', async () => {
    const repository = await repositoryOf(SHAPES['versions from bake files']);
    await cli(repository.dir, ['init']);
    await repository.commit({});
    const baked = [
      'apps/jackett/docker-bake.hcl',
      'apps/web/docker-bake.override.json',
      'apps/plain/docker-bake.hcl',
    ];
    await repository.commit(Object.fromEntries(baked.map((file) => [file, 'changed'])));
    const { affected } = await cliJson(repository.dir, ['--base', 'HEAD~1']);
    expect(affected.map(({ name }) => name)).toEqual(['jackett', 'web', 'web/alpine']);
  });

  test('where every image is an example, the examples are the images', async () => {
    const repository = await repositoryOf({ 'examples/one/Dockerfile': 'FROM scratch\n' });
    const { images, leftOut } = await cliJson<InitJson>(repository.dir, ['init']);
    expect([images.length, leftOut]).toEqual([1, []]);
  });
});
