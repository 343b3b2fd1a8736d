import { explainReason } from '../affected/reasons.ts';
import type { Tally } from '../affected/tally.ts';
import { displayDirectory } from '../images/image.ts';
import type { Comparison } from './comparison.ts';
import { printable, printableJsonLine } from './printable.ts';
import type { Paint } from './table.ts';

/** The commits that were replayed, and what is told of them beside their tally. */
export interface Backtest {
  /** What the commits were taken from, as the user names it. */
  ref: string;
  /** How many were asked for, and the ids of those that there are, newest first; never none. */
  asked: number;
  commits: readonly string[];
  tally: Tally;
  /** By what is wrong with them, the commits whose files can't be read. */
  unread: ReadonlyMap<string, readonly string[]>;
  /** How many of them were read without any config. */
  byDefault: number;
}

/** One commit as a line of JSON. Where there is an error, the rest is what is known all the same, if anything is. */
export function renderBacktestLine(line: {
  commit: string;
  parent: string;
  comparison: Pick<Comparison, 'affected' | 'removed' | 'widened'> | undefined;
  error: { code: string; message: string } | undefined;
}): string {
  const { commit, parent, comparison: compared, error } = line;
  const { affected, removed, widened } = compared ?? { affected: [], removed: [], widened: [] };
  return printableJsonLine({
    commit,
    parent,
    affected: distinct(affected.map(({ image }) => displayDirectory(image.directory))),
    removed: distinct(removed.map(({ directory }) => directory)),
    widened,
    // Left out where there is none, as JSON does.
    error,
  });
}

/** Variants of one Dockerfile have one directory. */
function distinct(directories: readonly string[]): string[] {
  return [...new Set(directories)].sort();
}

const MOST_EXAMPLES = 5;
const MOST_INPUTS = 10;

/** What would have been built, beside what other ways to decide would have, and what there is to look at. */
export function renderBacktest(backtest: Backtest, { paint }: { paint: Paint }): string {
  const { tally } = backtest;
  const sections = [
    heading(backtest, paint),
    tally.everything === 0 ? [] : totals(tally, paint),
    missed(tally, paint),
    needless(tally, paint),
    busiest(tally, paint),
    widenings(tally, paint),
    unread(backtest, paint),
  ];
  const told = sections.filter((lines) => lines.length > 0);
  return `${told.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function heading(
  { ref, asked, commits, tally, unread: broken, byDefault }: Backtest,
  paint: Paint,
): string[] {
  const [newest, oldest] = [commits[0], commits.at(-1)] as [string, string];
  const span = `${paint('cyan', newest.slice(0, 10))} back to ${paint('cyan', oldest.slice(0, 10))}`;
  const lines = [
    `Replayed ${count(commits.length, 'commit')} of ${printable(ref)}, ${span}, each against its parent.`,
  ];
  if (commits.length < asked) {
    lines.push(`${asked} were asked for; the history that is here has no more.`);
  }
  if (byDefault > 0) {
    lines.push(
      `${byDefault} of them ${byDefault === 1 ? 'has' : 'have'} no affected.yml, so the defaults counted; --config FILE replays all with one config.`,
    );
  }
  const none = tally.commits - tally.building;
  const couldNot =
    broken.size === 0 ? '' : `, ${commits.length - tally.commits} could not be read (see below)`;
  lines.push(`${tally.building} had something to build, ${none} had nothing${couldNot}.`);
  if (tally.commits > 0 && tally.everything === 0) lines.push(paint('yellow', 'None of them has an image.'));
  return lines;
}

function totals(tally: Tally, paint: Paint): string[] {
  const share = (builds: number) => `${((100 * builds) / tally.everything).toFixed(1)} %`.padStart(8);
  const row = (what: string, builds: number, note = '') =>
    `  ${what.padEnd(34)}${String(builds).padStart(8)}${share(builds)}${note}`;
  const wrong = `   ${tally.missed} missed, ${tally.needless} needless`;
  return [
    paint('dim', `  ${''.padEnd(34)}${'builds'.padStart(8)}`),
    row('everything at every commit', tally.everything),
    row('rules:changes: <directory>/**/*', tally.byDirectory, wrong),
    paint('bold', row('affected', tally.affected)),
    '',
    `${count(tally.everything - tally.affected, 'build')} saved against building everything.`,
  ];
}

function missed({ missed: total, missedExamples }: Tally, paint: Paint): string[] {
  if (total === 0) return [];
  const shown = [...missedExamples].slice(0, MOST_EXAMPLES);
  const more = missedExamples.size - shown.length;
  return [
    paint(
      'bold',
      `${count(total, 'build')} of ${count(missedExamples.size, 'image')} that rules by directory would have missed:`,
    ),
    ...shown.flatMap(([image, { commit, chain }]) => [
      `  ${paint('cyan', commit.slice(0, 10))}  ${printable(image)}`,
      ...chain.map(({ reason }, depth) => `${'  '.repeat(depth + 3)}${printable(explainReason(reason))}`),
    ]),
    ...(more > 0 ? [`  and ${count(more, 'image')} more`] : []),
  ];
}

function needless({ needless: total, needlessExamples }: Tally, paint: Paint): string[] {
  if (total === 0) return [];
  const shown = [...needlessExamples].slice(0, MOST_EXAMPLES);
  const more = needlessExamples.size - shown.length;
  return [
    paint(
      'bold',
      `${count(total, 'build')} of ${count(needlessExamples.size, 'image')} that rules by directory would have made for nothing:`,
    ),
    ...shown.map(
      ([image, { commit, path }]) =>
        `  ${paint('cyan', commit.slice(0, 10))}  ${printable(image)}: ${printable(path)} changes nothing of it`,
    ),
    ...(more > 0 ? [`  and ${count(more, 'image')} more`] : []),
  ];
}

function busiest({ inputs }: Tally, paint: Paint): string[] {
  if (inputs.size === 0) return [];
  const rows = [...inputs]
    .sort(([a, one], [b, other]) => other.builds - one.builds || (a < b ? -1 : 1))
    .slice(0, MOST_INPUTS)
    .map(([path, { commits, builds }]) => ({ path: printable(path), commits, builds }));
  return [
    paint('bold', 'What caused most builds:'),
    ...rows.map(
      ({ path, commits, builds }) =>
        `  ${String(builds).padStart(8)}  ${path}${paint('dim', `  changed ${commits === 1 ? 'once' : `${commits} times`}`)}`,
    ),
  ];
}

function widenings({ widenedCommits, widenings: found }: Tally, paint: Paint): string[] {
  if (widenedCommits === 0) return [];
  return [
    paint(
      'yellow',
      `At ${count(widenedCommits, 'commit')} more is built than may be needed, because something could not be known:`,
    ),
    ...[...found.values()].map(({ widening: { code, image, detail }, commits, commit }) => {
      const of = image === undefined ? '' : ` (${printable(image)})`;
      return `  ${code}${of}: ${count(commits, 'commit')}, such as ${commit.slice(0, 10)}: ${printable(detail)}`;
    }),
  ];
}

function unread({ unread: broken }: Backtest, paint: Paint): string[] {
  if (broken.size === 0) return [];
  return [
    paint('red', 'Commits at which affected could not say anything, and why:'),
    ...[...broken].map(
      ([message, commits]) =>
        `  ${count(commits.length, 'commit')}, such as ${(commits[0] as string).slice(0, 10)}: ${printable(message)}`,
    ),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
