import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Change } from '../change.ts';
import { AffectedError } from '../errors.ts';
import type { Repository } from '../git/repository.ts';
import { compileGlobs } from '../images/globs.ts';
import type { Widening } from '../images/image.ts';
import { inputRule } from '../images/inputs.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { ignoreFileInForce } from '../images/snapshot.ts';
import { overlayTree, pathsUnder } from '../tree.ts';
import { takersOf } from './args-files.ts';
import type { LoadedSide } from './load-side.ts';

/**
 * Changes as if the named paths had been modified; a directory stands for every file below it. A path that does not
 * exist yet counts as added.
 *
 * @throws AffectedError `usage` for a path outside the repository, and for a Dockerfile that does not exist yet.
 */
export async function resolveWhatIf(options: {
  repository: Repository;
  cwd: string;
  paths: readonly string[];
  side: LoadedSide;
}): Promise<readonly Change[]> {
  const { tree } = options.side;
  const changes = new Map<string, Change>();
  for (const named of options.paths) {
    const path = await repositoryPath({ ...options, named });
    const entry = tree.get(path);
    const files = entry ? [path] : pathsUnder(tree, path);
    for (const file of files) {
      const mode = tree.get(file)?.mode as string;
      changes.set(file, { path: file, status: 'modified', oldMode: mode, newMode: mode });
    }
    if (files.length > 0) continue;
    refuseNewDockerfile(options.side, path);
    changes.set(path, { path, status: 'added', oldMode: '000000', newMode: '100644' });
  }
  return [...changes.values()];
}

/** What a new image would be built from can't be told before it is written, and "not affected" would be wrong. */
function refuseNewDockerfile({ config }: LoadedSide, path: string): void {
  const { dockerfiles, exclude } = config.discover;
  if (!compileGlobs(dockerfiles)(path) || compileGlobs(exclude)(path)) return;
  throw new AffectedError(
    'usage',
    `--what-if: ${JSON.stringify(path)} would be a new image; write its Dockerfile first`,
  );
}

/** The base of a supposed change of files whose content decides, and is not known: see the parts. */
export function supposeContents(side: LoadedSide, changes: readonly Change[]): LoadedSide {
  return supposeArgsFiles(supposeIgnoreFiles(side, changes), changes);
}

/**
 * What an ignore file would say after the change can't be known: an image that takes
 * files from the build context it rules, and that no other change reaches, may be affected.
 */
function supposeIgnoreFiles(side: LoadedSide, changes: readonly Change[]): LoadedSide {
  const changed = new Set(changes.map(({ path }) => path));
  const supposed = [...changed].filter((path) => !side.tree.has(path));
  const tree = overlayTree(side.tree, new Map(supposed.map((path) => [path, { mode: '100644', oid: '' }])));
  const images = [...side.images].map(([name, resolved]): [string, ResolvedImage] => {
    const { inputs } = resolved;
    const inForce = ignoreFileInForce(tree, {
      dockerfile: resolved.image.dockerfile,
      context: inputs.context,
    });
    const path = [inForce, ...(inputs.ignoreFile?.files ?? [])].find(
      (file) => file !== undefined && changed.has(file),
    );
    if (path === undefined) return [name, resolved];
    const isReached = changes.some((change) => inputRule(inputs, change.path));
    if (isReached || inputs.sources.length === 0) return [name, resolved];
    return [name, { ...resolved, widenings: [...resolved.widenings, unknownIgnoreFile(name, path)] }];
  });
  return { ...side, images: new Map(images) };
}

/** What a file of build args would set after it is not what it sets now. */
function supposeArgsFiles(side: LoadedSide, changes: readonly Change[]): LoadedSide {
  const images = new Map(side.images);
  for (const { image: name, names } of changes.flatMap(({ path }) => takersOf(side, path))) {
    const resolved = images.get(name) as ResolvedImage;
    const left = Object.entries(resolved.image.args).filter(([arg]) => !names.includes(arg));
    images.set(name, { ...resolved, image: { ...resolved.image, args: Object.fromEntries(left) } });
  }
  return { ...side, images };
}

function unknownIgnoreFile(image: string, path: string): Widening {
  const detail = `what a change of ${path} lets into the build context depends on the change`;
  return { scope: 'image', image, code: 'what-if-ignore-file', detail };
}

/**
 * A path as a person types it, relative to where they stand; in a bare repository, to its root.
 *
 * @returns the repo-relative path, `''` for the root.
 * @throws AffectedError `usage` when it leaves the repository.
 */
export async function repositoryPath(options: {
  repository: Repository;
  cwd: string;
  named: string;
}): Promise<string> {
  const { repository, named } = options;
  const from = repository.workTree ? realpathSync.native(options.cwd) : repository.root;
  const path = relative(repository.root, resolve(from, named)).split(sep).join('/');
  if (path !== '..' && !path.startsWith('../')) return path;
  throw new AffectedError('usage', `${JSON.stringify(named)} lies outside the repository ${repository.root}`);
}
