// docs/peers.md from what was found.
import { failure, printed } from './printed.js';
import { joinDepths, judge } from './judge.js';
import { imageNames } from './repository.js';
import { PACKAGES, tools } from './tools.js';
import { introduction, WORDS } from './words.js';

const TOOLS = Object.keys(tools);

/**
 * @param found `{ situations, changes, times, machine, scratch }`: see ask-all.js and timing.js; `machine` in words.
 */
export function page({ situations, changes, times, machine, scratch }) {
  const shown = [
    ['Merge request, `GIT_DEPTH: 20`, as it is', depthOf(situations[0].untold, 1)],
    ['Merge request, merged results, all history, told the base', depthOf(situations[1].told, 2)],
    [changeAt(changes, 4).title, changeAt(changes, 4).answers],
  ];
  return [
    introduction(PACKAGES),
    '## Ways a pipeline can start',
    WORDS.situations,
    '### As it is, no base given',
    situationTable(situations, 'untold'),
    WORDS.untold,
    '### Told the base that GitLab’s variables name',
    WORDS.told,
    situationTable(situations, 'told'),
    '### Why they fail',
    failures(situations, scratch),
    WORDS.limits,
    '## Changes, the base being right',
    WORDS.changes,
    changeTable(changes),
    WORDS.afterChanges,
    '## What each prints',
    WORDS.prints,
    ...shown.map(([title, answers]) => prints(title, answers, scratch)),
    '## How long it takes',
    `${WORDS.times}\nMedians, on the machine this was written on (${machine}):`,
    timeTable(times),
  ].join('\n\n');
}

function situationTable(situations, kind) {
  const rows = situations.map((found) => {
    const { title, right, why } = found.situation;
    const cells = TOOLS.map((tool) =>
      joinDepths(found[kind][tool].map((answer) => judge({ answer, right, all: imageNames.length }))),
    );
    return [title, `${right.length}: ${why}`, ...cells];
  });
  return table(['situation', 'to build', ...TOOLS], rows);
}

function changeTable(changes) {
  const rows = changes.map(({ change, answers }) => {
    const { title, right, all } = change;
    return [
      title,
      right.join(', ') || 'nothing',
      ...TOOLS.map((tool) => judge({ answer: answers[tool], right, all })),
    ];
  });
  return table(['change', 'to build', ...TOOLS], rows);
}

function failures(situations, scratch) {
  const rows = TOOLS.flatMap((tool) => {
    const answers = situations.flatMap(({ untold, told }) => [...untold[tool], ...told[tool]]);
    const lines = answers
      .filter(({ images }) => images === undefined)
      .map((answer) => failure(answer, scratch));
    return [...new Set(lines)].map((line) => [tool, `\`${line}\``]);
  });
  return table(['tool', 'what it says'], rows);
}

function prints(title, answers, scratch) {
  const blocks = TOOLS.map((tool) => `\`\`\`console\n${printed(answers[tool], scratch)}\n\`\`\``);
  return [`### ${title}`, ...blocks].join('\n\n');
}

function timeTable(times) {
  const floor = times.get('node -e 0');
  const rows = [...times].map(([name, ms]) => [name, `${ms.toFixed(0)} ms`, `${(ms / floor).toFixed(1)} ×`]);
  return table(['', 'time', 'of `node -e 0`'], rows);
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function depthOf(answers, index) {
  return Object.fromEntries(Object.entries(answers).map(([tool, all]) => [tool, all[index]]));
}

function changeAt(changes, index) {
  const { change, answers } = changes[index];
  return { title: change.title, answers };
}
