import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import type { Files } from '../support/repository.ts';
import { platform } from './platform.ts';

const policy = (name: string, ...except: string[]) =>
  `unowned:\n  policy: ${name}\n  except: ${JSON.stringify(except)}\n`;

const STRAYS = { 'tools/x.sh': 'x', Makefile: 'x', 'docs/a.md': 'x' } satisfies Files;

const FINDING = (config: string) =>
  [
    'affected: 2 changed files belong to no image, and the policy for those is error:',
    '  Makefile',
    '  tools/x.sh',
    `Declare what changes an image under "inputs" in ${config}, and what changes none under "unowned.except" [unowned]`,
    '',
  ].join('\n');

describe('changed files that belong to no image', () => {
  test('are listed, and nothing is built for them', async () => {
    const { repository, base } = await platform();
    await repository.commit({ ...STRAYS, 'base/README.md': 'x' });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(comparison).toMatchObject({ affected: [], unowned: ['Makefile', 'docs/a.md', 'tools/x.sh'] });
    const { code, stdout, stderr } = await cli(repository.dir, ['--base', base]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('\n3 changed files belong to no image: Makefile, docs/a.md, tools/x.sh\n');
  });

  test('are none of what this program reads itself', async () => {
    const { repository, base } = await platform({ 'ci/settings.yml': policy('ignore') });
    await repository.commit({
      'affected.yml': policy('ignore'),
      'ci/settings.yml': 'version: 1\n',
      'ci/other.yml': 'x',
      'ci-templates/more.yml': '.more: {script: x}\n',
      'ci-templates/README.md': 'x',
      '.gitlab-ci.yml': 'x: {script: x}\n',
      'alone/.gitlab-ci.yml': 'lint: {script: x}\n',
      'alone/.dockerignore': 'x\n',
    });
    const unowned = async (...argv: string[]) =>
      (await cliJson(repository.dir, ['--base', base, ...argv])).unowned;
    const others = ['.gitlab-ci.yml', 'ci-templates/README.md', 'ci/other.yml'];
    expect(await unowned()).toEqual([...others, 'ci/settings.yml']);
    expect(await unowned('--config', 'ci/settings.yml')).toEqual(others);
    const elsewhere = await cliJson(`${repository.dir}/ci`, ['--base', base, '--config', 'settings.yml']);
    expect(elsewhere.unowned).toEqual(others);
  });

  test('are none where there is nothing to compare with', async () => {
    const { repository } = await platform({ 'affected.yml': policy('error') });
    await repository.write(STRAYS);
    const result = await cli(repository.dir, ['--json'], { env: { AFFECTED_ALL: '1' } });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toMatchObject({ unowned: [] });
  });

  test('leave out what the head’s config names under unowned.except', async () => {
    const { repository, base } = await platform({ 'affected.yml': policy('error', '**') });
    await repository.commit({ ...STRAYS, 'affected.yml': policy('all', 'docs/**', 'Make*') });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(comparison.unowned).toEqual(['tools/x.sh']);
    expect(namesOf(comparison)).toEqual(['alone', 'base', 'java', 'trino']);
  });
});

describe('unowned.policy: all', () => {
  test('affects every image, and says for which file', async () => {
    const { repository, base } = await platform({ 'affected.yml': policy('all', 'docs/**') });
    await repository.commit({ ...STRAYS, 'alone/run': 'x' });
    const { code, stdout } = await cli(repository.dir, ['--base', base, '--head', 'HEAD']);
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot('../golden/preview-unowned.txt');
    const { affected } = await cliJson(repository.dir, ['--base', base]);
    expect(affected[0]?.reasons).toEqual([
      expect.objectContaining({ kind: 'source', path: 'alone/run' }),
      { kind: 'unowned', path: 'Makefile', count: 2 },
    ]);
  });

  test('also for a file of which it is only supposed that it changed', async () => {
    const { repository } = await platform({ 'affected.yml': policy('all') });
    const comparison = await cliJson(repository.dir, ['--what-if', 'tools/new.sh']);
    expect(comparison.unowned).toEqual(['tools/new.sh']);
    expect(namesOf(comparison)).toHaveLength(4);
  });

  test('and the pipeline builds them all', async () => {
    const { repository, base } = await platform({ 'affected.yml': policy('all') });
    await repository.commit({ Makefile: 'x' });
    const { code } = await cli(repository.dir, ['generate', '--base', base, '-o', 'out.yml']);
    expect(code).toBe(0);
    const yaml = await readFile(join(repository.dir, 'out.yml'), 'utf8');
    expect([...yaml.matchAll(/^(\w+):build:$/gm)].map(([, name]) => name)).toHaveLength(4);
  });
});

describe('unowned.policy: error', () => {
  test.each([
    ['the preview', []],
    ['JSON', ['--json']],
    ['a chain', ['explain', 'alone']],
    ['a path', ['explain', 'docs/a.md']],
    ['a graph', ['graph']],
  ])('the answer is given, and the run fails: %s', async (_, argv) => {
    const { repository, base } = await platform({ 'affected.yml': policy('ignore', 'docs/**') });
    await repository.commit({ ...STRAYS, 'alone/run': 'x' });
    const run = () => cli(repository.dir, [...argv, '--base', base]);
    const before = await run();
    expect(before).toMatchObject({ code: 0, stderr: '' });
    await repository.commit({ 'affected.yml': policy('error', 'docs/**') });
    const after = await run();
    expect(after).toMatchObject({ code: 1, stderr: FINDING('affected.yml') });
    expect(after.stdout.length).toBeGreaterThan(0);
    await repository.commit({ 'affected.yml': policy('error', 'docs/**', 'Makefile', 'tools/*') });
    expect(await run()).toMatchObject({ code: 0, stderr: '' });
  });

  test('generate prints what it found, and writes nothing', async () => {
    const { repository, base } = await platform();
    await repository.write({ 'mine.yml': policy('error', 'docs/**', '*.yml') });
    await repository.commit({ ...STRAYS, 'alone/run': 'x' });
    const argv = ['generate', '--base', base, '--config', 'mine.yml', '-o', 'out.yml'];
    const first = await cli(repository.dir, argv);
    expect(first).toMatchObject({ code: 1, stderr: FINDING('mine.yml') });
    expect(first.stdout).toContain('1 of 4 images affected');
    expect(first.stdout).not.toContain('Wrote');
    expect(existsSync(join(repository.dir, 'out.yml'))).toBe(false);
    await repository.write({ 'out.yml': 'of the last time' });
    expect((await cli(repository.dir, argv)).code).toBe(1);
    expect(await readFile(join(repository.dir, 'out.yml'), 'utf8')).toBe('of the last time');
  });

  test('what could not be known under --strict weighs more, and both are told', async () => {
    const { repository, base } = await platform({
      'affected.yml': policy('error'),
      'alone/Dockerfile': 'ARG WHICH\nFROM $WHICH\n',
    });
    await repository.commit({ Makefile: 'x' });
    const { code, stderr } = await cli(repository.dir, ['--base', base, '--strict']);
    expect(code).toBe(2);
    expect(stderr).toContain('1 changed file belongs to no image');
  });

  test('names reach the terminal as escapes, and not more of them than a person reads', async () => {
    const { repository, base } = await platform({ 'affected.yml': policy('error') });
    const many = Array.from({ length: 22 }, (_, index) => [`x\u001b${100 + index}`, ''] as const);
    await repository.commit(many.slice(0, 20));
    const run = async () => (await cli(repository.dir, ['--base', base])).stderr.split('\n');
    expect(await run()).toHaveLength(23);
    await repository.commit(many);
    const lines = await run();
    expect(lines[1]).toBe('  x\\u001b100');
    expect(lines.slice(20, 23)).toEqual([
      '  x\\u001b119',
      '  and 2 more; affected --json lists them all',
      expect.stringMatching(/^Declare what changes an image/),
    ]);
  });
});

describe('explain PATH says what the policy does with a file of no image', () => {
  test.each([
    ['ignore', 'nothing is built when it changes (unowned.policy is ignore).'],
    ['all', 'every image is built when it changes (unowned.policy is all).'],
    [
      'error',
      'the run fails when it changes (unowned.policy is error). Declare it under "inputs" or "unowned.except".',
    ],
  ])('%s', async (name, words) => {
    const { repository } = await platform({ 'affected.yml': policy(name, 'docs/**'), ...STRAYS });
    const explain = (path: string) => cli(repository.dir, ['explain', path, '--base', 'HEAD']);
    expect(await explain('Makefile')).toMatchObject({
      code: 0,
      stdout: `Makefile did not change.\nIt belongs to no image: ${words}\n`,
    });
    expect((await explain('docs/a.md')).stdout).toBe('docs/a.md did not change.\nIt can affect no image.\n');
    const json = await cliJson<object>(repository.dir, ['explain', 'Makefile', '--base', 'HEAD']);
    expect(json).toMatchObject({ unowned: true, unownedPolicy: name, inputOf: [] });
  });

  test('and why images whose build context holds it do not take it', async () => {
    const { repository } = await platform({
      'affected.yml': 'images: {alone: {context: ., target: "1"}}\n',
      'alone/Dockerfile': 'FROM scratch AS test\nCOPY tools /\nFROM scratch\nCOPY alone/run /\n',
      'alone/Dockerfile.dockerignore': 'docs\n',
      ...STRAYS,
    });
    const why = async (path: string) =>
      (await cli(repository.dir, ['explain', path, '--base', 'HEAD'])).stdout.split('\n').slice(2, -1);
    expect(await why('tools/x.sh')).toEqual([
      'It is no input of:',
      '  alone: only a build stage that is not needed takes it (COPY tools, line 2)',
    ]);
    expect(await why('docs/a.md')).toEqual([
      'It is no input of:',
      '  alone: alone/Dockerfile.dockerignore:1 keeps it out of the build context (docs)',
    ]);
    expect(await why('Makefile')).toEqual([
      'It is no input of:',
      '  alone: it is in the build context, but the one source copied from there does not hold it',
    ]);
  });
});

test('check names globs of unowned.except that match nothing', async () => {
  const { repository } = await platform({ 'affected.yml': policy('all', 'docs/**', '*.md'), 'a.md': '' });
  const { code, stdout } = await cli(repository.dir, ['check']);
  expect([code, stdout]).toEqual([
    1,
    'affected.yml: unowned.except: no file matches docs/** [unused-setting]\n',
  ]);
});
