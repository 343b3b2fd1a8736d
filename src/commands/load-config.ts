import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defaultConfig } from '../config/default-config.ts';
import type { Config } from '../config/schema.ts';
import { AffectedError } from '../errors.ts';
import type { Tree } from '../tree.ts';
import type { BlobStore } from './blob-store.ts';

/** The config's name at the root of a repository. */
export const CONFIG_FILE = 'affected.yml';

/**
 * Parses a config; without a file the defaults hold. The parser and its libraries are loaded only for a config.
 *
 * @throws ConfigError with every finding.
 */
async function loadConfig(text: string | undefined, file: string): Promise<Config> {
  if (text === undefined) return defaultConfig;
  const known = parsed.get(`${file}\0${text}`) ?? parse(text, file);
  parsed.set(`${file}\0${text}`, known);
  return known;
}

/** By what they say: few of a history's commits have a config of their own. */
const parsed = new Map<string, Promise<Config>>();

async function parse(text: string, file: string): Promise<Config> {
  const { parseConfig } = await import('../config/parse.ts');
  return parseConfig(text, file);
}

/**
 * The config of a tree.
 *
 * @throws AffectedError `unreadable-file` when the file is there but its content is not in this clone: without it,
 *   an answer could be silently wrong.
 */
export async function loadTreeConfig(tree: Tree, blobs: BlobStore): Promise<Config> {
  return loadConfig(requiredText(tree, blobs, CONFIG_FILE), CONFIG_FILE);
}

/**
 * The text of a file that was read; undefined when there is no such file.
 *
 * @throws AffectedError `unreadable-file` when its content is not in this clone.
 */
export function requiredText(tree: Tree, blobs: BlobStore, path: string): string | undefined {
  const text = blobs.text(tree, path);
  if (text !== undefined || tree.get(path) === undefined) return text;
  throw new AffectedError(
    'unreadable-file',
    `${path} can't be read: its content is not in this clone; fetch it, or run git fsck`,
  );
}

/** @throws AffectedError `unreadable-config`. */
export async function loadConfigFile(cwd: string, file: string): Promise<Config> {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
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
