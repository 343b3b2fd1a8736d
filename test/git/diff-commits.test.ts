import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diffCommits, parseDiffs } from '../../src/git/diff-commits.ts';
import { diffTrees, parseRawDiff } from '../../src/git/diff-trees.ts';
import { createRepository } from '../support/repository.ts';

describe('diffCommits', () => {
  test('says of each pair what comparing the two says', async () => {
    const repository = await createRepository();
    const commits = [
      await repository.commit({ a: '1', 'd/b': '1', ':c': '1' }),
      await repository.commit({ a: '2', 'd/b': null, ':c': { symlink: 'a' } }),
      await repository.commit({}),
      await repository.commit([
        [Buffer.from([0x62, 0xff]), 'x'],
        ['line\nfeed', ':100644 100644'],
        ['sub', { submodule: 'a'.repeat(40) }],
      ]),
      await repository.commit({ a: { content: '2', mode: '100755' } }),
    ];
    const pairs = commits.flatMap((head) => commits.map((base) => ({ base, head })));
    const root = { root: repository.dir };
    const expected = await Promise.all(pairs.map(({ base, head }) => diffTrees(root, base, head)));
    expect(await diffCommits(root, pairs)).toEqual(expected);
    expect(expected.filter((changes) => changes.length === 0).length).toBe(7);
  });

  test('starts nothing for nothing', async () => {
    expect(await diffCommits({ root: '/nonexistent' }, [])).toEqual([]);
  });

  test('says nothing of what is missing', async () => {
    const repository = await createRepository();
    const one = await repository.commit({ a: '1' });
    const two = await repository.commit({ a: '2' });
    const three = await repository.commit({ a: '3' });
    const root = { root: repository.dir };
    const changes = await diffTrees(root, one, two);
    const gone = '1'.repeat(40);
    expect(
      await diffCommits(root, [
        { base: one, head: gone },
        { base: one, head: two },
      ]),
    ).toEqual([undefined, changes]);
    // One that git gives up at: what it said before may not be whole.
    const tree = await repository.git('rev-parse', `${three}^{tree}`);
    await rm(join(repository.dir, '.git/objects', tree.slice(0, 2), tree.slice(2)));
    const found = await diffCommits(root, [
      { base: one, head: two },
      { base: one, head: two },
      { base: two, head: three },
      { base: one, head: two },
    ]);
    expect(found[0]).toEqual(changes);
    expect(found.slice(2)).toEqual([undefined, undefined]);
  });
});

test('of what git wrote before it failed, only what is surely whole counts', () => {
  const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
  const change = `:100644 100644 ${a} ${b} M\0d/x\0`;
  const diffs = [`${a}\0${change}${change}`, `${b}\0`, `${a}\0${change}`];
  const pairs = [a, b, a].map((head) => ({ base: b, head }));
  const expected = diffs.map((diff) => parseRawDiff(diff.slice(41)));
  const output = diffs.join('');
  expect(parseDiffs(output, { pairs, whole: true })).toEqual(expected);
  for (let length = 0; length <= output.length; length += 1) {
    const found = parseDiffs(output.slice(0, length), { pairs, whole: false });
    const known = found.filter((changes) => changes !== undefined);
    expect(known).toEqual(expected.slice(0, known.length));
    expect(found.slice(known.length).every((changes) => changes === undefined)).toBe(true);
  }
});
