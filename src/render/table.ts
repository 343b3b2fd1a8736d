import { explainReason, isDirect, type Reason } from '../affected/reasons.ts';
import { displayDirectory } from '../images/image.ts';
import type { Comparison } from './comparison.ts';
import { printable } from './printable.ts';

/** Colours a piece of text, or leaves it as it is where the output is no terminal. */
export type Paint = (style: 'bold' | 'dim' | 'yellow' | 'red' | 'green' | 'cyan', text: string) => string;

/** The preview a person reads: base, head, the affected images in build order, and what is not certain. */
export function renderTable(
  comparison: Comparison,
  options: { paint: Paint; showUnaffected: boolean },
): string {
  const { paint } = options;
  const { removed, widened, unaffected, unowned } = comparison;
  const lines = [
    ...heading(comparison, paint),
    '',
    ...summary(comparison, paint),
    ...affectedRows(comparison, paint),
  ];
  if (options.showUnaffected && unaffected.length > 0) {
    lines.push(
      '',
      paint('bold', `${unaffected.length} not affected:`),
      ...unaffected.map((name) => `  ${printable(name)}`),
    );
  }
  if (removed.length > 0) {
    lines.push('', paint('bold', 'Removed, no job:'));
    lines.push(
      ...removed.map(
        ({ name, directory }) =>
          `  ${paint('red', printable(name))}  ${printable(displayDirectory(directory))}`,
      ),
    );
  }
  if (unowned.length > 0) lines.push('', unownedLine(comparison, paint));
  if (widened.length > 0) {
    lines.push(
      '',
      paint('yellow', 'More is built than may be needed, because something could not be known:'),
    );
    lines.push(
      ...widened.map(
        ({ code, detail, image }) =>
          `  ${code}${image === undefined ? '' : ` (${printable(image)})`}: ${printable(detail)}`,
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}

function heading({ base, head, baseWhy, changedPaths, workingTree }: Comparison, paint: Paint): string[] {
  const shownBase = base === null ? 'none'.padEnd(10) : base.slice(0, 10);
  const lines = [
    `${paint('dim', 'base')}  ${paint('cyan', shownBase)}  ${printable(baseWhy)}`,
    `${paint('dim', 'head')}  ${paint('cyan', head.slice(0, 10))}${workingTree ? `  ${describe(workingTree)}` : ''}`,
  ];
  if (changedPaths !== null) lines.push(`      ${count(changedPaths, 'file')} changed`);
  return lines;
}

function summary({ affected, unaffected }: Comparison, paint: Paint): string[] {
  const total = affected.length + unaffected.length;
  if (total === 0)
    return [
      paint(
        'yellow',
        'There is no image: no file matches discover.dockerfiles of affected.yml (**/Dockerfile).',
      ),
    ];
  if (affected.length === 0) return [paint('green', `No image is affected (${count(total, 'image')}).`)];
  return [`${paint('bold', `${affected.length} of ${count(total, 'image')} affected`)}, in build order:`, ''];
}

function describe({ staged, unstaged, untracked }: NonNullable<Comparison['workingTree']>): string {
  const parts = [
    staged > 0 ? `${staged} staged` : undefined,
    unstaged > 0 ? `${unstaged} unstaged` : undefined,
    untracked > 0 ? `${untracked} untracked` : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'and a clean working tree' : `and the working tree: ${parts.join(', ')}`;
}

function affectedRows({ affected, base }: Comparison, paint: Paint): string[] {
  if (affected.length === 0) return [];
  // Without a base every image is affected on its own account, and so it is for files of no image.
  const pulled = base === null || isForUnowned(affected) ? undefined : pulledAlong(affected);
  const waves = buildWaves(affected);
  const rows = affected
    .map(({ image, reasons }) => ({
      wave: waves.get(image.name) as number,
      name: printable(image.name),
      why: why(reasons),
      pulls: pulled?.get(image.name) ?? [],
    }))
    .sort((one, other) => one.wave - other.wave);
  const nameWidth = Math.max('image'.length, ...rows.map(({ name }) => name.length));
  const indent = ' '.repeat(2 + 5 + 2 + nameWidth + 2);
  const header = `  ${'order'}  ${'image'.padEnd(nameWidth)}  why`;
  return [
    paint('dim', header),
    ...rows.flatMap(({ wave, name, why: [first = '', ...more], pulls }) => [
      `  ${String(wave).padStart(5)}  ${paint('bold', name.padEnd(nameWidth))}  ${first}`,
      ...more.map((line) => indent + line),
      ...(pulls.length === 0 ? [] : [indent + paint('dim', `pulls along ${shorten(pulls, 6)}`)]),
    ]),
  ];
}

function unownedLine({ unowned, unownedPolicy }: Comparison, paint: Paint): string {
  const what = `${count(unowned.length, 'changed file')} ${unowned.length === 1 ? 'belongs' : 'belong'} to no image`;
  const effect = unownedPolicy === 'all' ? ', so every image is built' : '';
  return `${paint(unownedPolicy === 'ignore' ? 'dim' : 'yellow', `${what}${effect}:`)} ${shorten(unowned, 5)}`;
}

/** Images of one number can be built at the same time: each comes after the last affected image it is built from. */
function buildWaves(affected: Comparison['affected']): ReadonlyMap<string, number> {
  const waves = new Map<string, number>();
  for (const { image, dependsOn } of affected) {
    waves.set(image.name, 1 + Math.max(0, ...dependsOn.map((name) => waves.get(name) ?? 0)));
  }
  return waves;
}

function isForUnowned(affected: Comparison['affected']): boolean {
  return affected.some(({ reasons }) => reasons.some(({ kind }) => kind === 'unowned'));
}

/** Direct reasons tell the story; for an image with none, the affected images it is built from. */
function why(reasons: readonly Reason[]): string[] {
  const own = reasons.filter(
    (reason) => isDirect(reason) || (reason.kind === 'dependency' && reason.removed),
  );
  const told = (own.length > 0 ? own : reasons).map((reason) => printable(inRow(reason)));
  const shown = told.slice(0, 3);
  return told.length > shown.length ? [...shown, `and ${told.length - shown.length} more`] : shown;
}

/** What stands in the heading or among the widenings is not said again at length in every row. */
function inRow(reason: Reason): string {
  if (reason.kind === 'everything') return 'no base to compare with';
  return reason.kind === 'unknown' ? `can't be known (${reason.code}, see below)` : explainReason(reason);
}

/** For each image with a reason of its own, all images that are affected because it is, in build order. */
function pulledAlong(affected: Comparison['affected']): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const { image, reasons } of affected) {
    for (const reason of reasons) {
      if (reason.kind !== 'dependency') continue;
      const names = dependents.get(reason.image) ?? [];
      names.push(image.name);
      dependents.set(reason.image, names);
    }
  }
  const roots = affected.filter(({ reasons }) => reasons.some(isDirect)).map(({ image }) => image.name);
  return new Map(
    roots.map((root) => {
      const reached = new Set([root]);
      for (const name of reached) for (const dependent of dependents.get(name) ?? []) reached.add(dependent);
      reached.delete(root);
      return [root, affected.map(({ image }) => image.name).filter((name) => reached.has(name))];
    }),
  );
}

function shorten(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).map(printable).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
