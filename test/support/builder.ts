import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Build } from './buildable-repository.ts';

/** What a build made: one line for each path and each setting of the image; or why there is no image. */
export type Built = { ok: true; lines: readonly string[] } | { ok: false; error: string };

/**
 * Builds all images of a checkout with buildah, which needs root and no network, in a store of their own. Base images
 * must come first; a build finds those before it, and nothing else, by their references.
 */
export async function buildAll(
  checkout: string,
  builds: readonly Build[],
): Promise<ReadonlyMap<string, Built>> {
  const store = await mkdtemp(join(tmpdir(), 'affected-builder-'));
  const root = join(store, 'root');
  const buildah: Buildah = async (...args) => {
    const global = ['--root', root, '--runroot', `${store}/run`, '--storage-driver', 'vfs'];
    const { stdout } = await promisify(execFile)('buildah', [...global, ...args], {
      env: { PATH: process.env['PATH'] },
    });
    return stdout.trim();
  };
  try {
    const built = new Map<string, Built>();
    for (const build of builds) built.set(build.name, await buildOne(buildah, { root, checkout, build }));
    return built;
  } finally {
    await rm(store, { recursive: true, force: true });
  }
}

type Buildah = (...args: readonly string[]) => Promise<string>;

async function buildOne(
  buildah: Buildah,
  { root, checkout, build }: { root: string; checkout: string; build: Build },
): Promise<Built> {
  const options = [
    // Timestamps are no content, and the label of buildah's version would be the same everywhere.
    ...['--quiet', '--isolation', 'chroot', '--pull-never', '--timestamp', '0', '--identity-label=false'],
    // OCI images know no ONBUILD and no HEALTHCHECK.
    ...['--format', 'docker', '--file', join(checkout, build.directory, 'Dockerfile')],
    ...Object.entries(build.args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...(build.target === undefined ? [] : ['--target', build.target]),
    ...build.references.flatMap((reference) => ['--tag', reference]),
  ];
  try {
    const id = await buildah('bud', ...options, join(checkout, build.context));
    return { ok: true, lines: await imageLines(root, id) };
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    // A number is the status of a build that failed; anything else, no build at all.
    if (typeof code === 'number' && stderr !== undefined) return { ok: false, error: stderr };
    throw error;
  }
}

/**
 * The settings and the file tree of an image, read where containers/storage keeps them: with its driver `vfs` a layer
 * is a directory that holds everything from the layers below, too.
 */
async function imageLines(root: string, id: string): Promise<string[]> {
  const images = JSON.parse(await readFile(join(root, 'vfs-images/images.json'), 'utf8')) as StoredImage[];
  const layer = images.find((image) => image.id === id)?.layer;
  const name = `=${btoa(`sha256:${id}`)}`;
  const { config } = JSON.parse(await readFile(join(root, 'vfs-images', id, name), 'utf8')) as ImageConfig;
  // Random, and the name that the image was given.
  const { Hostname: _hostname, Image: _image, ...settings } = config;
  const tree = layer === undefined ? [] : await treeLines(join(root, 'vfs/dir', layer));
  return [...Object.entries(settings).map(([key, value]) => `${key} ${JSON.stringify(value)}`), ...tree];
}

interface StoredImage {
  id: string;
  layer?: string;
}

interface ImageConfig {
  config: Readonly<Record<string, unknown>>;
}

/** Each path below a directory with what it is, sorted. Names of any bytes, each a character. */
async function treeLines(root: string): Promise<string[]> {
  const entries = await readdir(Buffer.from(root), { recursive: false, encoding: 'buffer' });
  const lines = await Promise.all(entries.map((name) => entryLines(root, name.toString('latin1'))));
  return lines.flat().sort();
}

async function entryLines(root: string, path: string): Promise<string[]> {
  const place = Buffer.from(join(root, path), 'latin1');
  const stat = await lstat(place);
  const owner = `${path} ${(stat.mode & 0o7777).toString(8)} ${stat.uid}:${stat.gid}`;
  if (stat.isSymbolicLink()) return [`${owner} -> ${await readlink(place)}`];
  if (stat.isFile()) {
    return [
      `${owner} ${createHash('sha256')
        .update(await readFile(place))
        .digest('hex')}`,
    ];
  }
  const inside = await readdir(place, { encoding: 'buffer' });
  const below = await Promise.all(
    inside.map((name) => entryLines(root, `${path}/${name.toString('latin1')}`)),
  );
  return [`${owner} directory`, ...below.flat()];
}
