import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { createRepository } from '../support/repository.ts';
import { platform } from './platform.ts';

const args = (value: string) => `images:\n  alone:\n    args: {A: "${value}"}\n`;

describe('affected.yml is read from each compared commit', () => {
  test.each([
    ['changed', args('1'), args('2'), ['alone'], ['args.A']],
    ['added', undefined, args('1'), ['alone'], ['args.A']],
    ['removed', args('1'), null, ['alone'], ['args.A']],
    ['changed in a comment', args('1'), `# why\n${args('1')}`, [], undefined],
    [
      'more than one setting',
      args('1'),
      'images:\n  alone: {target: "0", context: ., template: .other}\n',
      ['alone'],
      ['args.A', 'context', 'target', 'template'],
    ],
  ] as const)('%s', async (_, before, after, expected, settings) => {
    const { repository, base } = await platform(before === undefined ? {} : { 'affected.yml': before });
    await repository.commit({ 'affected.yml': after });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(namesOf(comparison)).toEqual(expected);
    expect(comparison.affected[0]?.reasons).toEqual(settings && [{ kind: 'config', settings }]);
  });

  test('an image that the config renames is an image less and an image more', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'affected.yml': 'names:\n  alone: lonely\n' });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(comparison.removed).toEqual([{ name: 'alone', directory: 'alone' }]);
    expect(namesOf(comparison)).toEqual(['lonely']);
  });

  test('an input that only the base declares still triggers', async () => {
    const { repository, base } = await platform({
      'affected.yml': 'images:\n  alone: {inputs: [shared.txt]}\n',
      'shared.txt': '1',
    });
    await repository.commit({ 'affected.yml': null, 'shared.txt': '2' });
    expect((await cliJson(repository.dir, ['--base', base])).affected).toMatchObject([
      {
        name: 'alone',
        reasons: [{ kind: 'declared-input', glob: 'shared.txt', path: 'shared.txt', status: 'modified' }],
      },
    ]);
  });

  test('broken at the base: everything is built, with --strict it fails', async () => {
    const { repository, base } = await platform({ 'affected.yml': 'imagse: {}\n' });
    await repository.commit({ 'affected.yml': null });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(comparison).toMatchObject({ base: null, changedPaths: null });
    expect(comparison.widened).toMatchObject([{ scope: 'all', code: 'base-unreadable' }]);
    expect(comparison.widened[0]?.detail).toContain('affected.yml:1:1: ');
    expect(namesOf(comparison)).toEqual(['alone', 'base', 'java', 'trino']);
    expect((await cli(repository.dir, ['--base', base, '--strict'])).code).toBe(2);
  });

  test('two images of one name at the base only: everything is built', async () => {
    const { repository, base } = await platform({ 'affected.yml': 'names:\n  alone: same\n  base: same\n' });
    await repository.commit({ 'affected.yml': null });
    expect((await cliJson(repository.dir, ['--base', base])).widened).toMatchObject([
      { code: 'base-unreadable' },
    ]);
  });

  test('broken at the head: all findings, exit 2', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'affected.yml': 'imagse: {}\nversion: 2\ndiscover:\n  dockerfiles: []\n' });
    const { code, stdout, stderr } = await cli(repository.dir, ['--base', base]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.split('\n')).toHaveLength(4);
    expect(stderr).toMatch(
      /^affected: affected\.yml:1:1: .*images.*\naffected\.yml:2:\d+: .*\naffected\.yml:4:\d+: .* \[config\]\n$/,
    );
  });
});

describe('--config FILE', () => {
  test('holds for both commits, whatever they say themselves, and may lie anywhere', async () => {
    const { repository, base } = await platform({ 'affected.yml': 'broken: [' });
    await repository.commit({ 'affected.yml': args('2'), 'trino/config': 'x' });
    const elsewhere = await createRepository();
    await writeFile(`${elsewhere.dir}/mine.yml`, 'discover:\n  exclude: [trino/**]\n');
    const here = ['--base', base, '--config', `${elsewhere.dir}/mine.yml`];
    expect(await cliJson(repository.dir, here)).toMatchObject({
      affected: [],
      unaffected: ['alone', 'base', 'java'],
      widened: [],
    });
    const there = ['--cwd', repository.dir, '--base', base, '--config', 'mine.yml'];
    expect(await cliJson(elsewhere.dir, there)).toMatchObject({
      affected: [],
      unaffected: ['alone', 'base', 'java'],
    });
  });

  test.each([
    ['none.yml', /--config none\.yml: there is no such file \[unreadable-config\]\n$/],
    ['alone', /--config alone: .*EISDIR.* \[unreadable-config\]\n$/],
    ['mine.yml', /^affected: mine\.yml:1:1: .* \[config\]\n$/],
  ])('that can’t be used: %s', async (file, expected) => {
    const { repository } = await platform({ 'mine.yml': 'imagse: {}\n' });
    const { code, stderr } = await cli(repository.dir, ['--config', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(expected);
  });
});
