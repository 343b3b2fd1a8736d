import { describe, expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { createRepository } from '../support/repository.ts';
import { platform } from './platform.ts';

describe('what a change affects', () => {
  test.each([
    [
      'a file below a copied directory, and what is built from the image',
      { 'base/files/motd': 'x' },
      ['base', 'java', 'trino'],
    ],
    ['a file no COPY takes', { 'base/README.md': 'x' }, []],
    ['a file the ignore file keeps out', { 'trino/README.md': 'x' }, []],
    ['a file of the whole context', { 'trino/config.properties': 'x' }, ['trino']],
    [
      'a Dockerfile in the middle',
      { 'java/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base:2\n' },
      ['java', 'trino'],
    ],
    ['a deleted input', { 'alone/run': null }, ['alone']],
    ['a changed mode', { 'alone/run': { content: '#!/bin/sh\n', mode: '100755' } }, ['alone']],
    ['the image’s own CI jobs', { 'alone/.gitlab-ci.yml': 'lint:\n  script: true\n' }, ['alone']],
    ['a file outside all images', { 'docs/index.md': 'x' }, []],
    ['a new ignore file that keeps out an input', { 'alone/.dockerignore': 'run\n' }, ['alone']],
    ['a new ignore file that changes no input', { 'alone/.dockerignore': 'nothing\n' }, []],
    ['a new image', { 'new/Dockerfile': 'FROM base\n' }, ['new']],
    ['nothing', {}, []],
  ] as const)('%s', async (_, files, expected) => {
    const { repository, base } = await platform();
    await repository.commit(files);
    expect(namesOf(await cliJson(repository.dir, ['--base', base]))).toEqual(expected);
  });
});

describe('images that come and go', () => {
  test('a deleted image is reported and gets no job; what was built from it is built', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'java/Dockerfile': null });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(comparison.removed).toEqual([{ name: 'java', directory: 'java' }]);
    expect(comparison.affected).toMatchObject([
      {
        name: 'trino',
        reasons: expect.arrayContaining([
          { kind: 'dependency', image: 'java', instruction: 'FROM', removed: true },
        ]),
      },
    ]);
    expect(comparison.unaffected).toEqual(['alone', 'base']);
  });

  test('a renamed directory is an image less and an image more, and both sides count', async () => {
    const { repository, base } = await platform();
    await repository.git('mv', 'base', 'alpine');
    await repository.commit({});
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(comparison.removed).toEqual([{ name: 'base', directory: 'base' }]);
    expect(namesOf(comparison)).toEqual(['alpine', 'java', 'trino']);
    expect(comparison.affected[0]?.reasons).toContainEqual({
      kind: 'new-image',
      dockerfile: 'alpine/Dockerfile',
    });
  });

  test('an edge that only the base has still triggers', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'java/Dockerfile': 'FROM scratch\n', 'base/files/motd': 'x' });
    const java = (await cliJson(repository.dir, ['--base', base])).affected.find(
      ({ name }) => name === 'java',
    );
    expect(java?.reasons.map(({ kind }) => kind)).toEqual(['dockerfile', 'dependency']);
  });

  test('so does one of a Dockerfile that is a link to elsewhere', async () => {
    const { repository } = await platform();
    const base = await repository.commit({
      'linked/Dockerfile': { symlink: '../shared/linked.txt' },
      'shared/linked.txt': 'FROM base\n',
    });
    await repository.commit({ 'shared/linked.txt': 'FROM scratch\n', 'base/files/motd': 'x' });
    const linked = (await cliJson(repository.dir, ['--base', base])).affected.find(
      ({ name }) => name === 'linked',
    );
    expect(linked?.reasons).toEqual([
      { kind: 'dockerfile', path: 'shared/linked.txt', status: 'modified' },
      { kind: 'dependency', image: 'base', instruction: 'FROM' },
    ]);
  });

  test('a repository without images says so, rather than that nothing is affected', async () => {
    const repository = await createRepository();
    await repository.commit({ 'README.md': 'x' });
    const { code, stdout } = await cli(repository.dir, ['--base', 'HEAD']);
    expect(code).toBe(0);
    expect(stdout).toContain('There is no image');
  });

  test('an image at the repository root is named after the origin of the clone', async () => {
    const origin = await createRepository();
    await origin.commit({ Dockerfile: 'FROM scratch\nCOPY . /\n', a: '1' });
    const clone = await origin.clone();
    await clone.git('remote', 'set-url', 'origin', 'https://git.example.com/group/web-app.git');
    await clone.commit({ a: '2' });
    expect((await cliJson(clone.dir, [])).affected).toMatchObject([{ name: 'web-app', directory: '.' }]);
  });
});

describe('job templates', () => {
  const templates = {
    'ci-templates/kaniko.yml': '.kaniko-build:\n  stage: build\n  extends: .login\n  script: [build]\n',
    'ci-templates/login.yml': '.login:\n  before_script: [login]\n',
    'ci-templates/lint.yml': '.lint:\n  script: [lint]\n',
    'ci-templates/snippets.yml': '.snippets:\n  scan: [scan]\n',
    'ci-templates/unused.yml': '.unused:\n  script: [x]\n',
    'ci-templates/README.md': 'about',
    'alone/.gitlab-ci.yml': 'lint:\n  extends: .lint\n',
    'base/.gitlab-ci.yml': 'scan:\n  script:\n    - !reference [.snippets, scan]\n',
  };
  const everything = ['alone', 'base', 'java', 'trino'];

  test.each([
    ['the template all images are built by', 'kaniko.yml', '.kaniko-build:\n  script: [other]\n', everything],
    ['a template that one extends', 'login.yml', '.login:\n  before_script: [other]\n', everything],
    ['a template an image’s own job extends', 'lint.yml', '.lint:\n  script: [other]\n', ['alone']],
    [
      'a template an image’s own job refers to',
      'snippets.yml',
      '.snippets:\n  scan: [other]\n',
      ['base', 'java', 'trino'],
    ],
    ['a template nobody uses', 'unused.yml', '.unused:\n  script: [y]\n', []],
    ['a file beside the templates', 'README.md', 'more', []],
    ['a template that is gone', 'lint.yml', null, ['alone']],
  ] as const)('%s', async (_, file, text, expected) => {
    const { repository, base } = await platform(templates);
    await repository.commit({ [`ci-templates/${file}`]: text });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(namesOf(comparison)).toEqual(expected);
    const own = comparison.affected
      .flatMap(({ reasons }) => reasons)
      .filter(({ kind }) => kind === 'template');
    expect(own.every(({ path }) => path === `ci-templates/${file}`)).toBe(true);
    expect(own.length > 0).toBe(expected.length > 0);
  });

  test('the preview says which template', async () => {
    const { repository, base } = await platform(templates);
    await repository.commit({ 'ci-templates/login.yml': '.login:\n  before_script: [other]\n' });
    const { stdout } = await cli(repository.dir, ['--base', base]);
    expect(stdout.match(/ci-templates\/login\.yml changed \(template \.login\)/g)).toHaveLength(4);
  });

  test('templates that were broken at the base may have been anything', async () => {
    const { repository } = await platform(templates);
    const broken = await repository.commit({ 'ci-templates/unused.yml': 'unused: [' });
    await repository.commit({ 'ci-templates/unused.yml': '.unused:\n  script: [x]\n' });
    expect(namesOf(await cliJson(repository.dir, ['--base', broken]))).toEqual(everything);
  });

  test('templates that are broken at the head are an error', async () => {
    const { repository, base } = await platform(templates);
    await repository.commit({ 'ci-templates/unused.yml': 'visible:\n  script: [x]\n' });
    const { code, stderr } = await cli(repository.dir, ['--base', base]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^affected: ci-templates\/unused\.yml:1:1: "visible" is no hidden job/);
  });
});

describe('what could not be known', () => {
  test('an unresolvable reference builds its image on every run, with --strict it fails', async () => {
    const { repository } = await platform({ 'unknown/Dockerfile': 'ARG WHICH\nFROM $WHICH\n' });
    const { code, stdout, stderr } = await cli(repository.dir, ['--base', 'HEAD']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('1 of 5 images affected');
    expect(stdout).toContain('unresolved-reference (unknown): unknown/Dockerfile:2:');
    expect((await cli(repository.dir, ['--base', 'HEAD', '--strict'])).code).toBe(2);
    expect((await cli(repository.dir, ['--base', 'HEAD', '--strict', '--json'])).code).toBe(2);
  });

  test('with nothing unknown, --strict changes nothing', async () => {
    const { repository } = await platform();
    expect((await cli(repository.dir, ['--base', 'HEAD', '--strict'])).code).toBe(0);
  });

  test('a Dockerfile that was broken only at the base builds its image', async () => {
    const { repository } = await platform();
    const broken = await repository.commit({ 'alone/Dockerfile': 'FORM scratch\n' });
    await repository.commit({ 'alone/Dockerfile': 'FROM scratch\n' });
    const comparison = await cliJson(repository.dir, ['--base', broken]);
    expect(comparison.affected).toMatchObject([
      { name: 'alone', reasons: [{ kind: 'dockerfile', path: 'alone/Dockerfile' }] },
    ]);
    // Nothing is unknown: it is not the Dockerfile it was.
    expect(comparison.widened).toEqual([]);
  });

  test('an ignore file that was broken only at the base builds its image', async () => {
    const { repository } = await platform();
    const broken = await repository.commit({ 'alone/.dockerignore': '[a-\n' });
    await repository.commit({ 'alone/.dockerignore': null });
    const comparison = await cliJson(repository.dir, ['--base', broken]);
    expect(namesOf(comparison)).toEqual(['alone']);
    expect(comparison.widened[0]?.detail).toMatch(/^at the base, alone\/\.dockerignore:1: /);
  });
});
