import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { edited } from '../support/buildable-edits.ts';
import {
  type BuildableRepository,
  buildableFiles,
  buildableSettings,
  buildsOf,
} from '../support/buildable-repository.ts';
import { type BuildableSide, buildBoth, type Outcome } from '../support/builder-oracle.ts';
import { createRepository, type FileSpec } from '../support/repository.ts';
import { runs } from '../support/runs.ts';

// A build of a few files takes a fraction of a second, and a pair of repositories a dozen of them.
const LONGEST_PAIR = 60_000;

const cannotBuild = whyNot();

test(
  'what a builder makes otherwise after an edit was selected',
  async ({ annotate, skip }) => {
    if (cannotBuild !== undefined) return skip(cannotBuild);
    const repository = await createRepository();
    const outcomes: Outcome[] = [];
    await fc.assert(
      fc.asyncProperty(edited(), async ([before, after]) => {
        const found = await buildBoth(repository, sideOf(before), sideOf(after));
        outcomes.push(...found);
        expect(found.filter(({ differs, selected }) => differs && selected === undefined)).toEqual([]);
      }),
      { numRuns: runs(20) },
    );
    await annotate(tallyOf(outcomes));
    expect(outcomes.some(({ differs, selected }) => differs && selected)).toBe(true);
  },
  runs(20) * LONGEST_PAIR,
);

function sideOf(state: BuildableRepository): BuildableSide {
  return { files: buildableFiles(state), settings: buildableSettings(state), builds: buildsOf(state) };
}

const app = { 'app/Dockerfile': 'FROM scratch\nCOPY . /app/\n', 'app/conf/a': '1', 'app/conf/b': '1' };

test.for<
  [string, Record<string, FileSpec>, Record<string, FileSpec>, { differs: boolean; selected: boolean }]
>([
  [
    'the last file of a directory, ignored as it is',
    { 'app/.dockerignore': 'conf/*\n.dockerignore\n' },
    { 'app/conf/a': null, 'app/conf/b': null },
    { differs: true, selected: true },
  ],
  [
    'one of the ignored files of a directory',
    { 'app/.dockerignore': 'conf/*\n.dockerignore\n' },
    { 'app/conf/a': null },
    { differs: false, selected: false },
  ],
  [
    'an ignore file that names the directory and no longer what is in it',
    { 'app/.dockerignore': 'conf/*\n.dockerignore\n' },
    { 'app/.dockerignore': 'conf\n.dockerignore\n' },
    { differs: true, selected: true },
  ],
  [
    'an ignore file that says the same otherwise',
    { 'app/.dockerignore': 'conf\n.dockerignore\n' },
    { 'app/.dockerignore': '# nothing\n/conf/\n.docker*\n' },
    { differs: false, selected: false },
  ],
  ['a mode', {}, { 'app/conf/a': { content: '1', mode: '100755' } }, { differs: true, selected: true }],
  [
    'where a link leads that is copied by name',
    { 'app/Dockerfile': 'FROM scratch\nCOPY link /app/\n', 'app/link': { symlink: 'conf/a' } },
    { 'app/conf/a': '2' },
    { differs: true, selected: true },
  ],
  [
    'where a link leads that is copied with its directory',
    { 'app/Dockerfile': 'FROM scratch\nCOPY sub /app/\n', 'app/sub/link': { symlink: '../conf/a' } },
    { 'app/conf/a': '2' },
    { differs: false, selected: false },
  ],
])('%s', { timeout: LONGEST_PAIR }, async ([, more, edit, expected], { skip }) => {
  if (cannotBuild !== undefined) return skip(cannotBuild);
  const build = {
    name: 'app',
    directory: 'app',
    context: 'app',
    target: undefined,
    args: {},
    references: [],
  };
  const before: BuildableSide = {
    files: { ...app, ...more },
    settings: { dockerignore: 'docker' },
    builds: [build],
  };
  const after: BuildableSide = { ...before, files: { ...before.files, ...edit } };
  const [outcome] = await buildBoth(await createRepository(), before, after);
  expect({ differs: outcome?.differs, selected: outcome?.selected !== undefined }).toEqual(expected);
  expect(outcome?.built).toEqual([true, true]);
});

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'Only root can build images here.';
  if (spawnSync('buildah', ['--version']).error) return 'There is no buildah on PATH.';
  return undefined;
}

/** How many images there were of each kind, and for what reasons those were selected that came out the same. */
function tallyOf(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  const count = (kind: string) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const { built, differs, selected } of outcomes) {
    const same = built.includes(true) ? 'the same' : 'built on neither side';
    count(`${differs ? 'other content' : same}, ${selected ? 'selected' : 'not selected'}`);
    const direct = selected?.find(({ kind }) => kind !== 'dependency') ?? selected?.[0];
    if (!differs && direct && built.includes(true)) count(`needless by ${direct.kind}`);
  }
  return [...counts].map(([kind, number]) => `${kind}: ${number}`).join('; ');
}
