import { describe, expect, test } from 'vitest';
import { uniteChanges } from '../../src/git/change-sets.ts';
import { diffTrees } from '../../src/git/diff-trees.ts';
import { mergeBases } from '../../src/git/merge-bases.ts';
import { createRepository } from '../support/repository.ts';

describe('mergeBases', () => {
  test('finds where two branches parted', async () => {
    const repository = await createRepository();
    const base = await repository.commit({ a: '1' });
    const one = await repository.commit({ a: '2' });
    await repository.git('checkout', '--quiet', '-b', 'other', base);
    const other = await repository.commit({ b: '1' });
    expect(await mergeBases({ repository: { root: repository.dir, shallow: false }, one, other })).toEqual({
      commits: [base],
      certain: true,
    });
  });

  test('finds none between unrelated histories', async () => {
    const repository = await createRepository();
    const one = await repository.commit({ a: '1' });
    await repository.git('checkout', '--quiet', '--orphan', 'other');
    const other = await repository.commit({ b: '1' });
    expect(await mergeBases({ repository: { root: repository.dir, shallow: false }, one, other })).toEqual({
      commits: [],
      certain: true,
    });
  });

  test('finds all after branches were merged into each other: no single one shows every change', async () => {
    const repository = await createRepository();
    const root = repository.dir;
    const start = await repository.commit({ path: 'x' });
    const onMain = await repository.commit({ main: '1' });
    await repository.git('checkout', '--quiet', '-b', 'topic', start);
    const onTopic = await repository.commit({ path: 'y' });
    await repository.git('merge', '--quiet', onMain);
    await repository.git('checkout', '--quiet', 'main');
    await repository.git('merge', '--quiet', onTopic);
    await repository.git('checkout', '--quiet', 'topic');
    const one = await repository.commit({ path: 'x' });
    const { commits } = await mergeBases({ repository: { root, shallow: false }, one, other: 'main' });
    expect(commits.toSorted()).toEqual([onMain, onTopic].toSorted());
    // Merged into main, where `path` is y, topic would change it to x, as it was in the other merge base.
    const fromMain = await diffTrees({ root }, onMain, one);
    expect(fromMain.map(({ path }) => path)).toEqual([]);
    const fromTopic = await diffTrees({ root }, onTopic, one);
    expect(uniteChanges(fromMain, fromTopic).map(({ path }) => path)).toContain('path');
  });

  test('is not certain where a cut may hide a better one', async () => {
    const server = await createRepository();
    await server.commit({ a: '0' });
    const base = await server.commit({ a: '1' });
    const one = await server.commit({ a: '2' });
    await server.git('checkout', '--quiet', '-b', 'other', base);
    const other = await server.commit({ b: '1' });
    const cases = [
      { depth: 1, commits: [], certain: false },
      { depth: 2, commits: [base], certain: true },
    ];
    for (const { depth, commits, certain } of cases) {
      const { dir } = await server.clone(`--depth=${depth}`, '--no-single-branch');
      const found = await mergeBases({ repository: { root: dir, shallow: true }, one, other });
      expect(found).toEqual({ commits, certain });
    }
  });

  test('is not certain where one way is cut, even if another way leads to an older ancestor', async () => {
    const server = await createRepository();
    const start = await server.commit({ a: '0' });
    await server.git('checkout', '--quiet', '-b', 'long', start);
    const better = await server.commit({ b: '0' });
    for (const text of ['1', '2', '3', '4', '5', '6']) await server.commit({ b: text });
    await server.git('checkout', '--quiet', '-b', 'topic', start);
    await server.git('merge', '--quiet', '--no-ff', 'long');
    const one = await server.git('rev-parse', 'HEAD');
    await server.git('checkout', '--quiet', 'main');
    await server.git('merge', '--quiet', '--no-ff', better);
    const other = await server.commit({ c: '1' });
    const { dir } = await server.clone('--depth=4', '--no-single-branch');
    const shallow = await mergeBases({ repository: { root: dir, shallow: true }, one, other });
    expect(shallow).toEqual({ commits: [start], certain: false });
    const whole = await mergeBases({ repository: { root: server.dir, shallow: false }, one, other });
    expect(whole).toEqual({ commits: [better], certain: true });
  });

  test('is certain where one commit is an ancestor of the other, whatever was cut', async () => {
    const server = await createRepository();
    await server.commit({ a: '0' });
    await server.git('checkout', '--quiet', '-b', 'side');
    for (const text of ['1', '2', '3', '4']) await server.commit({ b: text });
    await server.git('checkout', '--quiet', 'main');
    const other = await server.commit({ a: '1' });
    await server.git('merge', '--quiet', '--no-ff', 'side');
    const one = await server.git('rev-parse', 'HEAD');
    const { dir } = await server.clone('--depth=3');
    const found = await mergeBases({ repository: { root: dir, shallow: true }, one, other });
    expect(found).toEqual({ commits: [other], certain: true });
  });
});
