import { AffectedError } from '../errors.ts';
import { nothingTo } from '../git/recent-commits.ts';
import { renderBacktestLine } from '../render/backtest.ts';
import type { CommandFunction } from '../run.ts';
import { backtestSummary } from './backtest-summary.ts';
import { progressBar } from './progress.ts';
import { replay } from './replay.ts';

const DEFAULT_COMMITS = '100';

/** `affected backtest [--commits N] [--ref R]`: what the last commits would have built, beside simpler ways to decide. */
export const backtest: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  const asked = countOf(values.commits ?? DEFAULT_COMMITS);
  const ref = values.ref ?? 'HEAD';
  const replayed = await replay({ ...options, count: asked });
  if (replayed.commits.length === 0) throw nothingTo('replay', ref);
  if (values.json) {
    for await (const { commit, parent, compared, error } of replayed.results) {
      const problem = error && { code: error.code, message: error.lines.join('; ') };
      const line = { commit, parent, comparison: compared?.comparison, error: problem };
      surroundings.stdout(renderBacktestLine(line));
    }
    return 0;
  }
  const progress = progressBar(surroundings, replayed.commits.length);
  const onCommit = () => progress?.advance();
  const summary = await backtestSummary(replayed, { ref, asked, surroundings, onCommit });
  progress?.clear();
  surroundings.stdout(summary);
  return 0;
};

function countOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new AffectedError(
    'usage',
    `--commits ${JSON.stringify(text)}: it takes a number of commits, such as 200`,
  );
}
