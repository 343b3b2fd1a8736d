import { describe, expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { PLATFORM, platform } from './platform.ts';

describe('explain PATH', () => {
  const rich = {
    'affected.yml': 'inputs:\n  - paths: [shared/**]\n    images: [alone, java]\n',
    'shared/versions.env': 'A=1\n',
    'ci-templates/kaniko.yml': '.kaniko-build:\n  script: [x]\n',
    'alone/.gitlab-ci.yml': 'lint:\n  extends: .kaniko-build\n',
  };

  test('which images take it, what is built from them, and which do not take it and why', async () => {
    const { repository } = await platform({
      'base/tools/Dockerfile': 'FROM scratch\nCOPY . /\n',
      'base/tools/.dockerignore': '*.md\n',
    });
    await repository.write({ 'base/tools/notes.md': 'x' });
    const ignored = await cli(repository.dir, ['explain', 'base/tools/notes.md', '--base', 'HEAD']);
    await repository.write({ 'base/Dockerfile': 'FROM scratch\nCOPY tools files/ /\n' });
    const taken = await cli(repository.dir, ['explain', 'base/tools/notes.md', '--base', 'HEAD']);
    await expect(`${ignored.stdout}\n${taken.stdout}`).toMatchFileSnapshot('../golden/explain-path.txt');
  });

  test.each([
    [
      'a Dockerfile',
      'java/Dockerfile',
      ['java/Dockerfile did not change.', 'It can affect:', '  java: its Dockerfile', 'Built from it: trino'],
    ],
    [
      'a declared input',
      'shared/versions.env',
      [
        'shared/versions.env did not change.',
        'It can affect:',
        '  alone: declared input shared/**',
        '  java: declared input shared/**',
        'Built from these: trino',
      ],
    ],
    [
      'CI jobs',
      'alone/.gitlab-ci.yml',
      ['alone/.gitlab-ci.yml did not change.', 'It can affect:', '  alone: its CI jobs'],
    ],
    [
      'a template, which each image uses once',
      'ci-templates/kaniko.yml',
      [
        'ci-templates/kaniko.yml did not change.',
        'It can affect:',
        ...['alone', 'base', 'java', 'trino'].map((name) => `  ${name}: template .kaniko-build`),
      ],
    ],
    [
      'the config',
      'affected.yml',
      ['affected.yml did not change.', 'It can affect:', '  any image whose settings it changes'],
    ],
    [
      'an ignore file',
      'trino/.dockerignore',
      [
        'trino/.dockerignore did not change.',
        'It can affect:',
        '  trino: COPY ., line 3',
        '  trino: decides which files of its build context count',
      ],
    ],
    [
      'a file of nobody',
      'base/README.md',
      [
        'base/README.md did not change.',
        'It can affect no image.',
        'It is no input of:',
        '  base: it is in the build context, but the one source copied from there does not hold it',
      ],
    ],
  ])('%s', async (_, path, lines) => {
    const { repository } = await platform(rich);
    const { code, stdout } = await cli(repository.dir, ['explain', path, '--base', 'HEAD']);
    expect(code).toBe(0);
    expect(stdout).toBe(`${lines.join('\n')}\n`);
  });

  test('an ignore file, and what is built from its image', async () => {
    const { repository } = await platform({ 'base/.dockerignore': 'x\n' });
    const { stdout } = await cli(repository.dir, ['explain', 'base/.dockerignore', '--base', 'HEAD']);
    expect(stdout).toBe(
      'base/.dockerignore did not change.\nIt can affect:\n' +
        '  base: decides which files of its build context count\nBuilt from it: java, trino\n',
    );
  });

  test('a config that --config overrides', async () => {
    const { repository } = await platform({ ...rich, 'other.yml': 'version: 1\n' });
    const argv = ['explain', 'affected.yml', '--base', 'HEAD', '--config', 'other.yml'];
    expect((await cli(repository.dir, argv)).stdout).toBe(
      'affected.yml did not change.\nIt can affect no image.\n',
    );
  });

  test('a link that leads to it', async () => {
    const { repository } = await platform({ 'shared/data': 'x' });
    await repository.commit({ 'alone/run': { symlink: '../shared/data' } });
    const { stdout } = await cli(repository.dir, ['explain', 'shared/data', '--base', 'HEAD']);
    expect(stdout).toContain('  alone: COPY run through the link alone/run, line 2\n');
  });

  test('a Dockerfile with another comment, which affects nothing unless it says more', async () => {
    const { repository, base } = await platform();
    const text = 'ARG CI_REGISTRY_IMAGE\nARG TAG=1\n# the base\nFROM $CI_REGISTRY_IMAGE/base:${TAG}\n';
    await repository.commit({
      'java/Dockerfile': text,
      'trino/Dockerfile': PLATFORM['trino/Dockerfile'] + '#\n',
    });
    expect(namesOf(await cliJson(repository.dir, ['--base', base]))).toEqual(['trino']);
    const explain = async (subject: string) =>
      (await cli(repository.dir, ['explain', subject, '--base', base])).stdout;
    expect(await explain('java/Dockerfile')).toBe(
      'java/Dockerfile changed.\nIt can affect:\n' +
        '  java: its Dockerfile, changed only in what the builder discards\nBuilt from it: trino\n',
    );
    expect(await explain('trino/Dockerfile')).toContain('  trino: COPY ., line 3\n');
    expect(await explain('java')).toContain('java is not affected');
    await repository.write({ 'java/Dockerfile': `${text}RUN true\n` });
    expect(await explain('java/Dockerfile')).toContain('  java: its Dockerfile\n');
    expect(namesOf(await cliJson(repository.dir, ['--base', base]))).toEqual(['java', 'trino']);
    await repository.git('checkout', '--', '.');
    await repository.git('update-index', '--chmod=+x', 'java/Dockerfile', 'base/Dockerfile');
    await repository.git('commit', '-qm', 'mode');
    expect(namesOf(await cliJson(repository.dir, ['--base', base, '--head', 'HEAD']))).toEqual(['trino']);
  });

  test('a file that is gone, as an input that only the base knows', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'alone/run': null, 'alone/Dockerfile': 'FROM scratch\n' });
    const { stdout } = await cli(repository.dir, ['explain', 'alone/run', '--base', base]);
    expect(stdout).toBe('alone/run changed.\nIt can affect:\n  alone: COPY run, line 2\n');
  });

  test('without a base', async () => {
    const { repository } = await platform();
    const { stdout } = await cli(repository.dir, ['explain', 'alone/run'], { env: { AFFECTED_ALL: '1' } });
    expect(stdout).toBe('alone/run did not change.\nIt can affect:\n  alone: COPY run, line 2\n');
  });

  test('one that does not exist yet, with --what-if', async () => {
    const { repository } = await platform();
    const { stdout } = await cli(repository.dir, ['explain', 'trino/new', '--what-if', 'trino/new']);
    expect(stdout).toBe('trino/new changed.\nIt can affect:\n  trino: COPY ., line 3\n');
  });

  test('as JSON', async () => {
    const { repository } = await platform(rich);
    const explain = (path: string) => cliJson<unknown>(repository.dir, ['explain', path, '--base', 'HEAD']);
    const none = {
      inputOf: [],
      templateOf: [],
      ignoreFileOf: [],
      argsFileOf: [],
      isConfig: false,
      dependents: [],
      notInputOf: [],
      unowned: false,
      unownedPolicy: 'ignore',
    };
    expect(await explain('base/files/motd')).toEqual({
      ...none,
      path: 'base/files/motd',
      changed: false,
      inputOf: [{ image: 'base', rule: { kind: 'source', instruction: 'COPY', source: 'files', line: 2 } }],
      dependents: ['java', 'trino'],
    });
    expect(await explain('trino/README.md')).toEqual({
      ...none,
      path: 'trino/README.md',
      changed: false,
      notInputOf: [
        { image: 'trino', why: 'ignored', file: 'trino/.dockerignore', line: 1, pattern: 'README.md' },
      ],
    });
    expect(await explain('ci-templates/kaniko.yml')).toMatchObject({
      templateOf: ['alone', 'base', 'java', 'trino'].map((image) => ({ image, template: '.kaniko-build' })),
    });
    expect(await explain('affected.yml')).toEqual({
      ...none,
      path: 'affected.yml',
      changed: false,
      isConfig: true,
    });
  });
});
