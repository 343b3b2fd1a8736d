import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { badGateway } from '../support/gitlab-server/faults.ts';
import { mergeRequest } from '../support/pipeline.ts';
import { startProxy } from '../support/proxy-server.ts';
import { PASSWORD, type RegistryAccess, startRegistry, USER } from '../support/registry-server.ts';
import { createRepository } from '../support/repository.ts';
import { openssl, startTls } from '../support/tls-server.ts';

const HOST = 'registry.example.com';
const ARGV = ['generate', '--base', 'HEAD~1', '--output', 'child-pipeline.yml'];

/** `app` changes, which is built from `base-1`, `base-2`, … */
async function builtFrom(bases: number, access: RegistryAccess = 'basic') {
  const server = await startRegistry(access);
  onTestFinished(() => server.close());
  const names = Array.from({ length: bases }, (_, index) => `base-${index + 1}`);
  const copies = names.map((name) => `COPY --from=${name} / /\n`);
  const repository = await createRepository();
  await repository.commit({
    ...Object.fromEntries(names.map((name) => [`${name}/Dockerfile`, 'FROM scratch\n'])),
    'app/Dockerfile': `FROM scratch\n${copies.join('')}COPY a /\n`,
    'app/a': '1',
    // Else the registry would be asked for what changed, too.
    'affected.yml': 'reuse: off\n',
  });
  await repository.commit({ 'app/a': '2' });
  const variables = (host: string): Record<string, string> => ({
    ...mergeRequest,
    CI_REGISTRY: host,
    CI_REGISTRY_IMAGE: `${host}/group/project`,
    CI_REGISTRY_USER: USER,
    CI_REGISTRY_PASSWORD: PASSWORD,
  });
  const port = Number(server.host.split(':')[1]);
  return { repository, server, port, variables };
}

test('a slash behind the prefix is none of a name', async () => {
  const { repository, server, variables } = await builtFrom(1, 'anyone');
  const env = { ...variables(server.host), CI_REGISTRY_IMAGE: `${server.host}/group/project//` };
  expect(await cli(repository.dir, ARGV, { env })).toMatchObject({ code: 0 });
  expect(server.requests[0]).toMatch(/^HEAD group\/project\/base-1:h-/);
});

describe('of many questions', () => {
  test('one line is said', async () => {
    const { repository, server, variables } = await builtFrom(30, 'anyone');
    const { stderr } = await cli(repository.dir, ARGV, { env: variables(server.host) });
    expect(stderr).toBe(`Asking ${server.host}/group/project for 30 images\n`);
    expect(server.requests).toHaveLength(60);
  });

  test('and one of each thing that they wait for', async () => {
    const { repository, server, variables } = await builtFrom(30, 'anyone');
    server.faults.push(...Array.from({ length: 5 }, () => badGateway(502)), badGateway(503));
    const { stderr } = await cli(repository.dir, ARGV, { env: variables(server.host) });
    const [asking, ...waits] = stderr.trimEnd().split('\n');
    expect(asking).toBe(`Asking ${server.host}/group/project for 30 images`);
    expect(waits.map((line) => /\((50\d)\); trying again in 0\.5 s$/.exec(line)?.[1]).sort()).toEqual([
      '502',
      '503',
    ]);
  });
});

describe('a registry that speaks no TLS', () => {
  test('is asked where a person says so', async () => {
    const { repository, port, server, variables } = await builtFrom(1);
    const proxy = await startProxy();
    onTestFinished(() => proxy.close());
    proxy.routes.set(`${HOST}:5000`, port);
    const env = {
      ...variables(`${HOST}:5000`),
      HTTP_PROXY: proxy.host,
      AFFECTED_REGISTRY_INSECURE: `other.example.com http://${HOST}:5000/`,
    };
    const { code, stdout } = await cli(repository.dir, ARGV, { env });
    expect([code, server.requests.length]).toEqual([0, 3]);
    expect(stdout).not.toContain('not be known');
    expect(stdout).toContain('base-1');
  });

  test('and else that is told', async () => {
    const { repository, port, server, variables } = await builtFrom(1);
    const proxy = await startProxy();
    onTestFinished(() => proxy.close());
    proxy.routes.set(`${HOST}:5000`, port);
    const env = { ...variables(`${HOST}:5000`), HTTPS_PROXY: proxy.host };
    const { code, stdout } = await cli(repository.dir, ARGV, { env });
    expect([code, server.requests]).toEqual([0, []]);
    expect(stdout).toMatch(
      /https:\/\/registry\.example\.com:5000 does not speak TLS \(\w+\): a registry that is to be asked over plain HTTP has to be named in AFFECTED_REGISTRY_INSECURE, as registry\.example\.com:5000/,
    );
    expect(proxy.requests).toEqual([`CONNECT ${HOST}:5000`]);
  });
});

test.skipIf(!openssl)(
  'a tunnel through a proxy is TLS all the way, and used again (needs openssl)',
  async () => {
    const { repository, port, server, variables } = await builtFrom(20);
    const tls = await startTls({ name: HOST, port });
    const proxy = await startProxy();
    onTestFinished(() => proxy.close());
    proxy.routes.set(`${HOST}:443`, tls.port);
    proxy.login = `Basic ${Buffer.from('me:pass-word').toString('base64')}`;
    const env = {
      PATH: process.env['PATH'],
      HTTPS_PROXY: `http://me:pass-word@${proxy.host}`,
      ...variables(HOST),
    };
    const bin = resolve(import.meta.dirname, '../../bin/affected.js');
    const run = (more: Record<string, string>) =>
      promisify(execFile)(process.execPath, [bin, ...ARGV], {
        cwd: repository.dir,
        env: { ...env, ...more },
      });
    const untrusting = await run({});
    expect(untrusting.stdout).toContain(`the certificate of https://${HOST} is not trusted`);
    expect(server.requests).toEqual([]);
    proxy.requests.length = 0;
    const { stdout, stderr } = await run({ NODE_EXTRA_CA_CERTS: tls.certificate });
    expect(stderr).toBe(`Asking ${HOST}/group/project for 20 images\n`);
    expect(stdout).toContain('base-20');
    expect(server.requests.length).toBeGreaterThanOrEqual(40);
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${HOST}:443`]));
    expect(proxy.requests.length).toBeLessThan(server.requests.length);
    expect(stdout + stderr + untrusting.stdout).not.toMatch(/pass-word|pa55/);
  },
);
