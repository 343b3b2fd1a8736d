import { describe, expect, test } from 'vitest';
import { cli, type ComparisonJson, namesOf } from '../support/cli.ts';
import { serve } from '../support/git-daemon.ts';
import { createHost, type GitHost } from '../support/git-host.ts';
import { runnerCheckout } from '../support/runner-checkout.ts';
import { watchClone } from '../support/watch-clone.ts';
import { documentSituations, type Outcome } from './document.ts';
import { mergeRequests } from './merge-requests.ts';
import { otherPipelines } from './other-pipelines.ts';
import { pushes } from './pushes.ts';
import type { Situation } from './situation.ts';

const GROUPS = {
  'Merge requests': mergeRequests,
  Pushes: pushes,
  'Other pipelines': otherPipelines,
};
const DEPTHS = [1, 20, 0];

const outcomes = new Map<Situation, readonly Outcome[]>();

describe.each(Object.entries(GROUPS))('%s', (_, situations) => {
  test.each(situations.map((situation) => [situation.title, situation] as const))(
    '%s',
    async (_title, situation) => {
      const host = await createHost(situation);
      const daemon = await serve(host.server);
      // Each depth, and the shallowest over both ways to the server.
      const files = DEPTHS.map((depth) => decide({ situation, host, depth }));
      const [overNetwork, ...found] = await Promise.all([
        decide({ situation, host, depth: 1, url: daemon }),
        ...files,
      ]);
      // What git says of a failure is not the same.
      expect({ ...overNetwork, detail: '' }).toEqual({ ...found[0], detail: '' });
      outcomes.set(situation, found);
    },
  );
});

test('docs/base-commit.md tells of each situation', async () => {
  const groups = Object.entries(GROUPS).map(([title, situations]) => ({
    title,
    rows: situations.map((situation) => ({ situation, found: outcomes.get(situation) ?? [] })),
  }));
  await expect(documentSituations(groups)).toMatchFileSnapshot('../../docs/base-commit.md');
});

/** Runs the program in a checkout as the runner makes it, which must be sound then and have lost nothing. */
async function decide(options: {
  situation: Situation;
  host: GitHost;
  depth: number;
  url?: string;
}): Promise<Outcome> {
  const { situation, host, ...how } = options;
  const { branch, tag } = situation;
  const commit = idOf(host, situation.head);
  const checkout = await runnerCheckout({ ...how, server: host.server, commit, branch, tag });
  const isSound = await watchClone(checkout);
  const env = Object.fromEntries(
    Object.entries(situation.variables).map(([name, value]) => [
      name,
      value.startsWith('@') ? idOf(host, value.slice(1)) : value,
    ]),
  );
  const { code, stdout, stderr } = await cli(checkout.dir, ['--json'], { env });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  await isSound();
  const comparison = JSON.parse(stdout) as ComparisonJson;
  const nameOf = (id: string) => Object.entries(host.ids).find(([, other]) => other === id)?.[0] ?? id;
  const { base, widened, changedPaths } = comparison;
  const isBase = base === null ? undefined : situation.base?.includes(nameOf(base));
  expect({ isBase, codes: widened.map(({ code: widening }) => widening) }).toEqual({
    isBase: situation.base && true,
    codes: situation.widened === undefined ? [] : [situation.widened],
  });
  expect(changedPaths).toBe(situation.base ? situation.changed.length : null);
  const directories = situation.changed.map((path) => path.split('/')[0]);
  expect(namesOf(comparison).toSorted()).toEqual(
    situation.base ? [...new Set(directories)].toSorted() : await imagesOf(checkout),
  );
  // The program says how many paths differ; that they are these, git says.
  const lists = await Promise.all(
    (situation.base ?? []).map((name) =>
      checkout.git('diff-tree', '-r', '--name-only', idOf(host, name), commit),
    ),
  );
  const changed = new Set(lists.flatMap((list) => list.split('\n')).filter((path) => path !== ''));
  expect([...changed].toSorted()).toEqual(situation.changed);
  return { why: comparison.baseWhy, detail: widened[0]?.detail, asked: stderr.split('\n').slice(0, -1) };
}

function idOf(host: GitHost, name: string): string {
  const id = host.ids[name];
  if (id === undefined) throw new Error(`there is no commit ${name}`);
  return id;
}

async function imagesOf(checkout: { git: (...args: string[]) => Promise<string> }): Promise<string[]> {
  const paths = (await checkout.git('ls-tree', '-r', '--name-only', 'HEAD')).split('\n');
  return paths.filter((path) => path.endsWith('/Dockerfile')).map((path) => path.split('/')[0] as string);
}
