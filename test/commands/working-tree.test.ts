import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { platform } from './platform.ts';

describe('the local preview', () => {
  test('takes staged, unstaged and untracked files along, and counts them', async () => {
    const { repository } = await platform();
    await repository.write({ 'alone/run': 'staged\n' });
    await repository.git('add', 'alone/run');
    await repository.write({ 'base/files/motd': 'unstaged\n', 'trino/config': 'untracked\n' });
    const comparison = await cliJson(repository.dir, ['--base', 'HEAD']);
    expect(comparison.workingTree).toEqual({ staged: 1, unstaged: 1, untracked: 1 });
    expect(comparison.changedPaths).toBe(3);
    expect(namesOf(comparison)).toEqual(['alone', 'base', 'java', 'trino']);
    const { stdout } = await cli(repository.dir, ['--base', 'HEAD']);
    expect(stdout).toContain('and the working tree: 1 staged, 1 unstaged, 1 untracked\n');
  });

  test('says so when there is nothing to take along', async () => {
    const { repository } = await platform();
    expect((await cli(repository.dir, ['--base', 'HEAD'])).stdout).toContain('and a clean working tree\n');
  });

  test.each([
    ['a new image', { 'new/Dockerfile': 'FROM base\n' }, ['new']],
    ['a Dockerfile', { 'alone/Dockerfile': 'FROM base\nCOPY run /run\n' }, ['alone']],
    ['a deleted file', { 'alone/run': null }, ['alone']],
    ['an ignore file', { 'alone/.dockerignore': 'run\n' }, ['alone']],
    ['a mode', { 'alone/run': { content: '#!/bin/sh\n', mode: '100755' } }, ['alone']],
    ['the config', { 'affected.yml': 'images:\n  alone:\n    args: {A: "1"}\n' }, ['alone']],
    ['a link in place of a file', { 'alone/run': { symlink: 'elsewhere' } }, ['alone']],
  ] as const)('%s that is not committed', async (_, files, expected) => {
    const { repository } = await platform();
    await repository.write(files);
    expect(namesOf(await cliJson(repository.dir, ['--base', 'HEAD']))).toEqual(expected);
  });

  test('an image whose Dockerfile is gone from the disk is removed', async () => {
    const { repository } = await platform();
    await repository.write({ 'java/Dockerfile': null });
    const comparison = await cliJson(repository.dir, ['--base', 'HEAD']);
    expect(comparison.removed).toEqual([{ name: 'java', directory: 'java' }]);
    expect(namesOf(comparison)).toEqual(['trino']);
  });

  test('a committed change that is reverted on disk is none', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'alone/run': 'x', 'trino/config': 'x' });
    await repository.write({ 'alone/run': '#!/bin/sh\n' });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(namesOf(comparison)).toEqual(['trino']);
    expect(comparison.changedPaths).toBe(1);
  });

  test('a Dockerfile that is committed broken and mended on disk is no error', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'alone/Dockerfile': 'FORM scratch\n' });
    await repository.write({ 'alone/Dockerfile': 'FROM scratch\nCOPY run /bin/\n' });
    expect(namesOf(await cliJson(repository.dir, ['--base', base]))).toEqual(['alone']);
  });

  test('ignored files are in no clone and count for nothing', async () => {
    const { repository } = await platform({ '.gitignore': '*.tmp\n' });
    await repository.write({ 'trino/build.tmp': 'x' });
    expect(namesOf(await cliJson(repository.dir, ['--base', 'HEAD']))).toEqual([]);
  });

  test('a named head, even HEAD itself, leaves the working tree out', async () => {
    const { repository } = await platform();
    await repository.write({ 'alone/run': 'x', 'alone/Dockerfile': 'broken' });
    const comparison = await cliJson(repository.dir, ['--base', 'HEAD', '--head', 'HEAD']);
    expect(comparison).toMatchObject({ workingTree: null, changedPaths: 0, affected: [] });
    expect((await cli(repository.dir, ['--base', 'HEAD', '--head', 'HEAD'])).stdout).not.toContain(
      'working tree',
    );
  });
});

test('a git status that fails while git still lists the files is told', async () => {
  const { repository, base } = await platform();
  const own = `${repository.dir}/.git/own`;
  const path = process.env['PATH'] as string;
  await mkdir(own);
  const script = `case "$*" in *ls-tree*) sleep 0.3 ;; *status*) echo broken >&2; exit 128 ;; esac\nPATH='${path}' exec git "$@"`;
  await writeFile(`${own}/git`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('PATH', `${own}:${path}`);
  for (const command of [['--base', base], ['check'], ['graph']]) {
    expect(await cli(repository.dir, command)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'affected: git status failed with exit code 128: broken [git-failed]\n',
    });
  }
});
