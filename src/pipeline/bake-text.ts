import { AffectedError } from '../errors.ts';
import { displayDirectory, type Image } from '../images/image.ts';
import { relativeTo } from '../images/paths.ts';
import { isText } from './names.ts';

/**
 * The text itself, where bake would keep it: it reads its file by HCL, which composes characters (Unicode's NFC) and
 * drops a byte order mark.
 *
 * @throws AffectedError `bake`.
 */
export function checkBakeText(text: string, { dockerfile }: Pick<Image, 'dockerfile'>): string {
  if (isText(text) && text.normalize('NFC') === text && !text.startsWith('\ufeff')) return text;
  throw new AffectedError(
    'bake',
    `${dockerfile}: ${JSON.stringify(text)} can't stand in a bake file, which holds UTF-8 without NUL and byte order mark, composed (Unicode's NFC); write it that way`,
  );
}

/**
 * Where bake finds the files: the context from the directory it is run in, the Dockerfile from the context.
 *
 * @throws AffectedError `bake` for a directory that buildx takes for something else (IsRemoteURL in its util/urlutil,
 *   ParseGitRef in BuildKit's frontend/dockerfile/dfgitutil): what a colon follows at once for a URL or a host of git.
 */
export function bakePaths(image: Image): { context: string; dockerfile: string } {
  const context = displayDirectory(image.context);
  const below = relativeTo(image.context, image.dockerfile);
  const dockerfile = below ?? `${'../'.repeat(image.context.split('/').length)}${image.dockerfile}`;
  for (const path of [context, dockerfile]) {
    checkBakeText(path, image);
    if (!/^(?:[^/]*:|github\.com\/|-$)/.test(path)) continue;
    throw new AffectedError(
      'bake',
      `${image.dockerfile}: docker buildx bake takes ${JSON.stringify(path)} for an address and not for a path; rename it`,
    );
  }
  return { context, dockerfile };
}
