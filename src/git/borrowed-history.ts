import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { OriginAnswer } from './origin.ts';
import { runGit } from './run.ts';

/** A repository for history only. What is fetched into it, or broken off in the middle, never touches the clone. */
interface BorrowedHistory {
  /** Its directory. */
  into: string;
  /** The file of the clone's configuration, which tells what origin is and how to reach it. */
  configuration: string;
  remove: () => Promise<void>;
}

/**
 * Makes a temporary repository that has no objects of its own, but sees those of a clone, and its history cut where the
 * clone's is cut: git asks origin only for what is missing.
 */
export async function borrowHistory(repository: { root: string }): Promise<OriginAnswer<BorrowedHistory>> {
  const { root } = repository;
  const paths = ['objects', 'shallow', 'config'].flatMap((name) => ['--git-path', name]);
  const { stdout } = await runGit({ cwd: root, args: ['rev-parse', '--show-object-format', ...paths] });
  const [format, ...places] = stdout.toString('utf8').split('\n');
  const [objects, shallow, configuration] = places.map((path) => resolve(root, path)) as Places;
  let made: string | undefined;
  try {
    made = await mkdtemp(join(tmpdir(), 'affected-history-'));
    const flags = ['--quiet', '--bare', '--template=', `--object-format=${format}`];
    await runGit({ cwd: made, args: ['init', ...flags, made] });
    await writeFile(join(made, 'objects/info/alternates'), `${objects}\n`);
    await copyIfThere(shallow, join(made, 'shallow'));
  } catch (error) {
    await removeAll(made);
    return { ok: false, detail: `there is no room for more of it: ${(error as Error).message}` };
  }
  return { ok: true, value: { into: made, configuration, remove: () => removeAll(made) } };
}

type Places = [objects: string, shallow: string, configuration: string];

async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function removeAll(directory: string | undefined): Promise<void> {
  if (directory !== undefined) await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}
