import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Answer {
  status: number;
  images?: readonly string[];
  unsure?: boolean;
}
interface Report {
  report: { command: string[]; variables: Record<string, string>; stdout: string; stderr: string };
  status: number;
}
interface Options {
  scratch: string;
  modules: string;
  env: Record<string, string>;
  order: string[];
}
type Judged = { answer: Answer; right: readonly string[]; all: number };

const { judge, joinDepths } = (await load('judge.js')) as {
  judge: (judged: Judged) => string;
  joinDepths: (cells: readonly string[]) => string;
};
const { printed, failure } = (await load('printed.js')) as Record<
  'printed' | 'failure',
  (answer: Report, scratch: string) => string
>;
const { askChanges } = (await load('ask-all.js')) as {
  askChanges: (
    options: Options,
  ) => Promise<{ change: Omit<Judged, 'answer'> & { title: string }; answers: { affected: Answer } }[]>;
};
const { environment } = (await load('tools.js')) as {
  environment: (home: string) => Record<string, string>;
};

describe('an answer is', () => {
  test.each<[string, string[], Omit<Answer, 'status'>]>([
    ['right', ['a', 'b'], { images: ['b', 'a'] }],
    ['right', [], { images: [] }],
    ['right', ['a'], { images: ['a'], unsure: true }],
    ['right', ['a', 'b', 'c', 'd'], { images: ['a', 'b', 'c', 'd'] }],
    ['2 too many', ['a'], { images: ['a', 'b', 'c'] }],
    ['1 too many, says so', ['a'], { images: ['a', 'b'], unsure: true }],
    ['everything', ['a'], { images: ['a', 'b', 'c', 'd'] }],
    ['everything, says so', [], { images: ['a', 'b', 'c', 'd'], unsure: true }],
    ['**nothing**', ['a'], { images: [] }],
    ['**misses 1 of 2**', ['a', 'b'], { images: ['a'] }],
    ['**misses 1 of 2**, says so', ['a', 'b'], { images: ['a'], unsure: true }],
    ['**misses 2 of 3, 1 too many**', ['a', 'b', 'c'], { images: ['a', 'd'] }],
    ['fails, exit 1', ['a'], {}],
  ])('%s', (words, right, answer) => {
    expect(judge({ answer: { status: 1, ...answer }, right, all: 4 })).toBe(words);
  });

  test('said once for all depths where it is the same', () => {
    expect(joinDepths(['right', 'right', 'right'])).toBe('right');
    expect(joinDepths(['fails', 'right', 'right'])).toBe('fails / right / right');
  });
});

describe('what was printed', () => {
  const answer = (more: Partial<Report['report']>, status = 0): Report => ({
    report: { command: ['node_modules/.bin/nx', 'show'], variables: {}, stdout: '', stderr: '', ...more },
    status,
  });
  const id = '0123456789'.repeat(4);

  test('has no paths and dates of the machine, and is short', () => {
    const stderr = `[ WARN 2026-11-20 17:32:10.821] in /tmp/x/clone: ${id}\n\n`;
    const stdout = `{"timestamp":1795195931561}\n${'y'.repeat(200)}\n${'line\n'.repeat(40)}`;
    const lines = printed(answer({ stderr, stdout, variables: { NX_BASE: id } }, 3), '/tmp/x').split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '$ NX_BASE=0123456789 nx show',
      '[ WARN …] in /clone: 0123456789',
      '{"timestamp":…}',
      `${'y'.repeat(150)}…`,
    ]);
    expect(lines.slice(-3)).toEqual(['line', '… 13 more lines', '(exit code 3)']);
  });

  test('says why it failed, whatever the commit', () => {
    const why = (stderr: string) => failure(answer({ stderr }, 1), '/tmp/x');
    expect(why(` NX  Command failed\n\nfatal: bad object ${id}\n`)).toBe('fatal: bad object …');
    expect(why(`fatal: bad object ${'0'.repeat(40)}`)).toBe('fatal: bad object 0000000000');
    expect(why("  │ fatal: ambiguous argument 'main': unknown\n  │ revision")).toBe(
      "fatal: ambiguous argument 'main'",
    );
    expect(why('no such command\nat all')).toBe('no such command');
  });
});

test('of the changes, what affected finds is right', { timeout: 120_000 }, async () => {
  const scratch = await mkdtemp(join(await realpath(tmpdir()), 'affected-test-'));
  onTestFinished(() => rm(scratch, { recursive: true }));
  const modules = join(root, 'node_modules');
  const found = await askChanges({ scratch, modules, env: environment(scratch), order: ['affected'] });
  expect(found.length).toBeGreaterThan(15);
  const judged = found.map(({ change: { title, right, all }, answers }) => [
    title,
    judge({ answer: answers.affected, right, all }),
  ]);
  expect(judged.filter(([, words]) => words !== 'right')).toEqual([]);
});

function load(name: string): Promise<unknown> {
  return import(join(root, 'bench/peers', name)) as Promise<unknown>;
}
