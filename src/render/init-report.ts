import type { ImageGraph } from '../images/graph.ts';
import type { Note } from '../init/notes.ts';
import type { Proposal } from '../init/propose.ts';
import { printable } from './printable.ts';
import type { Paint } from './table.ts';

/** What `affected init` found, decided and left open. */
export interface InitReport {
  proposal: Proposal;
  graph: ImageGraph;
  open: readonly Note[];
  /** What a replay of the last commits says, where there was one. */
  backtest: string | undefined;
}

/** More are no longer read on a terminal. */
const DRAWN = 40;

/** The report a person reads after `headline`, which says what became of the file. */
export function renderInitReport(report: InitReport, headline: string, paint: Paint): string {
  const { graph, open, backtest, proposal } = report;
  const leftOut = proposal.found.leftOut.length;
  const lines = [
    `${paint('bold', headline)} ${count(graph.size, 'image')}, ${builtOnOthers(graph)} built from others here${
      leftOut === 0 ? '' : `; ${count(leftOut, 'file')} named like a Dockerfile left out`
    }.`,
  ];
  if (open.length > 0) {
    lines.push('', paint('yellow', 'For you to look at, noted in the file too:'));
    lines.push(...open.map(({ code, message }) => `  ${printable(message)} [${code}]`));
  }
  lines.push('', paint('bold', 'The images, each with those built from it:'), ...drawing(graph));
  if (backtest !== undefined) lines.push('', backtest.trimEnd());
  lines.push(
    '',
    'Next: affected check says whether all fits, affected graph draws it, affected explain IMAGE says what changes an image.',
    'Commits from before have no affected.yml: affected backtest and affected verify read them with this one by --config affected.yml.',
  );
  return `${lines.join('\n')}\n`;
}

function drawing(graph: ImageGraph): string[] {
  const linked = new Map(linkedOf(graph));
  if (linked.size === 0) return ['  None is built from another.'];
  if (linked.size > DRAWN) return [`  ${count(linked.size, 'image')}: affected graph draws them.`];
  return treeLines(linked).map((line) => `  ${line}`);
}

/** Each image below those it is built from; what is built from it in turn, only the first time. */
function treeLines(graph: ImageGraph): string[] {
  const drawn = new Set<string>();
  const draw = (name: string, depth: number): string[] => {
    const above = [...graph].flatMap(([other, bases]) => (bases.includes(name) ? [other] : []));
    const again = drawn.has(name) && above.length > 0;
    drawn.add(name);
    const line = `${'  '.repeat(depth)}${printable(name)}${again ? ' (see above)' : ''}`;
    return [line, ...(again ? [] : above.flatMap((other) => draw(other, depth + 1)))];
  };
  const roots = [...graph].flatMap(([name, bases]) => (bases.length === 0 ? [name] : []));
  const lines = roots.flatMap((name) => draw(name, 0));
  // A cycle has no first.
  const rest = [...graph.keys()].flatMap((name) => (drawn.has(name) ? [] : draw(name, 0)));
  return [...lines, ...rest];
}

/** The images that need another or are needed: the rest says nothing. */
function linkedOf(graph: ImageGraph): [string, readonly string[]][] {
  const needed = new Set([...graph.values()].flat());
  return [...graph].filter(([name, bases]) => bases.length > 0 || needed.has(name));
}

function builtOnOthers(graph: ImageGraph): number {
  return [...graph.values()].filter((bases) => bases.length > 0).length;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
