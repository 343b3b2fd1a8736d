import { describe, expect, test } from 'vitest';
import { cli, cliJson } from '../support/cli.ts';
import { platform } from './platform.ts';

describe('explain IMAGE', () => {
  test('the chain from the changed path through each image to this one', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'base/files/motd': 'x', 'trino/config': 'x' });
    const { code, stdout } = await cli(repository.dir, ['explain', 'trino', '--base', base]);
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot('../golden/explain-image.txt');
  });

  test('an image that several others hand on is told once', async () => {
    const { repository } = await platform({
      'left/Dockerfile': 'FROM base\n',
      'right/Dockerfile': 'FROM base\n',
      'third/Dockerfile': 'FROM right\n',
      'both/Dockerfile': 'FROM left\nCOPY --from=right /a /a\nRUN --mount=from=third,target=/t true\n',
    });
    const { stdout } = await cli(repository.dir, ['explain', 'both', '--what-if', 'base/files/motd']);
    expect(stdout).toBe(
      [
        'both is affected:',
        '  FROM left, which is affected',
        '    FROM base, which is affected',
        '      base/files/motd modified (COPY files, line 2)',
        '  COPY --from right, which is affected',
        '    FROM base, which is affected',
        '      (told above)',
        '  RUN --mount from third, which is affected',
        '    FROM right, which is affected',
        '      (told above)',
        '',
      ].join('\n'),
    );
  });

  test.each([
    [
      'not affected',
      'alone',
      'alone is not affected: no changed file can change it or an image it is built from.\n',
    ],
    ['removed', 'java', 'java was removed; it gets no job.\n'],
  ])('%s', async (_, image, expected) => {
    const { repository, base } = await platform();
    await repository.commit({ 'java/Dockerfile': null });
    expect((await cli(repository.dir, ['explain', image, '--base', base])).stdout).toBe(expected);
  });

  test('built from an image that was removed', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'java/Dockerfile': null });
    const { stdout } = await cli(repository.dir, ['explain', 'trino', '--base', base]);
    expect(stdout).toContain('\n  FROM java, which was removed\n');
  });

  test('as JSON', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'base/files/motd': 'x', 'trino/Dockerfile': null });
    const explain = (image: string) => cliJson<unknown>(repository.dir, ['explain', image, '--base', base]);
    expect(await explain('java')).toEqual({
      image: 'java',
      affected: true,
      removed: false,
      reasons: [{ kind: 'dependency', image: 'base', instruction: 'FROM' }],
    });
    expect(await explain('alone')).toEqual({ image: 'alone', affected: false, removed: false, reasons: [] });
    expect(await explain('trino')).toEqual({ image: 'trino', affected: false, removed: true, reasons: [] });
  });

  test('an image may be named by its directory, from where one stands', async () => {
    const { repository } = await platform({ 'affected.yml': 'names:\n  alone: lonely\n' });
    const expected = /^lonely is not affected/;
    expect((await cli(repository.dir, ['explain', 'alone/', '--base', 'HEAD'])).stdout).toMatch(expected);
    expect((await cli(`${repository.dir}/alone`, ['explain', '.', '--base', 'HEAD'])).stdout).toMatch(
      expected,
    );
  });

  test('an image’s name goes before a file of that name', async () => {
    const { repository } = await platform({
      'affected.yml': 'names:\n  alone: readme\n',
      readme: 'x',
    });
    expect((await cli(repository.dir, ['explain', 'readme', '--base', 'HEAD'])).stdout).toMatch(
      /^readme is not affected/,
    );
    expect((await cli(repository.dir, ['explain', './readme', '--base', 'HEAD'])).stdout).toMatch(
      /^readme did not change/,
    );
  });

  test('--strict fails on what could not be known', async () => {
    const { repository } = await platform({ 'unknown/Dockerfile': 'ARG WHICH\nFROM $WHICH\n' });
    const { code, stdout } = await cli(repository.dir, ['explain', 'unknown', '--base', 'HEAD', '--strict']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^unknown is affected:\n {2}can't be known: unknown\/Dockerfile:2: /);
  });
});

describe('explain what is neither', () => {
  test.each([
    [
      'a name nobody has',
      'nothing-like-it',
      /"nothing-like-it" is neither an image nor a file of this repository; for a file that is yet to come, add --what-if FILE/,
    ],
    ['a misspelled image', 'trnio', /"trnio" is neither .*; do you mean trino\?/],
    [
      'a directory without an image',
      'base/files',
      /"base\/files" is a directory; name one image or one file/,
    ],
    [
      'a directory of several images',
      'two',
      /"two" is the directory of the images both, two\/alpine; name one image or one file/,
    ],
    ['a path outside the repository', '../x', /"\.\.\/x" lies outside the repository/],
  ])('%s', async (_, subject, expected) => {
    const { repository } = await platform({
      'affected.yml': 'discover:\n  dockerfiles: ["**/Dockerfile", "**/Dockerfile.*"]\nnames:\n  two: both\n',
      'two/Dockerfile': 'FROM scratch\n',
      'two/Dockerfile.alpine': 'FROM scratch\n',
    });
    const { code, stdout, stderr } = await cli(repository.dir, ['explain', subject, '--base', 'HEAD']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(expected);
  });
});
