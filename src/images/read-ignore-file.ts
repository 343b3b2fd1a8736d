import { IgnoreFileError, isSurelyWellFormed, parseIgnoreFile } from '../dockerfile/ignore-file.ts';
import type { Image, Widening } from './image.ts';
import type { IgnoreFile } from './inputs.ts';
import type { Problem } from './resolve.ts';
import { type FoundIgnoreFile, type IgnoreFileChoice, ignoreFileOf, type Snapshot } from './snapshot.ts';
import { unreadable } from './unreadable.ts';

/**
 * The ignore file that rules an image's build context.
 *
 * @param isRead tells whether its text was asked for; it has no patterns otherwise.
 */
export function readIgnoreFile(
  snapshot: Snapshot,
  image: Image,
  isRead: IgnoreFileChoice = () => true,
): { ignoreFile: IgnoreFile | undefined; widening?: Widening; problem?: Problem } {
  const found = ignoreFileOf(snapshot, image);
  if (found === undefined) return { ignoreFile: undefined };
  const { path, target, files } = found;
  if (!isRead(found)) return { ignoreFile: new UnreadIgnoreFile(found) };
  const text = target === undefined ? undefined : snapshot.text(target);
  if (text === undefined) return { ignoreFile: undefined, widening: unreadable(image, path) };
  try {
    return { ignoreFile: Object.assign(readIgnorePatterns(text), { path, files }) };
  } catch (error) {
    if (!(error instanceof IgnoreFileError)) throw error;
    const message = `${path}:${error.line}: ${error.message}`;
    return { ignoreFile: undefined, problem: { image: image.name, code: 'ignore-file', message } };
  }
}

/** Of thousands of ignore files few are asked about a path; the others are only looked through for what is malformed. */
function readIgnorePatterns(text: string): Pick<IgnoreFile, 'text' | 'patterns'> {
  if (!isSurelyWellFormed(text)) return { text, patterns: parseIgnoreFile(text) };
  return {
    text,
    get patterns() {
      return parseIgnoreFile(text);
    },
  };
}

/** One that rules no path anybody asks for. */
class UnreadIgnoreFile implements IgnoreFile {
  readonly path: string;
  readonly files: readonly string[];
  readonly text = undefined;

  constructor({ path, files }: FoundIgnoreFile) {
    this.path = path;
    this.files = files;
  }

  get patterns(): never {
    throw new Error(`${this.path} was asked for its patterns, but not read`);
  }
}
