import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { backtestLine, type BacktestLine, backtestLines } from '../support/backtest.ts';
import { cli, type ComparisonJson } from '../support/cli.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';
import { platform } from './platform.ts';

/** One of everything that can happen to a repository of images. */
async function eventful(): Promise<TestRepository> {
  const { repository } = await platform();
  await repository.commit({ 'base/files/motd': 'x' });
  await repository.commit({ 'base/README.md': 'x', 'docs/x': 'x' });
  await repository.commit({ 'trino/conf': 'moved', 'alone/run': null, 'alone/start': '#!/bin/sh\n' });
  await repository.git('checkout', '-q', '-b', 'side');
  await repository.commit({ 'side/Dockerfile': 'FROM alone\n' });
  await repository.commit({ 'java/Dockerfile': 'FROM\n' });
  await repository.commit({ 'docs/x': 'y' });
  await repository.commit({ 'java/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base\n' });
  await repository.git('checkout', '-q', 'main');
  await repository.commit({ 'affected.yml': 'images: {base: {args: {TAG: "1"}}}\n' });
  await repository.commit({
    'affected.yml': 'images: {alone: {target: }, base: {variants: {"1": {}, "2": {}}}}\n',
  });
  await repository.commit({ 'affected.yml': 'images: {base: {variants: {"1": {}, "2": {}}}}\n' });
  await repository.git('merge', '-q', '--no-ff', '-m', 'a merge', 'side');
  await repository.commit({ 'trino/Dockerfile': 'ARG WHICH\nFROM $WHICH\nCOPY . /etc/trino\n' });
  await repository.commit({ 'alone/Dockerfile': null });
  await repository.commit({ 'java/Dockerfile': null, 'side/x': { symlink: '../docs' } });
  return repository;
}

describe('affected backtest', () => {
  test('what a person reads', async () => {
    const repository = await eventful();
    const { code, stdout, stderr } = await cli(repository.dir, ['backtest', '--commits', '100']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await expect(stdout).toMatchFileSnapshot('../golden/backtest.txt');
  });

  test('each line says what a comparison of the commit with its parent says', async () => {
    const repository = await eventful();
    const lines = await backtestLines(repository.dir, ['--commits', '100']);
    const log = await repository.git('log', '--no-merges', '--min-parents=1', '--format=%H %P');
    expect(lines.map(({ commit, parent }) => `${commit} ${parent}`)).toEqual(log.split('\n'));
    for (const line of lines) {
      const { code, stdout, stderr } = await cli(repository.dir, [
        ...['--base', line.parent, '--head', line.commit, '--json'],
      ]);
      if (code === 0) expect(line).toEqual(backtestLine(line, JSON.parse(stdout) as ComparisonJson));
      else expect(stderr).toContain(`${line.error?.message} [${line.error?.code}]`);
    }
    expect(lines.filter(({ error }) => error).map(({ error }) => error?.code)).toEqual([
      'config',
      'dockerfile',
      'dockerfile',
    ]);
  });

  test('where a Dockerfile is broken, its image and those built from it count, and what else is affected', async () => {
    const { repository } = await platform();
    await repository.commit({ 'java/Dockerfile': 'FROM\n' });
    await repository.commit({ 'alone/run': 'x' });
    const [last, first] = (await backtestLines(repository.dir, [])) as [BacktestLine, BacktestLine];
    // What it was built on is not known any more.
    expect(first).toMatchObject({ affected: ['java', 'trino'], error: { code: 'dockerfile' } });
    expect(last).toMatchObject({ affected: ['alone', 'java', 'trino'], error: { code: 'dockerfile' } });
    expect(last.widened).toEqual([
      { scope: 'image', image: 'java', code: 'dockerfile', detail: last.error?.message },
    ]);
  });

  test('all that is broken is told', async () => {
    const { repository } = await platform();
    await repository.commit({ 'java/Dockerfile': 'FROM\n', 'alone/Dockerfile': 'FORM\n' });
    const [line] = await backtestLines(repository.dir, []);
    expect(line?.error?.message).toMatch(/alone\/Dockerfile:1:1: .*; java\/Dockerfile:1/);
  });

  test('of a bare clone, from another commit, with a config for all', async () => {
    const { repository } = await platform();
    const second = await repository.commit({ 'base/files/motd': 'x' });
    await repository.commit({ 'alone/run': 'x' });
    const clone = await repository.clone('--bare');
    await repository.write({ 'other.yml': 'discover: {exclude: [trino/**]}\n' });
    const config = `${repository.dir}/other.yml`;
    const found = await backtestLines(clone.dir, ['--ref', 'main~1', '--config', config]);
    expect(found.map(({ commit, affected }) => ({ commit, affected }))).toEqual([
      { commit: second, affected: ['base', 'java'] },
    ]);
  });

  test('merges and the first commit aside, a history may be empty: that is told, not an empty answer', async () => {
    const { repository } = await platform();
    for (const argv of [
      ['--ref', 'main'],
      ['--ref', 'main', '--json'],
    ]) {
      const { code, stdout, stderr } = await cli(repository.dir, ['backtest', ...argv]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(
        /^affected: there is nothing to replay in main: .*shallow.* \[nothing-to-replay\]\n$/,
      );
    }
  });

  test('commits without a config are told, for the answer may be another with one', async () => {
    const { repository } = await platform();
    await repository.commit({ 'alone/run': 'x' });
    const config = { 'affected.yml': 'discover: {exclude: [trino/**]}\n' };
    await repository.commit(config);
    await repository.commit({ 'alone/run': 'y' });
    const { stdout } = await cli(repository.dir, ['backtest', '--commits', '3']);
    expect(stdout).toContain(
      '\n1 of them has no affected.yml, so the defaults counted; --config FILE replays all with one config.\n',
    );
    await repository.write(config);
    for (const argv of [
      ['--config', `${repository.dir}/affected.yml`],
      ['--commits', '2'],
    ]) {
      expect((await cli(repository.dir, ['backtest', ...argv])).stdout).not.toContain('--config');
    }
  });

  test('without an image there is nothing to compare', async () => {
    const repository = await createRepository();
    await repository.commit({ a: '1' });
    await repository.commit({ a: '2' });
    const { stdout } = await cli(repository.dir, ['backtest', '--commits', '1']);
    expect(stdout).toMatch(/\n0 had something to build, 1 had nothing\.\nNone of them has an image\.\n$/);
  });

  test('commits whose objects are gone end nothing', async () => {
    const { repository } = await platform();
    const second = await repository.commit({ 'base/files/motd': 'x' });
    const gone = await repository.commit({ 'java/x': 'x' });
    const last = await repository.commit({ 'alone/run': 'x' });
    const tree = await repository.git('rev-parse', `${gone}^{tree}`);
    await removeObject(repository, tree);
    const found = await backtestLines(repository.dir, []);
    expect(found.map(({ commit }) => commit)).toEqual([last, gone, second]);
    expect(found[0]?.widened.map(({ code }) => code)).toEqual(['base-unreadable']);
    expect(found[0]?.affected).toEqual(['alone', 'base', 'java', 'trino']);
    expect(found[1]?.error?.code).toBe('git-failed');
    expect(found[2]).toMatchObject({ affected: ['base', 'java', 'trino'] });
    const { stdout } = await cli(repository.dir, ['backtest']);
    expect(stdout).toContain('1 could not be read');
    expect(stdout).toContain('base-unreadable: 1 commit');
  });

  test.each([
    ['0', 'usage'],
    ['many', 'usage'],
    ['-1', 'usage'],
  ])('--commits %s is no number of commits', async (count) => {
    const { repository } = await platform();
    const { code, stderr } = await cli(repository.dir, ['backtest', `--commits=${count}`]);
    expect(code).toBe(2);
    expect(stderr).toContain(`--commits "${count}": it takes a number of commits`);
  });

  test('a commit that is not there is named with its option', async () => {
    const { repository } = await platform();
    const { code, stderr } = await cli(repository.dir, ['backtest', '--ref', 'nowhere']);
    expect(code).toBe(2);
    expect(stderr).toContain('--ref: "nowhere" names no commit here');
  });
});

describe('the bar', () => {
  test.each([
    ['on a terminal', [], true, {}, true],
    ['not where errors go elsewhere', [], false, {}, false],
    ['not in CI', [], true, { CI: 'true' }, false],
    ['not on a dumb terminal', [], true, { TERM: 'dumb' }, false],
    ['not with --json', ['--json'], true, {}, false],
  ])('%s', async (_, argv, stderrIsTerminal, env, isShown) => {
    const { repository } = await platform();
    await repository.commit({ 'alone/run': 'x' });
    const { stderr } = await cli(repository.dir, ['backtest', ...argv], { stderrIsTerminal, env });
    expect(stderr.endsWith('\r\u001b[K')).toBe(isShown);
    if (!isShown) expect(stderr).toBe('');
  });
});

async function removeObject({ dir }: TestRepository, id: string): Promise<void> {
  await rm(join(dir, '.git/objects', id.slice(0, 2), id.slice(2)));
}
