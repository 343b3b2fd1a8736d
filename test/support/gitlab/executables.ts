import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a stand-in behaves after it has recorded the call; with none of these it just succeeds. */
export interface StandIn {
  /** Writes a made-up digest (`standInDigest`) to the files Kaniko's `--digest-file` and its like name. */
  readonly writesDigest?: boolean;
  readonly stdout?: string;
  readonly exitCode?: number;
  /** The exit code counts only for calls with this text in an argument; other calls succeed. */
  readonly failsFor?: string;
  /** A real program to run instead, by its absolute path. */
  readonly program?: string;
}

export interface Execution {
  /** The name or path it was called by, as the job wrote it. */
  readonly executable: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The `config.json` in $DOCKER_CONFIG, or in `.docker` beside the executable; null without one. */
  readonly dockerConfig: string | null;
}

/** The part of a machine that a job sees beyond its project: made anew for each job, as a container would be. */
export interface Machine {
  readonly bin: string;
  readonly home: string;
  readonly records: string;
  /** Absolute paths of the job's world and the folders that stand for them. */
  readonly folders: ReadonlyMap<string, string>;
}

interface MachineOptions {
  readonly root: string;
  readonly executables: Readonly<Record<string, StandIn>>;
  readonly pathMap: Readonly<Record<string, string | null>>;
}

export async function createMachine({ root, executables, pathMap }: MachineOptions): Promise<Machine> {
  const folders = Object.keys(pathMap).map((path): [string, string] => [path, join(root, 'paths', path)]);
  const machine: Machine = {
    bin: join(root, 'bin'),
    home: join(root, 'home'),
    records: join(root, 'records'),
    folders: new Map(folders),
  };
  for (const folder of [machine.bin, machine.home, machine.records]) await mkdir(folder, { recursive: true });
  for (const [path, folder] of folders) {
    await mkdir(folder, { recursive: true });
    const template = pathMap[path];
    if (typeof template === 'string') await cp(template, folder, { recursive: true, verbatimSymlinks: true });
  }
  for (const [name, standIn] of Object.entries(executables)) await install(machine, name, standIn);
  return machine;
}

/**
 * Replaces the mapped paths in a text by their folders (`toFolders`), or the other way round. Only whole absolute
 * paths count: neither `registry.example/kaniko` nor `/kaniko2` is `/kaniko`.
 */
export function translate(machine: Machine, text: string, direction: 'toFolders' | 'toPaths'): string {
  let result = text;
  for (const [path, folder] of machine.folders) {
    const [from, to] = direction === 'toFolders' ? [path, folder] : [folder, path];
    result = result.replaceAll(new RegExp(`(?<![\\w.}/-])${escapePattern(from)}(?![\\w.-])`, 'gu'), () => to);
  }
  return result;
}

export async function readExecutions(machine: Machine): Promise<Execution[]> {
  const files = (await readdir(machine.records)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(machine.records, file), 'utf8')));
  return texts.map((text) => JSON.parse(translate(machine, text, 'toPaths')) as Execution);
}

/** The digest a stand-in reports for an image: of its name without the tag, so that the same name gives the same. */
export function standInDigest(name: string): string {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

const standInProgram = fileURLToPath(new URL('stand-in-executor.js', import.meta.url));

async function install(machine: Machine, name: string, standIn: StandIn): Promise<void> {
  const isAbsolute = name.startsWith('/');
  const file = isAbsolute ? translate(machine, name, 'toFolders') : join(machine.bin, basename(name));
  if (file === name) throw new Error(`${name} lies under no path of pathMap.`);
  await mkdir(dirname(file), { recursive: true });
  const settings = JSON.stringify(standIn);
  const call = [process.execPath, standInProgram, machine.records, settings, isAbsolute ? file : name].map(
    quote,
  );
  await writeFile(file, `#!/bin/sh\nexec ${call.join(' ')} "$@"\n`);
  await chmod(file, 0o755);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}
