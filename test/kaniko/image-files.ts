import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { Registry } from './registry.ts';
import { readBlob, readManifest } from './registry-client.ts';

interface ImageName {
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
}

/** A file's text in an image as a container would see it; undefined where the image has no such file. */
export async function readImageFile(
  registry: Registry,
  { repository, reference, path }: ImageName & { path: string },
): Promise<string | undefined> {
  for (const layer of (await layersOf(registry, { repository, reference })).toReversed()) {
    const listed = (await tar(layer, ['--list'])).split('\n');
    const entries = new Map(listed.map((entry) => [withoutRoot(entry), entry]));
    const entry = entries.get(path);
    if (entry !== undefined) return await tar(layer, ['--extract', '--to-stdout', entry]);
    if (whiteouts(path).some((name) => entries.has(name))) return undefined;
  }
  return undefined;
}

/** What each layer of an image holds, the lowest first: paths, sorted, those of folders with a `/` at the end. */
export async function listLayers(registry: Registry, image: ImageName): Promise<readonly string[][]> {
  const listed: string[][] = [];
  for (const layer of await layersOf(registry, image)) {
    const entries = (await tar(layer, ['--list'])).split('\n').map(withoutRoot);
    listed.push(entries.filter((entry) => entry !== '').toSorted());
  }
  return listed;
}

async function layersOf(registry: Registry, { repository, reference }: ImageName): Promise<Buffer[]> {
  const found = await readManifest(registry, repository, reference);
  if (!found) throw new Error(`${repository} holds no ${reference}.`);
  const { layers } = found.manifest;
  return await Promise.all(layers.map(({ digest }) => readBlob(registry, repository, digest)));
}

function withoutRoot(entry: string): string {
  return entry.replace(/^\.?\//u, '');
}

/** Names that hide a path in the layers below: of itself, of its folders, and of all that a folder of it held. */
function whiteouts(path: string): string[] {
  const parts = path.split('/');
  return parts.flatMap((part, index) => {
    const folder = parts
      .slice(0, index)
      .map((each) => `${each}/`)
      .join('');
    return [`${folder}.wh.${part}`, `${folder}.wh..wh..opq`];
  });
}

async function tar(layer: Buffer, args: readonly string[]): Promise<string> {
  const child = spawn('tar', ['--gzip', '--file=-', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(layer);
  return await text(child.stdout);
}
