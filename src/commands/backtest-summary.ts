import { createTally } from '../affected/tally.ts';
import { renderBacktest } from '../render/backtest.ts';
import type { Surroundings } from '../run.ts';
import { paintFor } from './paint.ts';
import type { Replay } from './replay.ts';

/** What the commits of a replay would have built, in words for a person. */
export async function backtestSummary(
  { commits, results }: Replay,
  options: { ref: string; asked: number; surroundings: Surroundings; onCommit: () => void },
): Promise<string> {
  const { ref, asked, surroundings, onCommit } = options;
  const { add, tally } = createTally();
  const unread = new Map<string, string[]>();
  let byDefault = 0;
  for await (const { commit, compared, error, isByDefault } of results) {
    if (isByDefault) byDefault += 1;
    if (error) {
      const message = error.lines.join('; ');
      unread.set(message, [...(unread.get(message) ?? []), commit]);
    } else if (compared) {
      add({ commit, changes: compared.changes, head: compared.head.side, affected: compared.comparison });
    }
    onCommit();
  }
  const ids = commits.map(({ commit }) => commit);
  return renderBacktest(
    { ref, asked, commits: ids, tally, unread, byDefault },
    { paint: paintFor(surroundings) },
  );
}
