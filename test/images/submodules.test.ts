import { describe, expect, test } from 'vitest';
import { cliJson, namesOf } from '../support/cli.ts';
import { createRepository, type Files, type FileSpec } from '../support/repository.ts';

/** An image in `a` beside a submodule at `a/vendor/lib`, whose commit then changes. */
async function affectedBySubmodule(files: Files): Promise<string[]> {
  const repository = await createRepository();
  const submodule = (digit: string) => ({ submodule: digit.repeat(40) });
  const base = await repository.commit({ ...files, 'a/vendor/lib': submodule('1') });
  await repository.commit({ 'a/vendor/lib': submodule('2') });
  return namesOf(await cliJson(repository.dir, ['--base', base, '--head', 'HEAD']));
}

describe('a changed commit of a submodule affects', () => {
  test.each<[string, Files]>([
    ['a COPY of it', { 'a/Dockerfile': 'FROM scratch\nCOPY vendor/lib /\n' }],
    ['a COPY of what holds it', { 'a/Dockerfile': 'FROM scratch\nCOPY . /\n' }],
    ['a COPY from inside of it', { 'a/Dockerfile': 'FROM scratch\nCOPY vendor/lib/src/*.c /\n' }],
    [
      'a mount of a directory inside of it',
      { 'a/Dockerfile': 'FROM alpine\nRUN --mount=source=vendor/lib/src,target=/s true\n' },
    ],
    ['a wildcard that may lead into it', { 'a/Dockerfile': 'FROM scratch\nCOPY vendor/*/src /\n' }],
    [
      'a context inside of it',
      {
        'a/Dockerfile': 'FROM scratch\nCOPY x /\n',
        'affected.yml': 'images: {a: {context: a/vendor/lib/src}}\n',
      },
    ],
    [
      'a context that an exception lets it into',
      { 'a/Dockerfile': 'FROM scratch\nCOPY . /\n', 'a/.dockerignore': '*\n!vendor/lib/src\n' },
    ],
    [
      'a source that leads there from outside',
      {
        'a/Dockerfile': 'FROM scratch\nCOPY ../a/vendor/lib/src /\n',
        'affected.yml': 'images: {a: {context: b}}\n',
        'b/x': '',
      },
    ],
    [
      'a declared input inside of it',
      {
        'a/Dockerfile': 'FROM scratch\n',
        'affected.yml': 'images: {a: {inputs: ["a/vendor/lib/VERSION"]}}\n',
      },
    ],
    [
      'a declared glob that may match inside of it',
      { 'a/Dockerfile': 'FROM scratch\n', 'affected.yml': 'images: {a: {inputs: ["a/**/*.c"]}}\n' },
    ],
    [
      'a COPY of a link that leads into it',
      { 'a/Dockerfile': 'FROM scratch\nCOPY link /\n', 'a/link': { symlink: 'vendor/lib/src' } },
    ],
    [
      'a COPY of a link that leads to what holds it',
      { 'a/Dockerfile': 'FROM scratch\nCOPY link /\n', 'a/link': { symlink: 'vendor' } },
    ],
    [
      'a declared link that leads into it',
      {
        'a/Dockerfile': 'FROM scratch\n',
        'affected.yml': 'images: {a: {inputs: [VERSION]}}\n',
        VERSION: { symlink: 'a/vendor/lib/VERSION' },
      },
    ],
  ])('%s', async (_, files) => {
    expect(await affectedBySubmodule(files)).toEqual(['a']);
  });

  test.each<[string, Record<string, string>]>([
    ['no COPY of something else', { 'a/Dockerfile': 'FROM scratch\nCOPY src vendor/other /\n' }],
    [
      'nothing the ignore file keeps out',
      { 'a/Dockerfile': 'FROM scratch\nCOPY . /\n', 'a/.dockerignore': 'vendor\n' },
    ],
    ['no image elsewhere', { 'c/Dockerfile': 'FROM scratch\nCOPY . /\n' }],
    [
      'no declared input elsewhere',
      {
        'a/Dockerfile': 'FROM scratch\n',
        'affected.yml': 'images: {a: {inputs: ["b/**", "a/vendor/library"]}}\n',
        'b/x': '',
      },
    ],
  ])('%s', async (_, files) => {
    expect(await affectedBySubmodule(files)).toEqual([]);
  });
});

// What was in it is not known, so that a COPY from inside of it may have taken something.
test.each<[string, FileSpec]>([
  ['is gone', null],
  ['is a file now', '1'],
])('a submodule that %s affects what copied from inside of it', async (_, now) => {
  const repository = await createRepository();
  const base = await repository.commit({
    'a/Dockerfile': 'FROM scratch\nCOPY vendor/lib/src /\n',
    'a/vendor/lib': { submodule: '1'.repeat(40) },
  });
  await repository.commit({ 'a/vendor/lib': now });
  expect(namesOf(await cliJson(repository.dir, ['--base', base, '--head', 'HEAD']))).toEqual(['a']);
});
