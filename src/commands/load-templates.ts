import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AffectedError } from '../errors.ts';
import type { CiValue } from '../pipeline/ci-yaml.ts';
import { parseTemplates, reachedTemplates, type Template, type Templates } from '../pipeline/templates.ts';
import { pathsUnder, type Tree } from '../tree.ts';
import type { BlobStore } from './blob-store.ts';
import { requiredText } from './load-config.ts';
import { isTemplateFile, TEMPLATE_DIRECTORY } from './template-file.ts';

/**
 * The hidden jobs of a repository's `ci-templates/`; those it does not define come from the files packaged with
 * this program.
 *
 * @throws AffectedError `ci-yaml` or `template`; `incomplete-package` without the packaged ones.
 */
export async function loadTemplates(tree: Tree, blobs: BlobStore): Promise<Templates> {
  return withPackaged(await ownTemplates(tree, blobs));
}

/**
 * Which hidden jobs of the repository itself a job reaches, be it through packaged ones that it left as they are.
 *
 * @throws AffectedError as `loadTemplates`.
 */
export async function templatesReached(
  tree: Tree,
  blobs: BlobStore,
): Promise<(job: CiValue) => readonly Template[]> {
  const own = await ownTemplates(tree, blobs);
  if (own.size === 0) return () => [];
  const all = await withPackaged(own);
  return (job) => reachedTemplates(all, job).filter(({ name }) => own.has(name));
}

async function withPackaged(own: Templates): Promise<Templates> {
  return new Map([...(await packagedTemplates()), ...own]);
}

async function ownTemplates(tree: Tree, blobs: BlobStore): Promise<Templates> {
  const files = pathsUnder(tree, TEMPLATE_DIRECTORY).filter(isTemplateFile);
  await blobs.read(tree, files);
  return parseTemplates(new Map(files.map((file) => [file, requiredText(tree, blobs, file) ?? ''])));
}

async function packagedTemplates(): Promise<Templates> {
  const directory = packagedDirectory(import.meta.dirname);
  const names = (await readdir(directory))
    .filter((name) => isTemplateFile(`${TEMPLATE_DIRECTORY}/${name}`))
    .sort();
  const files = names.map(async (name): Promise<[string, string]> => [
    `${TEMPLATE_DIRECTORY}/${name}`,
    await readFile(join(directory, name), 'utf8'),
  ]);
  return parseTemplates(new Map(await Promise.all(files)));
}

/** The bundle lies one directory below the package, the sources two. */
function packagedDirectory(from: string): string {
  const found = [dirname(from), dirname(dirname(from))]
    .map((directory) => join(directory, TEMPLATE_DIRECTORY))
    .find(existsSync);
  if (found !== undefined) return found;
  throw new AffectedError(
    'incomplete-package',
    `${TEMPLATE_DIRECTORY}/ is missing beside ${from}: install affected again`,
  );
}
