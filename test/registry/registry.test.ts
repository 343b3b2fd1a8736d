import { describe, expect, onTestFinished, test } from 'vitest';
import { type Credentials, credentialsOf } from '../../src/registry/credentials.ts';
import { openRegistries } from '../../src/registry/registry.ts';
import { badGateway, tooManyRequests } from '../support/gitlab-server/faults.ts';
import { refusingUrl } from '../support/gitlab-server/server.ts';
import { digestOf, PASSWORD, type RegistryAccess, startRegistry, USER } from '../support/registry-server.ts';

const MANIFEST = '{"schemaVersion": 2, "annotations": {"title": "Größe"}}';

async function open(
  access: RegistryAccess,
  options: { password?: string; budgetMs?: number; credentials?: Credentials } = {},
) {
  const server = await startRegistry(access);
  onTestFinished(() => server.close());
  server.images.set('group/a:1', MANIFEST);
  const said: string[] = [];
  const { password = PASSWORD, budgetMs = 9000 } = options;
  const registries = openRegistries({
    credentials:
      options.credentials ??
      credentialsOf({ registry: server.host, user: USER, password, authConfig: undefined }),
    budgetMs,
    requestMs: 9000,
    retryMs: 1,
    say: (line) => said.push(line),
  });
  return { server, registries, said, name: `${server.host}/group/a` };
}

const ACCESS: RegistryAccess[] = ['anyone', 'basic', 'bearer'];

describe.each(ACCESS)('a registry that lets in by: %s', (access) => {
  test('tells the digest of a tag, and that there is none', async () => {
    const { registries, name, said } = await open(access);
    expect(await registries.digestOf(name, '1')).toEqual({ ok: true, value: digestOf(MANIFEST) });
    expect(await registries.digestOf(name, '2')).toEqual({ ok: true, value: undefined });
    expect(await registries.digestOf(`${name}-none`, '1')).toEqual({ ok: true, value: undefined });
    const text = said.join('');
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(Buffer.from(PASSWORD).toString('base64').slice(0, 8));
    expect(text).not.toContain('token-of');
  });

  test('need not name the digest', async () => {
    const { server, registries, name } = await open(access);
    server.namesDigests = false;
    expect(await registries.digestOf(name, '1')).toEqual({ ok: true, value: digestOf(MANIFEST) });
  });
});

test('a log-in is shown once for all tags of a repository, and a token got for each repository', async () => {
  const { server, registries, name } = await open('bearer');
  await registries.digestOf(name, '1');
  await registries.digestOf(name, '2');
  await registries.digestOf(`${name}b`, '1');
  const token = (repository: string) =>
    `GET /token?service=container_registry&scope=repository%3A${encodeURIComponent(repository)}%3Apull`;
  expect(server.requests).toEqual([
    'HEAD group/a:1',
    token('group/a'),
    'HEAD group/a:1',
    'HEAD group/a:2',
    'HEAD group/ab:1',
    token('group/ab'),
    'HEAD group/ab:1',
  ]);
});

test('a token that ran out is got anew', async () => {
  const { server, registries, name } = await open('bearer');
  await registries.digestOf(name, '1');
  server.faults.push({
    kind: 'answer',
    answer: {
      status: 401,
      headers: {
        'www-authenticate': `Bearer realm="http://${server.host}/token",service="container_registry"`,
      },
      body: '',
    },
  });
  expect(await registries.digestOf(name, '1')).toMatchObject({ ok: true });
});

test.each<[RegistryAccess, string]>([
  ['basic', 'HEAD <url>/v2/group/a/manifests/1'],
  ['bearer', 'GET <url>/token'],
])('a wrong password (%s) is told, not repeated', async (access, request) => {
  const { server, registries, name } = await open(access, { password: 'wrong-password' });
  const url = `http://${server.host}`;
  expect(await registries.digestOf(name, '1')).toEqual({
    ok: false,
    status: 401,
    detail: `${url} does not let ${request.replace('<url>', url)} in (401): the job's log-in (CI_REGISTRY_USER, or DOCKER_AUTH_CONFIG) needs leave to pull`,
  });
});

test('what may pass is asked again', async () => {
  const { server, registries, name, said } = await open('anyone');
  server.faults.push(badGateway(502), tooManyRequests('0'), { kind: 'cut' });
  expect(await registries.digestOf(name, '1')).toEqual({ ok: true, value: digestOf(MANIFEST) });
  expect(said.filter((line) => line.includes('trying again'))).toHaveLength(3);
});

test('nobody there, and no time left, are told', async () => {
  const { registries } = await open('anyone');
  const { host, origin } = new URL(await refusingUrl());
  expect(await registries.digestOf(`${host}/a`, '1')).toEqual({
    ok: false,
    detail: `there is no connection to ${origin}, or it breaks off (ECONNREFUSED), 4 times`,
  });
  const { server, registries: hasty, name } = await open('anyone', { budgetMs: 50 });
  server.faults.push({ kind: 'hang' });
  expect(await hasty.digestOf(name, '1')).toEqual({
    ok: false,
    detail: 'the registry was not done answering within 0.05 s, which is all the time it gets',
  });
});

test.each(['no address', 'ftp://127.0.0.1/token', 'http://user:word@127.0.0.1/token'])(
  'a service for tokens that can’t be asked: %s',
  async (realm) => {
    const { server, registries, name } = await open('anyone');
    const headers = { 'www-authenticate': `Bearer realm="${realm}"` };
    server.faults.push({ kind: 'answer', answer: { status: 401, headers, body: '' } });
    expect(await registries.digestOf(name, '1')).toMatchObject({ ok: false, status: 401 });
    expect(server.requests).toHaveLength(1);
  },
);

test('a token that is none is not shown', async () => {
  const { server, registries, name } = await open('bearer');
  const answer = { status: 200, body: { token: 'a\nb' } };
  server.faults.push(undefined, { kind: 'answer', answer });
  expect(await registries.digestOf(name, '1')).toMatchObject({ ok: false, status: 401 });
});

test('what is no manifest, such as a page to log in on, is no image', async () => {
  const { server, registries, name } = await open('anyone');
  server.faults.push({ kind: 'html' }, { kind: 'html' });
  expect(await registries.digestOf(name, '1')).toEqual({
    ok: false,
    status: 200,
    detail: `http://${server.host} answers GET http://${server.host}/v2/group/a/manifests/1 with what is no image's manifest ("text/html"): is it a registry?`,
  });
});

test('a log-in that no request can carry is not shown', async () => {
  const { registries, name, said } = await open('basic', { credentials: () => 'Basic c2Vj\ncmV0' });
  const answer = await registries.digestOf(name, '1');
  expect(answer).toMatchObject({ ok: false, detail: expect.stringContaining('(TypeError)') as string });
  expect(JSON.stringify([answer, said])).not.toMatch(/c2Vj|cmV0/);
});

test('a name that leads nowhere', async () => {
  const { registries } = await open('anyone');
  const name = 'registry.example.com:99999/a';
  expect(await registries.digestOf(name, '1')).toEqual({ ok: false, detail: `"${name}" names no registry` });
});

test('Docker Hub is not asked, and that is said', async () => {
  const { registries, said } = await open('anyone');
  const detail = 'acme/tool is on Docker Hub, which is not asked';
  expect(await registries.digestOf('acme/tool', '1')).toEqual({ ok: false, detail });
  expect(said).toEqual([]);
});
