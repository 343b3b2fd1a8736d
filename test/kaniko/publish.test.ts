import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type CliResult, cli } from '../support/cli.ts';
import { createRepository } from '../support/repository.ts';
import { runnerCheckout } from '../support/runner-checkout.ts';
import { repositoryOf, startPlatform } from './platform.ts';
import { readManifest, readTags } from './registry-client.ts';
import type { GateOptions } from './registry-gate.ts';
import { seedImage } from './seed-image.ts';
import type { Tools } from './tools.ts';
import { withKaniko } from './with-kaniko.ts';

/** A project of two commits, of each of which a pipeline has pushed its candidate of `app`. */
async function builtProject(tools: Tools, gate: GateOptions = {}) {
  const platform = await startPlatform(tools, gate);
  const { registry } = platform;
  const server = await createRepository();
  await server.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const image = repositoryOf('app');
  const directory = await mkdtemp(join(tmpdir(), 'built-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const built: { commit: string; digest: string }[] = [];
  for (const version of ['one', 'two']) {
    const commit = await server.commit({ version });
    await writeFile(join(directory, 'version'), version);
    await seedImage(registry, { repository: image, tag: `candidate-pipeline-${built.length}`, directory });
    const candidate = await readManifest(registry, image, `candidate-pipeline-${built.length}`);
    built.push({ commit, digest: candidate?.digest as string });
  }

  async function publish(number: number, env: Record<string, string>): Promise<CliResult> {
    const { commit, digest } = built[number] as (typeof built)[number];
    const checkout = await runnerCheckout({ server, commit, branch: 'main', depth: 1 });
    const repository = `${registry.host}/${image}`;
    return cli(checkout.dir, ['publish'], {
      env: {
        ...platform.variables,
        CI_COMMIT_BRANCH: 'main',
        AFFECTED_IMAGE: 'app',
        AFFECTED_REPOSITORY: repository,
        AFFECTED_HANDOVER: 'AFFECTED_IMAGE_APP',
        AFFECTED_IMAGE_APP: `${repository}@${digest}`,
        ...env,
      },
    });
  }
  const branch = (number: number, login: Record<string, string> = {}) =>
    publish(number, {
      ...login,
      AFFECTED_TAG_1: `commit${number}`,
      AFFECTED_BRANCH_TAG_1: 'latest',
      AFFECTED_BRANCH_TAG_2: 'main',
      AFFECTED_MARKER: `commit-${built[number]?.commit}`,
    });
  const release = (number: number, version: string) =>
    publish(number, {
      AFFECTED_TAG_1: `v${version}`,
      AFFECTED_TAG_2: version,
      AFFECTED_VERSION: version,
      AFFECTED_VERSION_TAG_1: version.split('.').slice(0, 2).join('.'),
      AFFECTED_VERSION_TAG_2: version.split('.')[0] as string,
    });
  /** What each published tag names: the number of its commit. */
  const tags = async () => {
    const found: Record<string, number> = {};
    for (const tag of await readTags(registry, image)) {
      if (/^candidate-|^commit-/.test(tag)) continue;
      const digest = (await readManifest(registry, image, tag))?.digest;
      found[tag] = built.findIndex((one) => one.digest === digest);
    }
    return found;
  };
  return { branch, release, tags };
}

withKaniko('publishing in a real registry', (tools) => {
  test.each([[[0, 1]], [[1, 0]]])('two commits in the order %j: the newer one is latest', async (order) => {
    const { branch, tags } = await builtProject(tools);
    for (const number of order) {
      const { code, stderr } = await branch(number);
      expect(code, stderr).toBe(0);
    }
    expect(await tags()).toEqual({ commit0: 0, commit1: 1, latest: 1, main: 1 });
  });

  test('v1.2.9 after v1.3.0 leaves 1 alone', async () => {
    const { release, tags } = await builtProject(tools);
    expect(await release(0, '1.3.0')).toMatchObject({ code: 0 });
    expect(await release(1, '1.2.9')).toMatchObject({ code: 0 });
    expect(await release(1, '2.0.0-rc.1')).toMatchObject({ code: 0 });
    expect(await tags()).toEqual({
      '1': 0,
      '1.2': 1,
      '1.2.9': 1,
      '1.3': 0,
      '1.3.0': 0,
      '2.0.0-rc.1': 1,
      'v1.2.9': 1,
      'v1.3.0': 0,
      'v2.0.0-rc.1': 1,
    });
  });

  test('somebody who may not push is told so, and nothing moves', async () => {
    const reader = { user: 'reader', password: 'may-read' };
    const { branch, tags } = await builtProject(tools, { reader });
    expect(await branch(0)).toMatchObject({ code: 0 });
    const { code, stderr } = await branch(1, {
      CI_REGISTRY_USER: reader.user,
      CI_REGISTRY_PASSWORD: reader.password,
    });
    expect(code).toBe(2);
    expect(stderr).toContain('needs leave to push');
    expect(await tags()).toEqual({ commit0: 0, latest: 0, main: 0 });
  });

  const hangsUp = (request: IncomingMessage) => void request.socket.destroy();
  const answers = (status: number) => (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"errors": [{"code": "NO"}]}');
  };
  test.each<[string, RegExp, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['the image is read', /^GET .*\/manifests\/sha256:/, hangsUp],
    ['its layers are looked for', /^HEAD .*\/blobs\//, answers(404)],
    ['tags are listed', /^GET .*\/tags\/list/, answers(503)],
    ['what a tag names is read', /^GET .*\/manifests\/main$/, answers(500)],
    ['the marker is put', /^PUT .*\/manifests\/commit-/, hangsUp],
    ['a tag of its own is put', /^PUT .*\/manifests\/commit1$/, answers(403)],
    ['the first tag moves', /^PUT .*\/manifests\/latest$/, answers(429)],
    ['the last tag moves', /^PUT .*\/manifests\/main$/, answers(409)],
  ])('a fault when %s: no tag is half moved, and running it again finishes it', async (_, matches, fault) => {
    let isOn = false;
    let met = 0;
    const { branch, tags } = await builtProject(tools, {
      fault(request, response) {
        if (!isOn || !matches.test(`${request.method} ${request.url}`)) return false;
        met += 1;
        fault(request, response);
        return true;
      },
    });
    await branch(0);
    isOn = true;
    const { code, stderr } = await branch(1);
    isOn = false;
    expect(met).toBeGreaterThan(0);
    expect(code, stderr).toBe(2);
    expect(await tags()).toMatchObject({ commit0: 0, latest: 0, main: 0 });
    const again = await branch(1);
    expect(again.code, again.stderr).toBe(0);
    expect(await tags()).toEqual({ commit0: 0, commit1: 1, latest: 1, main: 1 });
  });
});
