import { SUBMODULE, SYMBOLIC_LINK, type Tree, type TreeEntry } from '../tree.ts';

const ABSENT = -1;

/**
 * Reads `git ls-tree -r -z`: `<mode> <type> <id>\t<path>\0` for each entry, with paths decoded. The text is kept as it
 * is and searched when it is asked for: an object for each of many thousand paths costs more than git's own work.
 *
 * @param sorted git sorts by bytes; only where all of them are ASCII that is the order of UTF-16 code units.
 */
export function parseTree(text: string, sorted: boolean): Tree {
  const inOrder = (paths: string[]) => (sorted ? paths : paths.sort());
  const find = finder(text, sorted);
  const endings = new Map<string, ReadonlyMap<string, TreeEntry>>();
  const get = (path: string): TreeEntry | undefined => {
    for (const [suffix, entries] of endings) if (path.endsWith(suffix)) return entries.get(path);
    const start = find(path);
    return start === ABSENT ? undefined : entryBefore(text, start);
  };
  let all: string[] | undefined;
  let links: string[] | undefined;
  return {
    has: (path) => get(path) !== undefined,
    get,
    get paths() {
      all ??= inOrder(everyPath(text));
      return all;
    },
    get links() {
      links ??= inOrder(pathsOfMode(text, SYMBOLIC_LINK));
      return links;
    },
    get submodules() {
      return inOrder(pathsOfMode(text, SUBMODULE));
    },
    endingWith(suffix) {
      const entries = endings.get(suffix) ?? entriesEndingWith(text, suffix);
      endings.set(suffix, entries);
      return inOrder([...entries.keys()]);
    },
  };
}

function everyPath(text: string): string[] {
  const paths: string[] = [];
  for (let tab = text.indexOf('\t'); tab !== -1;) {
    const end = text.indexOf('\0', tab);
    paths.push(text.slice(tab + 1, end));
    tab = text.indexOf('\t', end);
  }
  return paths;
}

function pathsOfMode(text: string, mode: string): string[] {
  const paths: string[] = [];
  const start = `${mode} `;
  for (let at = text.indexOf(start); at !== -1; at = text.indexOf(start, at + 1)) {
    // A path may hold the same.
    if (at > 0 && text[at - 1] !== '\0') continue;
    const tab = text.indexOf('\t', at);
    paths.push(text.slice(tab + 1, text.indexOf('\0', tab)));
  }
  return paths;
}

function entriesEndingWith(text: string, suffix: string): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  const ending = `${suffix}\0`;
  for (let at = text.indexOf(ending); at !== -1; at = text.indexOf(ending, at + ending.length)) {
    const start = pathStart(text, at);
    const path = text.slice(start, at + suffix.length);
    // What was found may begin before the path does.
    if (path.endsWith(suffix)) entries.set(path, entryBefore(text, start));
  }
  return entries;
}

/** Where the path begins that `within` lies in: a path may hold tabs itself, and begins after the entry's first. */
function pathStart(text: string, within: number): number {
  return text.indexOf('\t', text.lastIndexOf('\0', within - 1) + 1) + 1;
}

/** The entry whose path begins at `start`. */
function entryBefore(text: string, start: number): TreeEntry {
  const begin = text.lastIndexOf('\0', start - 1) + 1;
  const oid = text.lastIndexOf(' ', start - 1) + 1;
  return { mode: text.slice(begin, begin + 6), oid: text.slice(oid, start - 1) };
}

/** A few paths are searched for in the sorted text, which costs nothing before; more are worth an index. */
function finder(text: string, sorted: boolean): (path: string) => number {
  let searches = sorted ? 0 : FEW;
  let indexed: ((path: string) => number) | undefined;
  return (path) => {
    searches += 1;
    if (searches <= FEW) return searchPath(text, path);
    indexed ??= indexPaths(text);
    return indexed(path);
  };
}

const FEW = 200;

/** Binary search for where a path begins. */
function searchPath(text: string, path: string): number {
  let [low, high] = [0, text.length];
  while (low < high) {
    const entry = text.lastIndexOf('\0', ((low + high) >>> 1) - 1) + 1;
    const start = text.indexOf('\t', entry) + 1;
    const end = text.indexOf('\0', start);
    const found = text.slice(start, end);
    if (found === path) return start;
    if (found < path) low = end + 1;
    else high = entry;
  }
  return ABSENT;
}

/** The shortest entry: `<mode> blob <id>\t<path>\0` with an id of 40 digits and a path of one character. */
const SHORTEST_ENTRY = 55;

/**
 * A hash table of where the paths begin: open addressing in a typed array, at most half full, so that a free slot
 * ends every search.
 */
function indexPaths(text: string): (path: string) => number {
  const size = 2 ** Math.ceil(Math.log2((2 * text.length) / SHORTEST_ENTRY + 1));
  const slots = new Int32Array(size).fill(ABSENT);
  for (let tab = text.indexOf('\t'); tab !== -1;) {
    const start = tab + 1;
    const end = text.indexOf('\0', start);
    let slot = hashOf(text, start, end) & (size - 1);
    while (slots[slot] !== ABSENT) slot = (slot + 1) & (size - 1);
    slots[slot] = start;
    tab = text.indexOf('\t', end);
  }
  return (path) => {
    const entry = `${path}\0`;
    let slot = hashOf(path, 0, path.length) & (size - 1);
    for (let start = slots[slot] as number; start !== ABSENT; start = slots[slot] as number) {
      if (text.startsWith(entry, start)) return start;
      slot = (slot + 1) & (size - 1);
    }
    return ABSENT;
  };
}

/** FNV-1a over the code units, its bits mixed once more: names that differ little share no slots. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
