import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePath } from '../../src/git/path-bytes.ts';

/** Real files, each text once. */
export interface Corpus {
  dockerfiles: readonly string[];
  ignoreFiles: readonly string[];
}

const DOCKERFILE = /(?:^|\/)(?:(?:Docker|Container)file(?:\.[^/]*)?|[^/]*\.(?:dockerfile|Dockerfile))$/;
const IGNORE_FILE = /\.dockerignore$/;

/** Reads every Dockerfile and ignore file below the directories; of a bare git repository those of its HEAD. */
export function readCorpus(directories: readonly string[]): Corpus {
  const dockerfiles = new Set<string>();
  const ignoreFiles = new Set<string>();
  for (const { path, read } of directories.flatMap(filesBelow)) {
    if (IGNORE_FILE.test(path)) ignoreFiles.add(decodePath(read()));
    else if (DOCKERFILE.test(path)) dockerfiles.add(decodePath(read()));
  }
  return { dockerfiles: [...dockerfiles], ignoreFiles: [...ignoreFiles] };
}

interface File {
  path: string;
  read: () => Buffer;
}

function filesBelow(directory: string): File[] {
  if (existsSync(join(directory, 'HEAD')) && existsSync(join(directory, 'objects')))
    return committed(directory);
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(path);
    return entry.isFile() ? [{ path, read: () => readFileSync(path) }] : [];
  });
}

function committed(repository: string): File[] {
  const git = (...args: string[]): Buffer =>
    execFileSync('git', ['-c', 'safe.directory=*', '-C', repository, ...args], { maxBuffer: 2 ** 30 });
  return git('ls-tree', '-rz', 'HEAD')
    .toString('latin1')
    .split('\0')
    .flatMap((line) => {
      const [, oid, path] = /^100\d+ blob (\w+)\t(.*)$/s.exec(line) ?? [];
      return oid === undefined || path === undefined
        ? []
        : [{ path, read: () => git('cat-file', 'blob', oid) }];
    });
}
