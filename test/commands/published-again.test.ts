import { expect, test } from 'vitest';
import type { Compared } from '../../src/commands/compare-with-base.ts';
import { publishedAgain } from '../../src/commands/published-again.ts';

/** A comparison of a head with the images a, b and c, of which some are affected. */
function compared(...affected: string[]): Compared {
  const images = new Map(['a', 'b', 'c'].map((name) => [name, {}]));
  const comparison = { affected: affected.map((name) => ({ image: { name } })) };
  return { comparison, head: { side: { images } } } as unknown as Compared;
}

async function ask(published: Parameters<typeof publishedAgain>[0]['published']) {
  const asked: string[] = [];
  const requests = await publishedAgain({
    published,
    compared: compared('a'),
    compareWith: (commit) => {
      asked.push(commit);
      return Promise.resolve(compared('a', 'b'));
    },
  });
  return { asked, names: requests.map(({ names }) => names) };
}

test('commits are compared with only where they may matter', async () => {
  const published = [
    { image: 'a', pipeline: 1, commit: '1' },
    { image: 'b', pipeline: 2, commit: '2' },
    { image: 'c', pipeline: 2, commit: '2' },
    { image: 'gone', pipeline: 3, commit: '3' },
  ];
  expect(await ask(published)).toEqual({ asked: ['2'], names: ['b'] });
  expect(await ask([{ commit: '1' }])).toEqual({ asked: ['1'], names: ['b'] });
  expect(await ask([])).toEqual({ asked: [], names: [] });
});

test('of many commits the last ones are taken to differ', async () => {
  const published = ['1', '2', '3', '4', '5'].map((commit) => ({ image: 'c', pipeline: 1, commit }));
  expect(await ask(published)).toEqual({ asked: ['1', '2', '3', '4'], names: ['c'] });
});
