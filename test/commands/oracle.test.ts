import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { affectedByBruteForce } from '../support/brute-force.ts';
import { cliJson } from '../support/cli.ts';
import { commitGenerated } from '../support/commit-generated.ts';
import { historyOf } from '../support/generated-repository.ts';
import { createRepository } from '../support/repository.ts';
import { runs } from '../support/runs.ts';

test('between two commits, what is read once for both is what reading each would be', async () => {
  const repository = await createRepository();
  await fc.assert(
    fc.asyncProperty(historyOf(2), async ([before, after]) => {
      const base = await commitGenerated(repository, before);
      const head = await commitGenerated(repository, after);
      const { affected } = await cliJson(repository.dir, ['--base', base, '--head', head]);
      const names = affected.map(({ name }) => name);
      expect(names.toSorted()).toEqual(affectedByBruteForce(before, after).toSorted());
    }),
    { numRuns: runs(25) },
  );
});
