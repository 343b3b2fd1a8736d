import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { Registry } from './registry.ts';
import {
  type Descriptor,
  digestOf,
  dockerManifest,
  type Manifest,
  pushBlob,
  pushManifest,
} from './registry-client.ts';

/** Pushes an image of one layer: all that a folder holds. It stands for the images the world outside publishes. */
export async function seedImage(
  registry: Registry,
  { repository, tag, directory }: { repository: string; tag: string; directory: string },
): Promise<void> {
  const { stdout: layer } = await promisify(execFile)(
    'tar',
    ['--create', '--gzip', '--numeric-owner', '--owner=0', '--group=0', '--directory', directory, '.'],
    { encoding: 'buffer', maxBuffer: 1 << 28 },
  );
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Env: ['PATH=/bin'] },
      rootfs: { type: 'layers', diff_ids: [digestOf(gunzipSync(layer))] },
    }),
  );
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: dockerManifest,
    config: descriptor('application/vnd.docker.container.image.v1+json', config),
    layers: [descriptor('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)],
  };
  await pushBlob(registry, repository, layer);
  await pushBlob(registry, repository, config);
  await pushManifest(registry, { repository, tag, manifest });
}

function descriptor(mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}
