import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openOrigin } from '../../src/git/origin.ts';
import { type PlaceOnBranch, placeOnBranch } from '../../src/git/place-on-branch.ts';
import { openRepository } from '../../src/git/repository.ts';
import { createHost, type GitHost } from '../support/git-host.ts';
import type { History } from '../support/git-history.ts';
import { runnerCheckout } from '../support/runner-checkout.ts';
import { runs } from '../support/runs.ts';

/** Where a commit stands on main, seen from a runner's checkout of it. The clone must be none the worse. */
async function placeIn(
  { server, ids }: GitHost,
  options: { commit: string; depth: number; asked: readonly string[]; url?: string },
) {
  const commit = ids[options.commit] as string;
  const checkout = await runnerCheckout({ ...options, server, commit });
  const before = await checkout.git('rev-list', '--all', 'HEAD');
  const said: string[] = [];
  const answer = await placeOnBranch({
    repository: await openRepository(checkout.dir),
    commit,
    branch: 'main',
    origin: openOrigin({ root: checkout.dir, budgetMs: 60_000, say: (line) => said.push(line) }),
    asked: new Set(options.asked.map((name) => ids[name] as string)),
  });
  expect(await checkout.git('rev-list', '--all', 'HEAD')).toBe(before);
  await checkout.git('fsck', '--connectivity-only');
  const nameOf = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  const named = (place: PlaceOnBranch) => ({
    ...place,
    newer: place.newer.map((id) => nameOf.get(id) as string),
  });
  return { answer: answer.ok ? named(answer.value) : answer.detail, said };
}

const linear = (count: number): History =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`c${index}`, { files: { a: `${index}` } }]),
  );

describe.each([1, 3, 0])('a checkout of depth %i', (depth) => {
  test('of the branch’s tip needs no history', async () => {
    const host = await createHost({ history: linear(5), refs: { main: 'c4' } });
    const { answer, said } = await placeIn(host, { commit: 'c4', depth, asked: ['c3'] });
    expect(answer).toEqual({ onBranch: true, newer: [] });
    expect(said).toEqual(['git ls-remote origin refs/heads/main\n']);
  });

  test('knows what came after, the newest first', async () => {
    const host = await createHost({ history: linear(6), refs: { main: 'c5' } });
    const { answer } = await placeIn(host, { commit: 'c2', depth, asked: [] });
    expect(answer).toEqual({ onBranch: true, newer: ['c5', 'c4', 'c3'] });
  });

  test('that is hundreds of commits behind', async () => {
    const host = await createHost({ history: linear(400), refs: { main: 'c399' } });
    const { answer } = await placeIn(host, { commit: 'c9', depth, asked: ['c399', 'c10', 'c8'] });
    expect(answer).toMatchObject({ onBranch: true });
    expect((answer as PlaceOnBranch).newer).toHaveLength(390);
  });

  test('of a branch that was pushed back, or elsewhere', async () => {
    const history: History = { ...linear(4), other: { parents: ['c1'], files: { a: 'x' } } };
    const back = await createHost({ history, refs: { main: 'c1', old: 'c3' } });
    expect((await placeIn(back, { commit: 'c3', depth, asked: ['c1'] })).answer).toEqual({
      onBranch: false,
      newer: [],
    });
    const away = await createHost({ history, refs: { main: 'other', old: 'c3' } });
    expect((await placeIn(away, { commit: 'c3', depth, asked: ['c1'] })).answer).toEqual({
      onBranch: false,
      newer: ['other'],
    });
  });

  test('an older commit that a short way leads to does not look newer', async () => {
    // `old` was merged long ago into what `c` stands on, and is merged again from a branch that began there.
    const long: History = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`l${index}`, index === 0 ? { parents: ['merge'] } : {}]),
    );
    const history: History = {
      root: {},
      old: { parents: ['root'], files: { b: '1' } },
      merge: { parents: ['root', 'old'], files: { c: '1' } },
      ...long,
      c: { parents: ['l299', 'root'] },
      tip: { parents: ['c', 'old'], files: { d: '1' } },
    };
    const host = await createHost({ history, refs: { main: 'tip' } });
    const { answer } = await placeIn(host, { commit: 'c', depth, asked: ['old'] });
    expect(answer).toEqual({ onBranch: true, newer: ['tip'] });
  });
});

test('what can’t be had is told', async () => {
  const host = await createHost({ history: linear(3), refs: { trunk: 'c2' } });
  const { answer } = await placeIn(host, { commit: 'c1', depth: 1, asked: [] });
  expect(answer).toBe('origin has no branch main');
});

test('from any checkout of any history: what counts is as in all of it', async () => {
  const histories = fc.array(fc.array(fc.nat(30), { maxLength: 2 }), { minLength: 2, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(
      histories,
      fc.nat(100),
      fc.nat(100),
      fc.constantFrom(1, 2, 4, 0),
      async (parents, one, other, depth) => {
        const history: History = Object.fromEntries(
          parents.map((list, index) => [
            `c${index}`,
            {
              parents: [...new Set(list.map((parent) => parent % Math.max(1, index)))]
                .filter((parent) => parent < index)
                .map((parent) => `c${parent}`),
              files: { a: `${index}` },
            },
          ]),
        );
        const names = Object.keys(history);
        const commit = names[one % names.length] as string;
        const tip = names[other % names.length] as string;
        const host = await createHost({ history, refs: { main: tip, own: commit } });
        const list = await host.server.git('rev-list', host.ids[tip] as string, `^${host.ids[commit]}`);
        const newer = new Set(list.split('\n'));
        const merged = await host.server.git('rev-list', host.ids[tip] as string);
        const { answer } = await placeIn(host, { commit, depth, asked: names });
        expect(answer).toEqual({
          onBranch: merged.split('\n').includes(host.ids[commit] as string),
          newer: expect.any(Array) as string[],
        });
        expect(new Set((answer as PlaceOnBranch).newer)).toEqual(
          new Set(names.filter((name) => newer.has(host.ids[name] as string))),
        );
      },
    ),
    { numRuns: runs(12) },
  );
});
