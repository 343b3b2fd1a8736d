import type { Situation } from './situation.ts';

/** What the program said of one checkout. */
export interface Outcome {
  why: string;
  /** Why everything counts although something narrower was wanted. */
  detail: string | undefined;
  /** The commands that asked origin. */
  asked: readonly string[];
}

interface Group {
  title: string;
  rows: readonly { situation: Situation; found: readonly Outcome[] }[];
}

export function documentSituations(groups: readonly Group[]): string {
  const tables = groups.map(
    ({ title, rows }) => `## ${title}\n\n${HEADING}\n${rows.map(rowOf).join('\n')}\n`,
  );
  return `${INTRODUCTION}\n${tables.join('\n')}`;
}

const INTRODUCTION = `<!-- Written by test/scenarios: change it there, then run npx vitest run test/scenarios -u. -->

# What a pipeline's commit is compared with

\`affected\` compares two commits: the one a pipeline is for, and a base. This is the base in each situation, tried in
checkouts as GitLab's runner makes them, over the git protocol too. \`affected --base COMMIT\`, \`--since BRANCH\` and the
variables \`AFFECTED_BASE\` and \`AFFECTED_ALL=1\` have the last word. Every report names the base and why it was taken.

The last column is what is fetched at \`GIT_DEPTH\` 1, 20 and 0 (all of the history):

- **tip**, **tags**: \`git ls-remote\` tells where the branch is now, or what tags there are.
- **history**: commits without their files, 128 of them at first and then twice as many each time (for a tag, all), into
  a temporary repository that goes away. It takes kilobytes, and the clone keeps the history it has.
- **base**: the base alone. Git sends only the files in which it differs from what is here.

No ref is written, and nothing that is here is fetched again. All of it may take two minutes; what can't be had in that
time, or at all, makes every image affected, with the reason. Nothing is fetched outside CI.
`;

const HEADING = `| situation | base | why | fetched at depth 1 / 20 / 0 |
| --- | --- | --- | --- |`;

function rowOf({ situation, found }: Group['rows'][number]): string {
  const [first] = found;
  const why = first?.detail === undefined ? (first?.why ?? '') : first.detail;
  const fetched = found.map(({ asked }) => wordsFor(asked));
  const same = new Set(fetched).size === 1;
  const cells = [situation.title, situation.says, inGeneral(why), same ? fetched[0] : fetched.join(' / ')];
  return `| ${cells.join(' | ')} |`;
}

function wordsFor(asked: readonly string[]): string {
  const words = asked.map((line) => {
    if (line.startsWith('git ls-remote')) return line.includes('--tags') ? 'tags' : 'tip';
    return line.includes('--filter') ? 'history' : 'base';
  });
  return words.length === 0 ? 'nothing' : [...new Set(words)].join(', ');
}

/** Without ids, without git's own words, which differ from one version to the next, and without what the base says. */
function inGeneral(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{40}/g, '…')
    .replace(/: fatal: .*$/, '.')
    .replace(/; which commit was built last is not known: .*$/, '');
}
