import { describe, expect, onTestFinished, test } from 'vitest';
import { proxiesOf } from '../../src/http/proxies.ts';
import { type Credentials, credentialsOf } from '../../src/registry/credentials.ts';
import { openRegistries } from '../../src/registry/registry.ts';
import { badGateway, tooManyRequests } from '../support/gitlab-server/faults.ts';
import { refusingUrl } from '../support/gitlab-server/server.ts';
import { startProxy } from '../support/proxy-server.ts';
import { startStore } from '../support/store-server.ts';
import { digestOf, PASSWORD, type RegistryAccess, startRegistry, USER } from '../support/registry-server.ts';

const INSECURE = 'insecure.example.com';
const MANIFEST = '{"schemaVersion": 2, "annotations": {"title": "Größe"}}';

async function open(
  access: RegistryAccess,
  options: {
    password?: string;
    budgetMs?: number;
    credentials?: Credentials;
    env?: Record<string, string>;
    /** By which credentials and requests name it. */
    host?: string;
  } = {},
) {
  const server = await startRegistry(access);
  onTestFinished(() => server.close());
  server.images.set('group/a:1', MANIFEST);
  const said: string[] = [];
  const { password = PASSWORD, budgetMs = 9000, host = server.host } = options;
  const registries = openRegistries({
    credentials:
      options.credentials ?? credentialsOf({ registry: host, user: USER, password, authConfig: undefined }),
    budgetMs,
    requestMs: 9000,
    retryMs: 1,
    say: (line) => said.push(line),
    proxyOf: proxiesOf(options.env ?? {}),
    insecure: new Set([INSECURE]),
  });
  return { server, registries, said, name: `${host}/group/a` };
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

describe('a registry that leads to another server', () => {
  async function leading(options: { status?: number; to?: (elsewhere: string) => string } = {}) {
    const { server, registries, name } = await open('basic');
    const elsewhere = await startStore({ 'docker-content-digest': digestOf(MANIFEST) });
    const { status = 307, to = (origin: string) => `${origin}/stored` } = options;
    const location = to(elsewhere.origin);
    server.faults.push(undefined, { kind: 'answer', answer: { status, headers: { location }, body: '' } });
    return { server, registries, name, elsewhere };
  }

  test.each([301, 302, 303, 307, 308])('is followed, and the log-in stays behind: %i', async (status) => {
    const { registries, name, elsewhere } = await leading({ status });
    expect(await registries.digestOf(name, '1')).toEqual({ ok: true, value: digestOf(MANIFEST) });
    expect(elsewhere.requests).toEqual([{ request: 'HEAD /stored', headers: [] }]);
  });

  test('stays behind also where that leads back', async () => {
    const { server, registries, name, elsewhere } = await leading();
    elsewhere.answer = { status: 302, headers: { location: `http://${server.host}/v2/group/a/manifests/1` } };
    expect(await registries.digestOf(name, '1')).toMatchObject({ ok: false, status: 401 });
    expect(server.requests.filter((request) => request === 'HEAD group/a:1')).toHaveLength(3);
  });

  test('gives no log-in to who asks for one there', async () => {
    const { registries, name, elsewhere } = await leading();
    const challenge = `Bearer realm="${elsewhere.origin}/token"`;
    elsewhere.answer = { status: 401, headers: { 'www-authenticate': challenge } };
    expect(await registries.digestOf(name, '1')).toMatchObject({ ok: false, status: 401 });
    expect(elsewhere.requests).toHaveLength(1);
  });

  test.each(['ftp://127.0.0.1/a', 'http://user:word@127.0.0.1/a', 'http://['])(
    'is not followed where none should be: %s',
    async (location) => {
      const { registries, name } = await leading({ to: () => location });
      const answer = await registries.digestOf(name, '1');
      expect(answer).toMatchObject({ ok: false, detail: expect.stringContaining('it is not followed') });
      expect(JSON.stringify(answer)).not.toContain('word');
    },
  );
});

test('of an answer without end, no more is read than a manifest can have', async () => {
  const { server, registries, name } = await open('anyone');
  server.namesDigests = false;
  server.images.set('group/a:1', 'x'.repeat(4 << 20));
  expect(await registries.digestOf(name, '1')).toMatchObject({ ok: true });
  server.images.set('group/a:1', 'x'.repeat((4 << 20) + 1));
  const address = `http://${server.host}/v2/group/a/manifests/1`;
  expect(await registries.digestOf(name, '1')).toEqual({
    ok: false,
    detail: `http://${server.host} answers GET ${address} with more than 4 MiB, which is no image's manifest: is it a registry?`,
  });
});

describe('through a proxy', () => {
  async function behindProxy(options: { login?: string; budgetMs?: number } = {}) {
    const { login, budgetMs = 9000 } = options;
    const proxy = await startProxy();
    onTestFinished(() => proxy.close());
    const env = {
      HTTP_PROXY: `http://${login ?? ''}${proxy.host}`,
      HTTPS_PROXY: `${login ?? ''}${proxy.host}`,
    };
    const opened = await open('basic', { env, budgetMs, host: INSECURE });
    proxy.routes.set(`${INSECURE}:80`, Number(opened.server.host.split(':')[1]));
    return { ...opened, proxy };
  }

  test('plain HTTP is asked for by its whole address', async () => {
    const { registries, name, proxy, server } = await behindProxy();
    server.namesDigests = false;
    expect(await registries.digestOf(name, '1')).toEqual({ ok: true, value: digestOf(MANIFEST) });
    const request = `http://${INSECURE}/v2/group/a/manifests/1`;
    expect(proxy.requests).toEqual([`HEAD ${request}`, `HEAD ${request}`, `GET ${request}`]);
  });

  test('which may want a log-in of its own, that the registry never sees', async () => {
    const { registries, name, proxy, said } = await behindProxy({ login: 'me:p%40ss%25word@' });
    proxy.login = `Basic ${Buffer.from('me:p@ss%word').toString('base64')}`;
    const answer = await registries.digestOf(name, '1');
    expect(answer).toEqual({ ok: true, value: digestOf(MANIFEST) });
    expect(proxy.logins).toEqual([undefined, expect.stringMatching(/^Basic /)]);
    expect(proxy.logins).not.toContain(proxy.login);
    proxy.login = 'Basic another';
    const refused = await registries.digestOf(name, '1');
    expect(refused).toEqual({
      ok: false,
      detail: `the proxy http://${proxy.host} (HTTP_PROXY) does not let HEAD http://${INSECURE}/v2/group/a/manifests/1 through: it answers with 407`,
    });
    expect(JSON.stringify([answer, refused, said])).not.toMatch(/ss.*word/);
  });

  test.each([403, 407])('that lets no tunnel through: %i, which is not tried again', async (status) => {
    const { registries, proxy } = await behindProxy();
    proxy.refusal = status;
    expect(await registries.digestOf('images.example.com/a', '1')).toEqual({
      ok: false,
      detail: `the proxy http://${proxy.host} (HTTPS_PROXY) does not let HEAD https://images.example.com/v2/a/manifests/1 through: it answers with ${status}`,
    });
    expect(proxy.requests).toEqual(['CONNECT images.example.com:443']);
  });

  test('that does not reach the server, which may pass', async () => {
    const { registries, proxy } = await behindProxy();
    const answer = await registries.digestOf('registry.example.com/a', '1');
    expect(answer).toMatchObject({ detail: expect.stringMatching(/: it answers with 502, 4 times$/) });
    expect(proxy.requests).toHaveLength(4);
  });

  test('that is not there', async () => {
    const { registries, proxy, name } = await behindProxy();
    await proxy.close();
    for (const [asked, variable] of [
      [name, 'HTTP_PROXY'],
      ['registry.example.com/a', 'HTTPS_PROXY'],
    ] as const) {
      const detail = expect.stringContaining(`(${variable}) does not let HEAD`) as string;
      expect(await registries.digestOf(asked, '1')).toMatchObject({ ok: false, detail });
    }
  });

  test.each(['socks5://127.0.0.1:1', 'http://['])('that is none: %s', async (HTTPS_PROXY) => {
    const { registries } = await open('anyone', { env: { HTTPS_PROXY } });
    expect(await registries.digestOf('registry.example.com/a', '1')).toMatchObject({
      detail: expect.stringMatching(/: it is no address of an HTTP proxy$/),
    });
  });

  test('what breaks off is asked for again', async () => {
    const { registries, name, server } = await behindProxy();
    server.namesDigests = false;
    server.faults.push({ kind: 'cut' }, undefined, undefined, { kind: 'cut-in-body' });
    expect(await registries.digestOf(name, '1')).toEqual({ ok: true, value: digestOf(MANIFEST) });
  });

  test.each(['http', 'https'])('what takes too long ends with the budget: %s', async (scheme) => {
    const { registries, proxy, server } = await behindProxy({ budgetMs: 300 });
    proxy.routes.set('registry.example.com:443', Number(server.host.split(':')[1]));
    server.faults.push({ kind: 'hang' });
    proxy.isMute = scheme === 'https';
    const name = scheme === 'http' ? INSECURE : 'registry.example.com';
    expect(await registries.digestOf(`${name}/a`, '1')).toMatchObject({
      detail: expect.stringContaining('was not done answering within 0.3 s'),
    });
  });
});
