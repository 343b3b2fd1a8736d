/** One path of `git status` that is not as in HEAD. */
export interface StatusEntry {
  path: string;
  kind: 'tracked' | 'unmerged' | 'untracked';
  /** Differs between HEAD and the index. */
  staged: boolean;
  /** Differs between the index and the disk. */
  unstaged: boolean;
  /** Mode on disk as git sees it (`core.fileMode`, `core.symlinks`), 000000 when gone; of an untracked path ''. */
  mode: string;
  /** Mode and object id in the index; '' where there is none, or more than one. */
  indexMode: string;
  indexOid: string;
  /** `N...` or, of a submodule, `S<C><M><U>`: commit changed, contents modified, untracked files inside. */
  submodule: string;
}

/** Reads `git status --porcelain=v2 -z --no-renames` (git-status, "Porcelain Format Version 2"). */
export function parseStatus(text: string): StatusEntry[] {
  return text.split('\0').slice(0, -1).map(parseRecord);
}

function parseRecord(record: string): StatusEntry {
  if (record.startsWith('1 ')) return parseTracked(record);
  if (record.startsWith('u ')) return parseUnmerged(record);
  return {
    path: record.slice(2),
    kind: 'untracked',
    staged: false,
    unstaged: false,
    mode: '',
    indexMode: '',
    indexOid: '',
    submodule: 'N...',
  };
}

/** `1 <XY> <sub> <mH> <mI> <mW> <hH> <hI> <path>` */
function parseTracked(record: string): StatusEntry {
  const [fields, path] = splitFields(record, 8);
  const [, xy, submodule, , indexMode, mode, , indexOid] = fields as Eight;
  return {
    path,
    kind: 'tracked',
    staged: !xy.startsWith('.'),
    unstaged: !xy.endsWith('.'),
    mode,
    indexMode,
    indexOid,
    submodule,
  };
}

/** `u <XY> <sub> <m1> <m2> <m3> <mW> <h1> <h2> <h3> <path>` */
function parseUnmerged(record: string): StatusEntry {
  const [fields, path] = splitFields(record, 10);
  const [, , submodule, , , , mode] = fields as Eight;
  return {
    path,
    kind: 'unmerged',
    staged: false,
    unstaged: true,
    mode,
    indexMode: '',
    indexOid: '',
    submodule,
  };
}

type Eight = [string, string, string, string, string, string, string, string];

/** The first `count` space-separated fields, and the path behind them, which may hold spaces. */
function splitFields(record: string, count: number): [fields: string[], path: string] {
  const parts = record.split(' ');
  return [parts.slice(0, count), parts.slice(count).join(' ')];
}
