import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { backtestLine, backtestLines } from '../support/backtest.ts';
import { cliJson } from '../support/cli.ts';
import { commitGenerated } from '../support/commit-generated.ts';
import { historyOf } from '../support/generated-repository.ts';
import { createRepository } from '../support/repository.ts';
import { runs } from '../support/runs.ts';

test('of a history with branches, what is read once for all is what reading each commit would be', async () => {
  const repository = await createRepository();
  await fc.assert(
    fc.asyncProperty(historyOf(3), async (states) => {
      const commits: string[] = [];
      for (const state of states) commits.push(await commitGenerated(repository, state));
      const [first, second, third] = commits as [string, string, string];
      // Back to the first state, beside the third, and a merge of both.
      const side = await repository.git('commit-tree', '-m', 'back', '-p', second, `${first}^{tree}`);
      const parents = ['-p', third, '-p', side];
      const merge = await repository.git('commit-tree', '-m', 'merge', ...parents, `${third}^{tree}`);
      const lines = await backtestLines(repository.dir, ['--ref', merge, '--commits', '3']);
      expect(lines.map(({ commit }) => commit)).toEqual([side, third, second]);
      for (const line of lines) {
        const compared = await cliJson(repository.dir, ['--base', line.parent, '--head', line.commit]);
        expect(line).toEqual(backtestLine(line, compared));
      }
    }),
    { numRuns: runs(5) },
  );
});
