import { execFile } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { KanikoImage } from './container.ts';
import { debianFiles } from './debian-files.ts';

const run = promisify(execFile);

/** Programs that these tests need, by path. */
export interface Tools extends KanikoImage {
  readonly registry: string;
}

/** Finds what the tests need, and fetches what Debian has. Throws with a sentence that says what is missing. */
export async function findTools(): Promise<Tools> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('Kaniko needs Linux and root, in namespaces of its own.');
  await run('unshare', ['--mount', '--pid', '--fork', 'true']).catch((error: unknown) => {
    throw new Error(`Mount and process namespaces can't be made here: ${(error as Error).message}`);
  });
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'affected-e2e');
  const name = await templateImage();
  const executor = await findExecutor(name, cache);
  return {
    name,
    executor,
    busybox: join(await debianFiles(cache, 'busybox-static'), 'bin/busybox'),
    registry: join(await debianFiles(cache, 'docker-registry'), 'usr/bin/docker-registry'),
  };
}

async function templateImage(): Promise<string> {
  const template = resolve(import.meta.dirname, '../../ci-templates/kaniko.yml');
  const [, image] = /name: (\S+\/kaniko:\S+-debug)/u.exec(await readFile(template, 'utf8')) ?? [];
  if (image === undefined) throw new Error(`${template} names no debug image of Kaniko.`);
  return image;
}

/** Kaniko is published as an image alone: whoever has that takes its program out of it. */
async function findExecutor(image: string, cache: string): Promise<string> {
  const version = /:(.*)-debug$/u.exec(image)?.[1] ?? '';
  const executor = process.env['KANIKO_EXECUTOR'] ?? join(cache, `kaniko-${version}/executor`);
  await access(executor, constants.X_OK).catch(() => {
    throw new Error(
      `There is no Kaniko at ${executor}: put /kaniko/executor of ${image} there, or say where it is with KANIKO_EXECUTOR.`,
    );
  });
  const { stdout } = await run(executor, ['version']);
  if (!stdout.split(/\s+/u).includes(version))
    throw new Error(`${executor} is not the ${version} that the template names, but says: ${stdout.trim()}`);
  return executor;
}
