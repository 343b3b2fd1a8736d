import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { asksTheProxy, fetches, putBehindProxy } from '../kaniko/behind-proxy.ts';
import { debianFiles } from '../kaniko/debian-files.ts';
import { listLayers, readImageFile } from '../kaniko/image-files.ts';
import { seedBusybox } from '../kaniko/platform.ts';
import { type Registry, startRegistry } from '../kaniko/registry.ts';
import { readBlob, readManifest, readTags } from '../kaniko/registry-client.ts';
import { runPipeline } from '../support/gitlab/run.ts';
import { generate, mergeRequest, predefined } from '../support/pipeline.ts';
import { createRepository } from '../support/repository.ts';

const LONGEST = 180_000;
const cannotBuild = whyNot();

test('Buildah builds a base and, from its digest, an image on it', { timeout: LONGEST }, async ({ skip }) => {
  if (cannotBuild !== undefined) return skip(cannotBuild);
  const program = await debianFiles('docker-registry').catch(() => undefined);
  if (program === undefined) return skip("Debian's docker-registry can't be had.");
  const registry = await startRegistry(join(program, 'usr/bin/docker-registry'));
  onTestFinished(registry.stop);
  const repository = await createRepository();
  const base = await repository.commit({
    'affected.yml': 'template: .buildah-build\nverify: {scan: false}\n',
  });
  await repository.commit({
    'base/Dockerfile':
      'FROM scratch\nCOPY only-in-the-new-base /\nONBUILD COPY deferred /\nHEALTHCHECK CMD true\n',
    'base/only-in-the-new-base': 'hello\n',
    'app/Dockerfile': 'ARG V=none\nFROM base\nARG V\nCOPY . /app/\nLABEL v=$V\n',
    'app/Dockerfile.dockerignore': '*.md\n',
    'app/deferred': 'by the base\n',
    'app/README.md': 'ignored\n',
    'affected.yml':
      'template: .buildah-build\nverify: {scan: false}\nimages: {app: {args: {V: "1 $HOME"}}}\n',
  });
  const yaml = await generate(repository, { base, env: mergeRequest });
  const variables = await machine(registry);
  const run = await runPipeline({
    yaml,
    projectDir: repository.dir,
    predefined: { ...predefined, ...variables },
    pathMap: { '/tmp/affected': null },
  });
  const log = run.jobs.map((job) => job.log).join('');
  expect(run.status, log).toBe('success');
  expect(log).not.toContain(registry.password);
  const [built, onIt] = await Promise.all(
    ['base', 'app'].map((image) => readManifest(registry, `group/project/${image}`, 'mr-7')),
  );
  expect(await readTags(registry, 'group/project/app')).toEqual(['mr-7', 'mr-7-1a2b3c4d']);
  expect(run.jobs.map(({ dotenv }) => Object.values(dotenv)[0]?.split('@')[1])).toEqual([
    built?.digest,
    onIt?.digest,
  ]);
  expect(run.jobs[1]?.log).toContain(`base -> ${registry.host}/group/project/base@${built?.digest}\n`);
  const app = { repository: 'group/project/app', reference: 'mr-7' };
  expect(await readImageFile(registry, { ...app, path: 'only-in-the-new-base' })).toBe('hello\n');
  expect((await listLayers(registry, app)).flat()).toEqual(
    expect.arrayContaining(['deferred', 'app/Dockerfile', 'app/deferred']),
  );
  expect((await listLayers(registry, app)).flat()).not.toContain('app/README.md');
});

test('Buildah gets at other hosts its own way', { timeout: LONGEST }, async ({ skip }) => {
  if (cannotBuild !== undefined) return skip(cannotBuild);
  const [program, shell] = await Promise.all(
    ['docker-registry', 'busybox-static'].map((name) => debianFiles(name).catch(() => undefined)),
  );
  if (program === undefined || shell === undefined) return skip("Debian's packages can't be had.");
  const registry = await startRegistry(join(program, 'usr/bin/docker-registry'));
  onTestFinished(registry.stop);
  const busybox = join(shell, 'bin/busybox');
  await seedBusybox(registry, { busybox, repository: 'outside/busybox' });
  await seedBusybox(registry, { busybox, repository: 'mirror/quay/a/b' });
  const { host, proxy, settings, certificate, variables } = await putBehindProxy(registry);
  const mirrors = { 'quay.io': [`${host}/nothing`, `${host}/mirror/quay`] };
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  const config = {
    template: '.buildah-build',
    verify: { scan: false },
    runner: { proxy: settings, certificates: 'etc/ca.pem', mirrors },
  };
  await repository.commit({
    'affected.yml': JSON.stringify(config),
    'etc/ca.pem': certificate,
    'app/Dockerfile': `FROM ${host}/outside/busybox:1\n${fetches}`,
    'quay/Dockerfile': 'FROM quay.io/a/b:1\nRUN echo quay > /quay\n',
  });
  const yaml = await generate(repository, { base, env: mergeRequest });
  const { CONTAINERS_REGISTRIES_CONF: _, ...stores } = await machine(registry);
  const run = await runPipeline({
    yaml,
    projectDir: repository.dir,
    predefined: { ...predefined, ...stores, ...variables },
    pathMap: { '/tmp/affected': null },
  });
  const log = run.jobs.map((job) => job.log).join('');
  expect(run.status, log).toBe('success');
  expect(log).not.toContain(proxy.password);
  const file = (image: string, path: string) =>
    readImageFile(registry, { repository: `group/project/${image}`, reference: 'mr-7', path });
  expect([await file('app', 'got'), await file('quay', 'quay')]).toEqual(['by the proxy\n', 'quay\n']);
  expect(new Set(proxy.asked)).toEqual(new Set(asksTheProxy));
  const { manifest } = (await readManifest(registry, 'group/project/app', 'mr-7')) ?? {};
  const image = await readBlob(registry, 'group/project/app', manifest?.config.digest ?? '');
  expect(image.toString('utf8')).not.toMatch(/proxy|certificates/iu);
});

/** Stores of its own for Buildah, and a registry on loopback, which speaks plain HTTP. */
async function machine(registry: Registry): Promise<Record<string, string>> {
  const directory = await mkdtemp(join(tmpdir(), 'buildah-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const storage = join(directory, 'storage.conf');
  await writeFile(
    storage,
    `[storage]\ndriver = "vfs"\ngraphroot = "${directory}/root"\nrunroot = "${directory}/run"\n`,
  );
  const registries = join(directory, 'registries.conf');
  await writeFile(registries, `[[registry]]\nlocation = "${registry.host}"\ninsecure = true\n`);
  return {
    CONTAINERS_STORAGE_CONF: storage,
    CONTAINERS_REGISTRIES_CONF: registries,
    CI_REGISTRY: registry.host,
    CI_REGISTRY_IMAGE: `${registry.host}/group/project`,
    CI_REGISTRY_USER: registry.user,
    CI_REGISTRY_PASSWORD: registry.password,
  };
}

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'Only root can build images here.';
  if (spawnSync('buildah', ['--version']).error) return 'There is no buildah on PATH.';
  return undefined;
}
