import { createTally } from '../affected/tally.ts';
import { AffectedError } from '../errors.ts';
import { renderBacktest, renderBacktestLine } from '../render/backtest.ts';
import type { CommandFunction } from '../run.ts';
import { paintFor } from './paint.ts';
import { progressBar } from './progress.ts';
import { replay } from './replay.ts';

const DEFAULT_COMMITS = '100';

/** `affected backtest [--commits N] [--ref R]`: what the last commits would have built, beside simpler ways to decide. */
export const backtest: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  const asked = countOf(values.commits ?? DEFAULT_COMMITS);
  const { commits, results } = await replay({ ...options, count: asked });
  const progress = values.json ? undefined : progressBar(surroundings, commits.length);
  const { add, tally } = createTally();
  const unread = new Map<string, string[]>();
  for await (const { commit, parent, compared, error } of results) {
    const message = error?.lines.join('; ');
    if (values.json) {
      surroundings.stdout(
        renderBacktestLine({
          commit,
          parent,
          comparison: compared?.comparison,
          error: error && { code: error.code, message: error.lines.join('; ') },
        }),
      );
    } else if (message !== undefined) unread.set(message, [...(unread.get(message) ?? []), commit]);
    else if (compared) {
      add({ commit, changes: compared.changes, head: compared.head.side, affected: compared.comparison });
    }
    progress?.advance();
  }
  progress?.clear();
  if (values.json) return 0;
  const ref = values.ref ?? 'HEAD';
  const ids = commits.map(({ commit }) => commit);
  surroundings.stdout(
    renderBacktest({ ref, asked, commits: ids, tally, unread }, { paint: paintFor(surroundings) }),
  );
  return 0;
};

function countOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new AffectedError(
    'usage',
    `--commits ${JSON.stringify(text)}: it takes a number of commits, such as 200`,
  );
}
