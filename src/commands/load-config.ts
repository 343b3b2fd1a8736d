import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import { AffectedError } from '../errors.ts';

/** The config's name at the root of a repository. */
export const CONFIG_FILE = 'affected.yml';

/**
 * Parses a config; without a file the defaults hold. The parser and its libraries are loaded only for a config.
 *
 * @throws ConfigError with every finding.
 */
export async function loadConfig(text: string | undefined, file: string): Promise<Config> {
  if (text === undefined) return (await import('../config/schema.ts')).defaultConfig;
  const { parseConfig } = await import('../config/parse.ts');
  return parseConfig(text, file);
}

/** @throws AffectedError `unreadable-config`. */
export async function loadConfigFile(cwd: string, file: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(resolve(cwd, file), 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new AffectedError('unreadable-config', `--config ${file}: ${reason}`, { cause: error });
  }
  return loadConfig(text, file);
}

/** Starts to load the parser while git is still at work; an error shows where the parser is used. */
export function preloadParser(): void {
  import('../config/parse.ts').catch(() => {});
}
