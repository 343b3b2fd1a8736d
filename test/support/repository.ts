import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

/** What a path shall be: a regular file by its text, gone (`null`), or one of the rarer kinds. */
export type FileSpec =
  | string
  | Buffer
  | null
  | { content: string | Buffer; mode: '100644' | '100755' }
  | { symlink: string | Buffer }
  /** A submodule at a commit id: an entry in the index and an empty directory, as in a clone without submodules. */
  | { submodule: string };

/** Names are plain UTF-8 strings; the list form also takes names of any bytes. */
export type Files = Readonly<Record<string, FileSpec>> | readonly (readonly [string | Buffer, FileSpec])[];

export interface TestRepository {
  readonly dir: string;
  /** Changes files in the working tree only. */
  write(files: Files): Promise<void>;
  /** Writes the files, stages everything and commits (also when nothing changed). Returns the commit id. */
  commit(files: Files, message?: string): Promise<string>;
  /** Runs git in the repository and returns its output without the last line end. */
  git(...args: readonly string[]): Promise<string>;
  /** Clones over file://, so that `--depth` and friends mean what they mean for a real server. */
  clone(...options: readonly string[]): Promise<TestRepository>;
  remove(): Promise<void>;
}

interface CreateOptions {
  /** More arguments of `git init`, such as `--bare` or `--object-format=sha256`. */
  init?: readonly string[];
  /** For `beforeAll`: the repository outlives the test that runs, the caller calls `remove`. */
  shared?: boolean;
}

/**
 * Makes an empty repository on branch `main` in a temporary directory, removed when the running test ends. It reads
 * no configuration of the machine, and its commits have ever later but fixed dates: same steps, same commit ids.
 */
export async function createRepository(options: CreateOptions = {}): Promise<TestRepository> {
  const dir = await temporaryDirectory(options.shared ?? false);
  await run(dir, ['init', '--quiet', '--template=', '--initial-branch=main', ...(options.init ?? []), dir]);
  return repositoryAt(dir);
}

/** The environment of every git process of a test: nothing of the machine's configuration. */
export const gitEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_ALLOW_PROTOCOL: 'file:git',
  GIT_AUTHOR_NAME: 'A. Author',
  GIT_AUTHOR_EMAIL: 'author@example.com',
  GIT_COMMITTER_NAME: 'A. Author',
  GIT_COMMITTER_EMAIL: 'author@example.com',
};

// The code under test inherits the environment of the test process, which must be as bare.
process.env['GIT_CONFIG_GLOBAL'] = '/dev/null';
process.env['GIT_CONFIG_SYSTEM'] = '/dev/null';
process.env['GIT_ALLOW_PROTOCOL'] = 'file:git';

function repositoryAt(dir: string): TestRepository {
  let clock = 1_700_000_000;
  const git = (...args: readonly string[]): Promise<string> => {
    clock += 60;
    const date = `${clock} +0000`;
    return run(dir, args, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  };
  const repository: TestRepository = {
    dir,
    git,
    async write(files) {
      for (const [name, file] of listOf(files)) await writeOne(dir, name, file);
    },
    async commit(files, message = 'a change') {
      await repository.write(files);
      await git('add', '--all');
      for (const [name, file] of listOf(files)) {
        if (!isSubmodule(file)) continue;
        await git('update-index', '--add', '--cacheinfo', `160000,${file.submodule},${name.toString()}`);
      }
      await git('commit', '--quiet', '--allow-empty', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    async clone(...options) {
      const target = await temporaryDirectory(false);
      await run(dir, ['clone', '--quiet', '--template=', ...options, `file://${dir}`, target]);
      return repositoryAt(target);
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
  return repository;
}

async function temporaryDirectory(shared: boolean): Promise<string> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'affected-test-')));
  if (!shared) onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function run(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args as string[], {
    cwd,
    env: { ...gitEnvironment, ...env },
    maxBuffer: 1 << 28,
  });
  return stdout.replace(/\n$/, '');
}

function listOf(files: Files): readonly (readonly [string | Buffer, FileSpec])[] {
  return isList(files) ? files : Object.entries(files);
}

function isList(files: Files): files is readonly (readonly [string | Buffer, FileSpec])[] {
  return Array.isArray(files);
}

function isSubmodule(file: FileSpec): file is { submodule: string } {
  return typeof file === 'object' && file !== null && 'submodule' in file;
}

async function writeOne(dir: string, name: string | Buffer, file: FileSpec): Promise<void> {
  const path = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(name)]);
  // Whatever was there goes first, so that a file can take the place of a directory or of a link.
  await rm(path as unknown as string, { recursive: true, force: true });
  if (file === null) return;
  await mkdir(parentOf(path), { recursive: true });
  if (typeof file === 'string' || Buffer.isBuffer(file)) await writeFile(path, file);
  else if ('symlink' in file) await symlink(file.symlink, path);
  else if ('submodule' in file) await mkdir(path);
  else {
    await writeFile(path, file.content);
    await chmod(path, file.mode === '100755' ? 0o755 : 0o644);
  }
}

function parentOf(path: Buffer): Buffer {
  return Buffer.from(dirname(path.toString('latin1')), 'latin1');
}
