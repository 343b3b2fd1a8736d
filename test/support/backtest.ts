import { cli, type ComparisonJson } from './cli.ts';

/** A line of `affected backtest --json`, as it is documented. */
export interface BacktestLine {
  commit: string;
  parent: string;
  affected: string[];
  removed: string[];
  widened: ComparisonJson['widened'];
  error?: { code: string; message: string };
}

export async function backtestLines(dir: string, argv: readonly string[]): Promise<BacktestLine[]> {
  const { code, stdout, stderr } = await cli(dir, ['backtest', '--json', ...argv]);
  if (code !== 0 || stderr !== '') throw new Error(`exit code ${code}: ${stderr}`);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as BacktestLine);
}

/** What such a line must say where a comparison of the commit with its parent says this. */
export function backtestLine(
  { commit, parent }: Pick<BacktestLine, 'commit' | 'parent'>,
  { affected, removed, widened }: ComparisonJson,
): BacktestLine {
  const directories = (images: readonly { directory: string }[]) =>
    [...new Set(images.map(({ directory }) => directory))].sort();
  return { commit, parent, affected: directories(affected), removed: directories(removed), widened };
}
