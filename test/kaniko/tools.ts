import { execFile } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory, exists } from './cache.ts';
import type { KanikoImage } from './container.ts';
import { debianFiles } from './debian-files.ts';
import { goTool } from './go-tools.ts';

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
  const name = await templateImage();
  return {
    name,
    executor: await findExecutor(name),
    busybox: join(await debianFiles('busybox-static'), 'bin/busybox'),
    registry: join(await debianFiles('docker-registry'), 'usr/bin/docker-registry'),
  };
}

async function templateImage(): Promise<string> {
  const template = resolve(import.meta.dirname, '../../ci-templates/kaniko.yml');
  const [, image] = /name: (\S+\/kaniko:\S+-debug)/u.exec(await readFile(template, 'utf8')) ?? [];
  if (image === undefined) throw new Error(`${template} names no debug image of Kaniko.`);
  return image;
}

/**
 * The program that KANIKO_EXECUTOR names, the one in the cache, or one built there from Kaniko's own module, in the
 * template's version.
 */
async function findExecutor(image: string): Promise<string> {
  const version = /:(.*)-debug$/u.exec(image)?.[1] ?? '';
  const tool = { module: 'github.com/osscontainertools/kaniko', version, command: 'cmd/executor' };
  const given = process.env['KANIKO_EXECUTOR'] ?? (await cachedExecutor(version));
  const hint = `take /kaniko/executor out of ${image}, and say where it is with KANIKO_EXECUTOR`;
  if (given === undefined) {
    return await goTool(tool).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}; or ${hint}`, { cause: error });
    });
  }
  await access(given, constants.X_OK).catch(() => {
    throw new Error(`There is no Kaniko at ${given}: ${hint}.`);
  });
  const said = await versionsOf(given);
  if (!said.includes(version))
    throw new Error(`${given} is not the ${version} that the template names, but says: ${said.join(' ')}`);
  return given;
}

/** Taken out of the image by hand. */
async function cachedExecutor(version: string): Promise<string | undefined> {
  const executor = join(cacheDirectory(), `kaniko-${version}/executor`);
  return (await exists(executor)) ? executor : undefined;
}

/** What a program says of its version, and what Go wrote into it: `go install` leaves the first unset. */
async function versionsOf(executor: string): Promise<readonly string[]> {
  const { stdout } = await run(executor, ['version']);
  const built = await run('go', ['version', '-m', executor]).catch(() => ({ stdout: '' }));
  const [, module = ''] = /^\tmod\t\S+\/kaniko\t(\S+)/mu.exec(built.stdout) ?? [];
  return [...stdout.trim().split(/\s+/u), module].filter((word) => word !== '');
}
