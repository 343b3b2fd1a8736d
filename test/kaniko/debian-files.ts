import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory, exists } from './cache.ts';

const run = promisify(execFile);

/**
 * The files of a Debian package in a folder of the cache, fetched once and installed nowhere. Throws with apt's words
 * where it can't be had.
 */
export async function debianFiles(name: string, cache = cacheDirectory()): Promise<string> {
  const folder = join(cache, name);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fetched = await mkdtemp(join(cache, `${name}-`));
  try {
    await download(name, fetched);
    const [file = ''] = await readdir(fetched);
    await run('dpkg-deb', ['--extract', join(fetched, file), join(fetched, 'files')]);
    await rename(join(fetched, 'files'), folder);
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
  return folder;
}

async function download(name: string, cwd: string): Promise<void> {
  const fetch = () => run('apt-get', ['-qq', 'download', name], { cwd });
  // Images come without apt's lists.
  await fetch().catch(async () => {
    await run('apt-get', ['-qq', 'update']);
    await fetch();
  });
}
