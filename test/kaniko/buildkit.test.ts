import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { runPipeline } from '../support/gitlab/run.ts';
import { logs, statuses } from '../support/gitlab/try-pipeline.ts';
import { generate, mergeRequest, predefined } from '../support/pipeline.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';
import { asksTheProxy, fetches, putBehindProxy } from './behind-proxy.ts';
import { buildkitContainer, buildkitPrograms } from './buildkit-container.ts';
import { debianFiles } from './debian-files.ts';
import { listLayers, readImageFile } from './image-files.ts';
import { seedBusybox } from './platform.ts';
import { type Registry, startRegistry } from './registry.ts';
import { readBlob, readManifest, readTags } from './registry-client.ts';

const programs = await buildkitPrograms().catch((error: unknown) => {
  const { message } = error as Error;
  process.stderr.write(`Nothing is built with BuildKit: ${message}\n`);
  return message;
});

/** A registry that holds somebody else's images, in these repositories. */
async function registryWith(...repositories: readonly string[]): Promise<Registry> {
  const registry = await startRegistry(join(await debianFiles('docker-registry'), 'usr/bin/docker-registry'));
  onTestFinished(registry.stop);
  const busybox = join(await debianFiles('busybox-static'), 'bin/busybox');
  for (const repository of repositories) await seedBusybox(registry, { busybox, repository });
  return registry;
}

/** GitLab's variables of a project with this registry. */
function variablesOf({ host, user, password }: Registry): Record<string, string> {
  return {
    CI_REGISTRY: host,
    CI_REGISTRY_IMAGE: `${host}/group/project`,
    CI_REGISTRY_USER: user,
    CI_REGISTRY_PASSWORD: password,
  };
}

/** Builds what is committed; a second time with another daemon. */
async function builds(repository: TestRepository, base: string, variables: Readonly<Record<string, string>>) {
  if (typeof programs === 'string') throw new Error(programs);
  const container = buildkitContainer(programs);
  const yaml = await generate(repository, { base, env: mergeRequest });
  return () =>
    runPipeline({
      yaml,
      projectDir: repository.dir,
      predefined: { ...predefined, ...variables },
      container,
    });
}

beforeEach(({ skip }) => {
  if (typeof programs === 'string') skip(programs);
});

test('BuildKit without root builds a base and, from its digest, an image on it', async () => {
  const registry = await registryWith('outside/busybox');
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit({
    'base/Dockerfile': `FROM ${registry.host}/outside/busybox:1 AS one
COPY only-in-the-new-base /
FROM one AS two
RUN cp /only-in-the-new-base /two
FROM one AS three
RUN false
`,
    'base/only-in-the-new-base': 'hello\n',
    'app/Dockerfile': `ARG V=none
FROM base
ARG V
RUN cat /two > /saw && echo "$V" >> /saw
RUN --mount=type=bind,from=base,source=/two,target=/m cat /m > /mounted
COPY . /app/
`,
    'app/Dockerfile.dockerignore': '*.md\n',
    'app/README.md': 'ignored\n',
    'app/kept': '',
    'affected.yml': `template: .buildkit-build
verify: {scan: false}
runner: {variables: {AFFECTED_CACHE: $CI_REGISTRY_IMAGE/cache}}
images: {base: {target: two}, app: {args: {V: "1 $HOME"}}}
`,
  });
  const run = await builds(repository, base, variablesOf(registry));
  const first = await run();
  expect(statuses(first), logs(first)).toEqual(['base:build success', 'app:build success']);
  expect(logs(first)).not.toContain(registry.password);
  expect(logs(first)).not.toMatch(/ CACHED$/mu);
  const [built, onIt] = await Promise.all(
    ['base', 'app'].map((image) => readManifest(registry, `group/project/${image}`, 'mr-7')),
  );
  expect(await readTags(registry, 'group/project/app')).toEqual(['mr-7', 'mr-7-1a2b3c4d']);
  expect(await readTags(registry, 'group/project/cache/unprotected')).toEqual(['app', 'base']);
  expect(first.jobs.map(({ dotenv }) => Object.values(dotenv)[0]?.split('@')[1])).toEqual([
    built?.digest,
    onIt?.digest,
  ]);
  expect(first.jobs[1]?.log).toContain(`base -> ${registry.host}/group/project/base@${built?.digest}\n`);
  const app = { repository: 'group/project/app', reference: 'mr-7' };
  expect(await readImageFile(registry, { ...app, path: 'saw' })).toBe('hello\n1 $HOME\n');
  expect(await readImageFile(registry, { ...app, path: 'mounted' })).toBe('hello\n');
  const paths = (await listLayers(registry, app)).flat();
  expect(paths).toContain('app/kept');
  expect(paths).not.toContain('app/README.md');

  // Another daemon, which has nothing but what the registry kept.
  const second = await run();
  expect(statuses(second), logs(second)).toEqual(['base:build success', 'app:build success']);
  expect(second.jobs[1]?.log).toMatch(/RUN cat \/two > \/saw.*\n(?:.*\n)?#\d+ CACHED$/mu);
});

test('BuildKit gets at other hosts its own way', async () => {
  const registry = await registryWith('outside/busybox', 'mirror/hub/library/busybox', 'mirror/quay/a/b');
  const { host, proxy, settings, certificate, variables } = await putBehindProxy(registry);
  const mirrors = {
    'docker.io': [`${host}/nothing`, `${host}/mirror/hub`],
    'quay.io': [`${host}/mirror/quay`],
  };
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  const config = {
    template: '.buildkit-build',
    verify: { scan: false },
    runner: { proxy: settings, certificates: 'etc/ca.pem', mirrors },
  };
  await repository.commit({
    'affected.yml': JSON.stringify(config),
    'etc/ca.pem': certificate,
    'base/Dockerfile': `FROM ${host}/outside/busybox:1\n${fetches}`,
    'app/Dockerfile': 'FROM base\nRUN cat /got > /saw && echo "$SSL_CERT_DIR" >> /saw\n',
    'hub/Dockerfile': 'FROM busybox:1\nRUN echo hub > /hub\n',
    'quay/Dockerfile': 'FROM quay.io/a/b:1\nRUN echo quay > /quay\n',
  });
  const run = await (await builds(repository, base, variables))();
  expect(run.status, logs(run)).toBe('success');
  const file = (image: string, path: string) =>
    readImageFile(registry, { repository: `group/project/${image}`, reference: 'mr-7', path });
  expect(await file('app', 'saw')).toBe('by the proxy\n\n');
  expect([await file('hub', 'hub'), await file('quay', 'quay')]).toEqual(['hub\n', 'quay\n']);
  expect(new Set(proxy.asked)).toEqual(new Set(asksTheProxy));
  expect(logs(run)).not.toContain(proxy.password);
  const { manifest } = (await readManifest(registry, 'group/project/app', 'mr-7')) ?? {};
  const image = await readBlob(registry, 'group/project/app', manifest?.config.digest ?? '');
  expect(image.toString('utf8')).toContain('/saw');
  expect(image.toString('utf8')).not.toMatch(/proxy|certificates/iu);
});
