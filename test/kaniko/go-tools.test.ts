import { execFile, spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createRepository } from '../support/repository.ts';
import { type GoTool, goTool } from './go-tools.ts';

const run = promisify(execFile);
const MODULE = 'example.com/tools';
const tool: GoTool = { module: MODULE, version: 'v1.2.3', command: 'cmd/hello' };

afterEach(() => vi.unstubAllEnvs());

/** A folder that Go takes for a proxy, with one version of a module. */
async function publish(directory: string): Promise<void> {
  const repository = await createRepository();
  const mod = `module ${MODULE}\n\ngo 1.20\n\nexclude example.com/other v1.0.0\n`;
  await repository.commit({
    'go.mod': mod,
    'cmd/hello/main.go': 'package main\n\nfunc main() { println("hello") }\n',
    'vendor/modules.txt': '# example.com/other v1.1.0\n',
  });
  const versions = join(directory, MODULE, '@v');
  await mkdir(versions, { recursive: true });
  const archive = join(repository.dir, 'module.zip');
  const prefix = `--prefix=${MODULE}@v1.2.3/`;
  await run('git', ['-C', repository.dir, 'archive', '--format=zip', prefix, '-o', archive, 'HEAD']);
  await copyFile(archive, join(versions, 'v1.2.3.zip'));
  await writeFile(join(versions, 'v1.2.3.mod'), mod);
  await writeFile(join(versions, 'v1.2.3.info'), JSON.stringify({ Version: 'v1.2.3' }));
}

describe.skipIf(spawnSync('go', ['version']).error)('a program that is a Go module', () => {
  test('is built once, whatever its go.mod excludes, and leaves nothing else behind', async ({
    onTestFinished,
  }) => {
    const directory = await mkdtemp(join(tmpdir(), 'go-tools-'));
    onTestFinished(async () => {
      // Go takes the right to write away from what it keeps.
      await run('chmod', ['-R', 'u+w', directory]);
      await rm(directory, { recursive: true, force: true });
    });
    await publish(join(directory, 'proxy'));
    vi.stubEnv('GOPROXY', `file://${join(directory, 'proxy')}`);
    vi.stubEnv('GOSUMDB', 'off');
    vi.stubEnv('GOMODCACHE', join(directory, 'modules'));
    const cache = join(directory, 'cache');
    const [program, other] = await Promise.all([goTool(tool, cache), goTool(tool, cache)]);
    expect([program, other]).toEqual(Array(2).fill(join(cache, 'hello-v1.2.3/hello')));
    expect((await run(program, [])).stderr).toBe('hello\n');
    expect(await readdir(cache)).toEqual(['hello-v1.2.3']);
    vi.stubEnv('GOPROXY', 'off');
    vi.stubEnv('GOMODCACHE', join(directory, 'none'));
    expect(await goTool(tool, cache)).toBe(program);
    const message = `${MODULE}/cmd/hello v1.2.4 can't be built: .+; put the program at ${cache}/hello-v1.2.4/hello$`;
    await expect(goTool({ ...tool, version: 'v1.2.4' }, cache)).rejects.toThrow(new RegExp(message, 'u'));
    expect(await readdir(cache)).toEqual(['hello-v1.2.3']);
    vi.stubEnv('PATH', directory);
    await expect(goTool({ ...tool, version: 'v1.2.4' }, cache)).rejects.toThrow('there is no Go on PATH');
  });
});
