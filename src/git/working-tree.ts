import { accessSync, constants, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { SUBMODULE, SYMBOLIC_LINK, type TreeEntry } from '../tree.ts';
import { hashBlob } from './hash-blob.ts';
import { hashFiles } from './hash-files.ts';
import { parseStatus, type StatusEntry } from './parse-status.ts';
import { decodePath, encodePath } from './path-bytes.ts';
import { runGit } from './run.ts';

export interface WorkingTree {
  /** How many paths differ between HEAD and the index. */
  staged: number;
  /** How many paths differ between the index and the disk; a path can be among the staged ones too. */
  unstaged: number;
  untracked: number;
  /**
   * What is on disk at each path that may differ from HEAD, `undefined` where nothing is. Ids are those git would
   * give; all zeros where there can be none (an unreadable file, changes inside a submodule), which equals no other.
   */
  dirty: ReadonlyMap<string, TreeEntry | undefined>;
}

/**
 * What the working tree has that its HEAD has not: staged, unstaged, untracked and conflicting paths. Ignored files
 * are left out, because no clone has them.
 *
 * @param head The commit id of HEAD, which tells the hash function too.
 */
export async function readWorkingTree(repository: { root: string }, head: string): Promise<WorkingTree> {
  const flags = ['--porcelain=v2', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=none'];
  const { stdout } = await runGit({ cwd: repository.root, args: ['status', ...flags] });
  const entries = parseStatus(decodePath(stdout));
  return {
    staged: entries.filter((entry) => entry.staged).length,
    unstaged: entries.filter((entry) => entry.unstaged).length,
    untracked: entries.filter((entry) => entry.kind === 'untracked').length,
    dirty: await readDirty({ root: repository.root, entries, oidLength: head.length }),
  };
}

/** The contents of a file on disk; of a link, where it points. */
export async function readWorkingTreeFile(repository: { root: string }, path: string): Promise<Buffer> {
  const onDisk = diskPath(repository.root, path);
  const isLink = lstatSync(onDisk).isSymbolicLink();
  return isLink ? readlinkSync(onDisk, { encoding: 'buffer' }) : readFileSync(onDisk);
}

async function readDirty(options: {
  root: string;
  entries: readonly StatusEntry[];
  oidLength: number;
}): Promise<Map<string, TreeEntry | undefined>> {
  const { root, entries, oidLength } = options;
  const dirty = new Map<string, TreeEntry | undefined>();
  const files = new Map<string, string>();
  for (const entry of entries) {
    const path = entry.path.replace(/\/$/, '');
    const mode = modeOnDisk(root, entry);
    let oid = '0'.repeat(oidLength);
    if (mode === SUBMODULE) oid = (await submoduleCommit(root, entry)) ?? oid;
    else if (mode === SYMBOLIC_LINK)
      oid = await hashBlob(await readWorkingTreeFile({ root }, path), oidLength);
    else if (isReadableFile(root, path)) files.set(path, mode);
    // A staged deletion of a file that is still on disk comes a second time, later, as an untracked path.
    dirty.set(path, mode === GONE ? undefined : { mode, oid });
  }
  const paths = [...files.keys()];
  const oids = await hashFiles({ root }, paths);
  paths.forEach((path, index) =>
    dirty.set(path, { mode: files.get(path) as string, oid: oids[index] as string }),
  );
  return dirty;
}

const GONE = '000000';

function modeOnDisk(root: string, entry: StatusEntry): string {
  if (entry.kind !== 'untracked') return entry.mode;
  // So git reports a repository inside this one that is no submodule: it is one path, not its files.
  if (entry.path.endsWith('/')) return SUBMODULE;
  const stats = lstatSync(diskPath(root, entry.path), { throwIfNoEntry: false });
  if (stats === undefined) return GONE;
  if (stats.isSymbolicLink()) return SYMBOLIC_LINK;
  return (stats.mode & constants.S_IXUSR) === 0 ? '100644' : '100755';
}

/** `undefined` where no commit tells the state: changes inside, or a repository nobody has added. */
async function submoduleCommit(root: string, entry: StatusEntry): Promise<string | undefined> {
  const { indexMode, indexOid, path, submodule } = entry;
  if (indexMode !== SUBMODULE || submodule.endsWith('U') || submodule.includes('M')) return undefined;
  if (!submodule.includes('C')) return indexOid;
  try {
    const { stdout } = await runGit({ cwd: join(root, path), args: ['rev-parse', '--verify', 'HEAD'] });
    return stdout.toString('latin1').trim();
  } catch {
    // Its own repository is broken, or its name no directory that a process can be started in.
    return undefined;
  }
}

/** Anything else, such as a pipe that took a file's place, would make git fail or wait for ever. */
function isReadableFile(root: string, path: string): boolean {
  const onDisk = diskPath(root, path);
  try {
    accessSync(onDisk, constants.R_OK);
    return lstatSync(onDisk).isFile();
  } catch {
    return false;
  }
}

function diskPath(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), encodePath(path)]);
}
