import { expect, test } from 'vitest';
import { logs, statuses } from '../support/gitlab/try-pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { asksTheProxy, fetches, putBehindProxy } from './behind-proxy.ts';
import { readImageFile } from './image-files.ts';
import { repositoryOf, runChildPipeline, seedBusybox, startPlatform } from './platform.ts';
import { readBlob, readManifest } from './registry-client.ts';
import type { Tools } from './tools.ts';
import { withKaniko } from './with-kaniko.ts';

/** A base and an image on it, of a project whose registry is reached by a proxy alone. */
async function behindProxy(tools: Tools, certificates: (certificate: string) => Record<string, string>) {
  const platform = await startPlatform(tools);
  const { host, proxy, settings, certificate, variables } = await putBehindProxy(platform.registry);
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  const { 'affected.yml': setting = '', ...files } = certificates(certificate);
  await repository.commit({
    ...files,
    'affected.yml': `runner:\n  proxy: ${JSON.stringify(settings)}\n${setting}`,
    'base/Dockerfile': `FROM ${host}/outside/busybox:1\n${fetches}`,
    'app/Dockerfile': 'FROM base\nRUN cat /got > /saw && echo "$SSL_CERT_DIR" >> /saw\n',
  });
  const run = await runChildPipeline(platform, repository, { base, variables });
  return { platform, proxy, run };
}

withKaniko('a build that gets at other hosts its own way', (tools) => {
  test.each<[string, (certificate: string) => Record<string, string>]>([
    ['a variable', () => ({ 'affected.yml': '  certificates: $OWN_AUTHORITY\n' })],
    ['a file', (text) => ({ 'affected.yml': '  certificates: etc/ca.pem\n', 'etc/ca.pem': text })],
  ])('asks its proxy, and trusts an authority by %s', async (_, certificates) => {
    const { platform, proxy, run } = await behindProxy(tools, certificates);
    expect(statuses(run), logs(run)).toEqual(['base:build success', 'app:build success']);
    const app = { repository: repositoryOf('app'), reference: 'mr-7' };
    expect(await readImageFile(platform.registry, { ...app, path: 'saw' })).toBe('by the proxy\n\n');
    expect(new Set(proxy.asked)).toEqual(new Set(asksTheProxy));
    const secrets = [proxy.password, btoa(`${proxy.user}:${proxy.password}`)];
    for (const secret of secrets) expect(logs(run)).not.toContain(secret);
    // Nothing of it is part of the image.
    const { manifest } = (await readManifest(platform.registry, app.repository, app.reference)) ?? {};
    const config = await readBlob(platform.registry, app.repository, manifest?.config.digest ?? '');
    expect(config.toString('utf8')).toContain('/saw');
    expect(config.toString('utf8')).not.toMatch(/proxy|certificates/iu);
  });

  test('trusts no authority that nobody named', async () => {
    const { run } = await behindProxy(tools, () => ({}));
    expect(statuses(run), logs(run)).toEqual(['base:build failed', 'app:build skipped']);
    expect(logs(run)).toContain('certificate signed by unknown authority');
  });

  test('takes images from mirrors, in turn', async () => {
    const platform = await startPlatform(tools);
    const { busybox } = tools;
    await seedBusybox(platform.registry, { busybox, repository: 'mirror/hub/library/busybox' });
    await seedBusybox(platform.registry, { busybox, repository: 'mirror/quay/acme/busybox' });
    const { host } = platform.registry;
    const mirrors = {
      'docker.io': [`${host}/nothing`, `${host}/mirror/hub`],
      'quay.io': [`${host}/mirror/quay`],
    };
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    await repository.commit({
      'affected.yml': JSON.stringify({ runner: { mirrors } }),
      'app/Dockerfile': 'FROM busybox:1\nRUN echo hub > /hub\n',
      'other/Dockerfile': 'FROM quay.io/acme/busybox:1\nRUN echo quay > /quay\n',
    });
    const run = await runChildPipeline(platform, repository, { base });
    expect(statuses(run), logs(run)).toEqual(['app:build success', 'other:build success']);
    const { registry } = platform;
    const file = (image: string, path: string) =>
      readImageFile(registry, { repository: repositoryOf(image), reference: 'mr-7', path });
    expect([await file('app', 'hub'), await file('other', 'quay')]).toEqual(['hub\n', 'quay\n']);
  });
});
