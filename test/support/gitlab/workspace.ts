import { cp, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import micromatch from 'micromatch';

/** Gives a job its own copy of the project, or an empty folder where it asked for no checkout (GIT_STRATEGY). */
export async function createWorkspace(options: {
  directory: string;
  projectDir: string;
  strategy: string;
}): Promise<void> {
  const { directory, projectDir, strategy } = options;
  await mkdir(directory, { recursive: true });
  if (strategy === 'none' || strategy === 'empty') return;
  await cp(projectDir, directory, { recursive: true, verbatimSymlinks: true });
}

/** The files of a folder that patterns such as `out/`, `*.env` or `a/**` name, without the excluded ones, sorted. */
export async function selectFiles(
  directory: string,
  paths: readonly string[],
  exclude: readonly string[],
): Promise<string[]> {
  if (paths.length === 0) return [];
  const files = await filesBelow(directory);
  return files.filter(
    (file) => isNamed(file, paths) && !micromatch.isMatch(file, [...exclude], { dot: true }),
  );
}

/** Copies artifacts from one job's folder over another's. */
export async function copyFiles(options: {
  files: readonly string[];
  from: string;
  to: string;
}): Promise<void> {
  for (const file of options.files) {
    await mkdir(dirname(join(options.to, file)), { recursive: true });
    await cp(join(options.from, file), join(options.to, file), { verbatimSymlinks: true, force: true });
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1)).toSorted();
}

/** A pattern names a file, or a folder and so all that is in it. */
function isNamed(file: string, patterns: readonly string[]): boolean {
  const parts = file.split('/');
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  const cleaned = patterns.map((pattern) => pattern.replace(/^\.\//u, '').replace(/\/+$/u, ''));
  return prefixes.some(
    (prefix) => cleaned.includes(prefix) || micromatch.isMatch(prefix, cleaned, { dot: true }),
  );
}
