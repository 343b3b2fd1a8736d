import { directoryOf, withAncestors } from '../images/paths.ts';
import type { Side } from './side.ts';

/**
 * The images that GitLab would build by one rule for each, `rules:changes: <image's directory>/**` + `/*`: those with a
 * changed path at any depth below their directory. Their Dockerfiles are not looked at.
 */
export function selectedByDirectory(
  { images }: Pick<Side, 'images'>,
  paths: readonly string[],
): ReadonlySet<string> {
  const directories = withAncestors(paths.map(directoryOf));
  const selected = [...images.values()].filter(({ image }) => directories.has(image.directory));
  return new Set(selected.map(({ image }) => image.name));
}
