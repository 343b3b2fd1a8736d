import { link, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AffectedError } from '../errors.ts';

/**
 * Writes a file whole or not at all.
 *
 * @param options.replace whether a file that is there may go; without it none ever does, be it made meanwhile.
 * @throws AffectedError `config-exists`, `unwritable-config`.
 */
export async function writeConfig(file: string, text: string, options: { replace: boolean }): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    // Unlike a rename, a link refuses a name that is taken.
    if (options.replace) await rename(temporary, file);
    else await link(temporary, file);
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && syscall === 'link') throw configExists(file);
    throw new AffectedError(
      'unwritable-config',
      `${file} can't be written (${message}); affected init --dry-run prints it`,
      { cause: error },
    );
  } finally {
    await rm(temporary, { force: true });
  }
}

export function configExists(file: string): AffectedError {
  return new AffectedError(
    'config-exists',
    `${file} is there already and stays as it is; affected init --force replaces it, --dry-run prints what would be written`,
  );
}
