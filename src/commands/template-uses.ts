import type { TemplateUses } from '../affected/side.ts';
import type { Change } from '../change.ts';
import { AffectedError } from '../errors.ts';
import type { CiFile } from '../pipeline/ci-yaml.ts';
import type { Template } from '../pipeline/templates.ts';
import type { BlobStore } from './blob-store.ts';
import { requiredText } from './load-config.ts';
import type { LoadedSide } from './load-side.ts';
import { isTemplateFile } from './template-file.ts';

/**
 * Which images' jobs reach the changed template files, before or after the change. Nothing is read, and no YAML
 * parser loaded, unless such a file changed.
 *
 * @throws AffectedError for templates or image CI files of the head that don't parse.
 */
export async function templateUses(options: {
  changes: readonly Change[];
  base: LoadedSide;
  head: LoadedSide;
  blobs: BlobStore;
}): Promise<TemplateUses> {
  const { changes, base, head, blobs } = options;
  const files = new Set(changes.map(({ path }) => path).filter(isTemplateFile));
  if (files.size === 0) return new Map();
  const uses = new Map<string, { image: string; template: string }[]>([...files].map((file) => [file, []]));
  for (const side of [head, base]) {
    for (const { image, template } of await reachedOnSide({ side, blobs, tolerant: side === base, files })) {
      uses.get(template.file)?.push({ image, template: template.name });
    }
  }
  return uses;
}

async function reachedOnSide(options: {
  side: LoadedSide;
  blobs: BlobStore;
  tolerant: boolean;
  files: ReadonlySet<string>;
}): Promise<{ image: string; template: Template }[]> {
  const { side, blobs, files } = options;
  const { templatesReached } = await import('./load-templates.ts');
  try {
    const reached = await templatesReached(side.tree, blobs);
    const ciFiles = await loadCiFiles([...side.images.keys()], side, blobs);
    return [...side.images.values()].flatMap(({ image }) =>
      [{ extends: image.template }, ...jobsIn(ciFiles.get(image.name))]
        .flatMap(reached)
        .map((template) => ({ image: image.name, template })),
    );
  } catch (error) {
    if (!options.tolerant || !(error instanceof AffectedError)) throw error;
    // Templates that were broken at the base could have been anything: every image may have used every changed file.
    return [...side.images.values()].flatMap(({ image }) =>
      [...files].map((file) => ({
        image: image.name,
        template: { name: image.template, file, definition: {} },
      })),
    );
  }
}

function jobsIn(file: CiFile | undefined) {
  return file?.entries.map(({ value }) => value) ?? [];
}

/** The parsed CI files of the images that have one, by image name. */
export async function loadCiFiles(
  names: readonly string[],
  side: LoadedSide,
  blobs: BlobStore,
): Promise<ReadonlyMap<string, CiFile>> {
  const { parseCiFile } = await import('../pipeline/ci-yaml.ts');
  const paths = names.flatMap((name): [string, string][] => {
    const path = side.images.get(name)?.inputs.ciFile;
    return path === undefined ? [] : [[name, path]];
  });
  await blobs.read(
    side.tree,
    paths.map(([, path]) => path),
  );
  // Images of one directory share the file.
  const files = new Map(
    [...new Set(paths.map(([, path]) => path))].flatMap((path): [string, CiFile][] => {
      const text = requiredText(side.tree, blobs, path);
      return text === undefined ? [] : [[path, parseCiFile(text, path)]];
    }),
  );
  return new Map(
    paths.flatMap(([name, path]): [string, CiFile][] => {
      const file = files.get(path);
      return file ? [[name, file]] : [];
    }),
  );
}
