import { expect, test } from 'vitest';
import { recentCommits } from '../../src/git/recent-commits.ts';
import { createRepository } from '../support/repository.ts';

test('lists commits with one parent, newest first, and no more than are asked for', async () => {
  const repository = await createRepository();
  const first = await repository.commit({ a: '1' });
  const second = await repository.commit({ a: '2' });
  await repository.git('checkout', '-q', '-b', 'other', first);
  const side = await repository.commit({ b: '1' });
  await repository.git('checkout', '-q', 'main');
  await repository.git('merge', '-q', '--no-ff', '-m', 'a merge', 'other');
  const merge = await repository.git('rev-parse', 'HEAD');
  const last = await repository.commit({ a: '3' });
  const list = (count: number) => recentCommits({ repository: { root: repository.dir }, from: last, count });
  const all = [
    { commit: last, parent: merge },
    { commit: side, parent: first },
    { commit: second, parent: first },
  ];
  expect(await list(100)).toEqual(all);
  expect(await list(2)).toEqual(all.slice(0, 2));
  const range = { repository: { root: repository.dir }, from: last, without: side };
  expect(await recentCommits(range)).toEqual([all[0], all[2]]);
  expect(await recentCommits({ ...range, without: last })).toEqual([]);
});

test('a shallow clone ends where it has no parent', async () => {
  const repository = await createRepository();
  for (const a of ['1', '2', '3']) await repository.commit({ a });
  const clone = await repository.clone('--depth=2');
  const head = await clone.git('rev-parse', 'HEAD');
  const found = await recentCommits({ repository: { root: clone.dir }, from: head, count: 9 });
  expect(found).toEqual([{ commit: head, parent: await clone.git('rev-parse', 'HEAD~1') }]);
});
