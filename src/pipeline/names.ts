import { AffectedError } from '../errors.ts';
import type { Image } from '../images/image.ts';

/** A repository path as registries accept it (distribution reference grammar: `path-component`s joined by `/`). */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
/** The registry limits a whole name to 255 characters; the prefix needs room too. */
const MAXIMUM_NAME = 200;

/**
 * Refuses what a registry or GitLab can't accept before anything is written.
 *
 * @throws AffectedError `image-name` or `path-name`.
 */
export function checkImageNames(images: readonly Image[]): void {
  for (const { repository, directory, dockerfile, context } of images) {
    if (!REPOSITORY.test(repository) || repository.length > MAXIMUM_NAME) {
      throw new AffectedError(
        'image-name',
        `${dockerfile}: "${repository}" can't be an image name: registries take lower-case letters, digits and single . _ - between them, at most ${MAXIMUM_NAME} characters; ${remedy(directory)}`,
      );
    }
    for (const path of [dockerfile, context]) {
      if (!isText(path)) {
        throw new AffectedError(
          'path-name',
          `${JSON.stringify(path)}: GitLab can't carry a path that is not UTF-8; rename it`,
        );
      }
    }
  }
}

/** What `names` can't take, no rule there can rename. */
function remedy(directory: string): string {
  return /[*?$]/.test(directory)
    ? 'rename the directory, or leave its Dockerfile out under "discover.exclude" in affected.yml'
    : `give "${directory}" another name under "names" in affected.yml`;
}

/** Whether a string can stand in YAML and in an environment variable: no lone surrogate, no NUL. */
export function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}
