import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitEnvironment, type TestRepository } from './repository.ts';

/** A commit by what it changes: a path's new text, or null where it is gone. */
export interface CommitSpec {
  /** Names of commits that stand before it; the one before it without any, `[]` for the first of a history. */
  parents?: readonly string[];
  /** Changes to the first parent's files. */
  files?: Readonly<Record<string, string | null>>;
}

export type History = Readonly<Record<string, CommitSpec>>;

/** Makes commits by one process and without a working tree. Returns their ids by name. */
export async function importHistory(
  repository: TestRepository,
  history: History,
): Promise<Record<string, string>> {
  const names = Object.keys(history);
  const mark = (name: string) => `:${names.indexOf(name) + 1}`;
  const stream = names.map((name, index) => {
    const { parents = names.slice(Math.max(0, index - 1), index), files = {} } = history[name] as CommitSpec;
    const lines = [
      'commit refs/import',
      `mark ${mark(name)}`,
      `committer A <a@b> ${1_700_000_000 + index} +0000`,
    ];
    lines.push('data 0', parents.length === 0 ? '' : `from ${mark(parents[0] as string)}`);
    for (const parent of parents.slice(1)) lines.push(`merge ${mark(parent)}`);
    const reset = parents.length === 0 ? 'reset refs/import\n\n' : '';
    return `${reset}${lines.join('\n')}\n${Object.entries(files).map(changeOf).join('')}\n`;
  });
  const marks = join(repository.dir, 'marks');
  await feed(
    repository.dir,
    ['fast-import', '--quiet', '--force', `--export-marks=${marks}`],
    stream.join(''),
  );
  const ids = (await readFile(marks, 'utf8')).trim().split('\n');
  const byMark = new Map(ids.map((line) => line.split(' ') as [string, string]));
  return Object.fromEntries(names.map((name) => [name, byMark.get(mark(name)) as string]));
}

function changeOf([path, text]: [string, string | null]): string {
  if (text === null) return `D ${path}\n`;
  return `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
}

function feed(cwd: string, args: readonly string[], input: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd, env: gitEnvironment, stdio: ['pipe', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`git ${args[0]} failed with exit code ${code}`)),
    );
    // The exit code tells.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
