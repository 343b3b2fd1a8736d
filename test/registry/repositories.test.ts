import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { credentialsOf } from '../../src/registry/credentials.ts';
import type { Manifest } from '../../src/registry/manifests.ts';
import { openRepositories } from '../../src/registry/repositories.ts';
import type { Fault } from '../support/gitlab-server/faults.ts';
import {
  digestOf,
  imageManifest,
  PASSWORD,
  type RegistryAccess,
  startRegistry,
  USER,
} from '../support/registry-server.ts';

async function open(access: RegistryAccess = 'anyone') {
  const server = await startRegistry(access);
  onTestFinished(() => server.close());
  const openRepository = openRepositories({
    credentials: credentialsOf({
      registry: server.host,
      user: USER,
      password: PASSWORD,
      authConfig: undefined,
    }),
    proxyOf: () => undefined,
    insecure: new Set(),
    budgetMs: 9000,
    requestMs: 9000,
    retryMs: 1,
    say: () => {},
  });
  return { server, repository: openRepository(`${server.host}/group/a`), openRepository };
}

const IMAGE = imageManifest('one');
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const IMAGE_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const indexOf = (...digests: string[]) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: INDEX_TYPE,
    manifests: digests.map((digest) => ({ digest })),
  });
const answer = (headers: Record<string, string>, body: string): Fault => ({
  kind: 'answer',
  answer: { status: 200, headers, body },
});

describe('a manifest', () => {
  test('is read by tag and by digest, and put under another tag byte by byte', async () => {
    const { server, repository } = await open();
    const text = `${IMAGE.slice(0, -1)},\n  "annotations": {"title": "Größe"}}`;
    server.images.set('group/a:1', text);
    const manifest = { digest: digestOf(text), mediaType: IMAGE_TYPE, text };
    expect(await repository.readManifest('1')).toEqual({ ok: true, value: manifest });
    expect(await repository.readManifest(digestOf(text))).toEqual({ ok: true, value: manifest });
    expect(await repository.readManifest('2')).toEqual({ ok: true, value: undefined });
    expect(await repository.putManifest('2', manifest)).toMatchObject({ ok: true });
    expect(server.images.get('group/a:2')).toBe(text);
  });

  test('is put though the connection breaks, before it is or after', async () => {
    const { server, repository } = await open();
    const manifest = { digest: digestOf(IMAGE), mediaType: IMAGE_TYPE, text: IMAGE };
    server.faults.push({ kind: 'cut' }, { kind: 'cut-in-body' });
    expect(await repository.putManifest('1', manifest)).toMatchObject({ ok: true });
    expect(server.images.get('group/a:1')).toBe(IMAGE);
    expect(server.requests).toEqual(Array.from({ length: 3 }, () => 'PUT group/a:1'));
  });

  test('that the registry makes something else of is told', async () => {
    const { server, repository } = await open();
    const other = digestOf('another');
    server.faults.push(answer({ 'docker-content-digest': other }, ''));
    const manifest = { digest: digestOf(IMAGE), mediaType: IMAGE_TYPE, text: IMAGE };
    expect(await repository.putManifest('1', manifest)).toEqual({
      ok: false,
      status: 200,
      detail: `the registry was given ${digestOf(IMAGE)} for manifests/1, and says that it is ${other} now`,
    });
  });

  test('that is not what its digest says is none', async () => {
    const { server, repository } = await open();
    const digest = digestOf('another');
    server.faults.push(answer({ 'content-type': IMAGE_TYPE }, IMAGE));
    expect(await repository.readManifest(digest)).toEqual({
      ok: false,
      status: 200,
      detail: `the registry answers manifests/${digest} with ${digestOf(IMAGE)} in the place of ${digest}`,
    });
    server.faults.push(answer({ 'content-type': IMAGE_TYPE, 'docker-content-digest': digest }, IMAGE));
    expect(await repository.readManifest('1')).toMatchObject({ ok: false, status: 200 });
  });

  test('whose bytes are no text is none', async () => {
    const { server, repository } = await open();
    // U+FFFD stands for what is no UTF-8: the bytes would not be the same again.
    const bytes = Buffer.concat([Buffer.from(IMAGE), Buffer.from([0xff])]);
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    server.faults.push(answer({ 'content-type': IMAGE_TYPE }, `${IMAGE}\ufffd`));
    expect(await repository.readManifest(digest)).toMatchObject({ ok: false });
  });

  test('of an unknown kind, such as a page to log in on, is none', async () => {
    const { server, repository } = await open();
    server.faults.push({ kind: 'html' });
    expect(await repository.readManifest('1')).toEqual({
      ok: false,
      status: 200,
      detail: 'the registry answers manifests/1 with what is no image\'s manifest ("text/html")',
    });
  });

  test('is deleted with its tags, by digest', async () => {
    const { server, repository } = await open('bearer');
    server.images.set('group/a:1', IMAGE).set('group/a:2', IMAGE).set('group/a:3', imageManifest('two'));
    expect(await repository.deleteManifest(digestOf(IMAGE))).toEqual({ ok: true, value: true });
    expect([...server.images.keys()]).toEqual(['group/a:3']);
    expect(await repository.deleteManifest(digestOf(IMAGE))).toEqual({ ok: true, value: false });
  });

  test.each<[string[], string]>([
    [['delete'], 'needs leave to delete'],
    [['delete', 'push'], 'needs leave to delete'],
  ])('is not deleted without the right to', async (missing, words) => {
    const { server, repository } = await open('bearer');
    server.images.set('group/a:1', IMAGE);
    for (const right of missing) server.rights.delete(right);
    const refused = await repository.deleteManifest(digestOf(IMAGE));
    expect(refused).toMatchObject({
      ok: false,
      status: 401,
      detail: expect.stringContaining(words) as string,
    });
    expect(server.images.size).toBe(1);
  });

  test('is not deleted where the registry does not', async () => {
    const { repository } = await open();
    expect(await repository.deleteManifest('1')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/\(405 UNSUPPORTED\): deleting is not enabled there$/) as string,
    });
  });
});

test('a token is got for pulling, and another when something is pushed, which is good for both', async () => {
  const { server, repository } = await open('bearer');
  server.images.set('group/a:1', IMAGE);
  const { value } = (await repository.readManifest('1')) as { value: Manifest };
  await repository.putManifest('2', value);
  await repository.readManifest('2');
  const token = (actions: string) =>
    `GET /token?service=container_registry&scope=${encodeURIComponent(`repository:group/a:${actions}`)}`;
  expect(server.requests).toEqual([
    'GET group/a:1',
    token('pull'),
    'GET group/a:1',
    'PUT group/a:2',
    token('pull,push'),
    'PUT group/a:2',
    'GET group/a:2',
  ]);
});

test('a registry gets no token for another repository than the one it is asked for', async () => {
  const { server, repository } = await open('bearer');
  const challenge = `Bearer realm="http://${server.host}/token",service="container_registry",scope="repository:group/other:pull,push repository:group/a:pull"`;
  server.faults.push({
    kind: 'answer',
    answer: { status: 401, headers: { 'www-authenticate': challenge }, body: '' },
  });
  await repository.tags();
  expect(server.requests[1]).toMatch(/scope=repository%3Agroup%2Fa%3Apull$/);
});

describe('the list of tags', () => {
  test.each([undefined, 1, 2, 100])('is whole, with %s on a page', async (pageSize) => {
    const { server, repository } = await open('bearer');
    server.pageSize = pageSize;
    const names = ['latest', '1', 'commit-1', 'Z', '_x'];
    for (const name of names) server.images.set(`group/a:${name}`, IMAGE);
    server.images.set('group/ab:other', IMAGE);
    const answered = await repository.tags();
    expect(answered.ok && [...answered.value].sort()).toEqual([...names].sort());
  });

  test('of no repository is empty', async () => {
    const { repository } = await open();
    expect(await repository.tags()).toEqual({ ok: true, value: [] });
  });

  test.each([
    '<http://inside.example.com:5000/v2/group/a/tags/list?last=1&n=1>; rel="next"',
    '</v2/group/a/tags/list?last=1&n=1>;rel=next',
    '<?last=1&n=1>; title="x"; rel="next"',
  ])('goes on where the link says, at the same registry: %s', async (link) => {
    const { server, repository } = await open();
    for (const name of ['1', '2']) server.images.set(`group/a:${name}`, IMAGE);
    server.faults.push(answer({ link }, '{"tags": ["1"]}'));
    expect(await repository.tags()).toEqual({ ok: true, value: ['1', '2'] });
    expect(server.requests).toEqual(['GET group/a/tags/list?n=1000', 'GET group/a/tags/list?last=1&n=1']);
  });

  test('that never ends is given up', async () => {
    const { server, repository } = await open();
    server.faultFor = () => answer({ link: '<?n=1000>; rel="next"' }, '{"tags": ["1"]}');
    expect(await repository.tags()).toMatchObject({
      ok: false,
      detail: 'the registry never ends its list of tags',
    });
  });

  test.each(['{"tags": null}', '{}'])('may be nothing: %s', async (body) => {
    const { server, repository } = await open();
    server.faults.push(answer({}, body));
    expect(await repository.tags()).toEqual({ ok: true, value: [] });
  });

  test.each(['<html>', '[]', '{"tags": [1]}', '{"tags": "1"}'])('is none: %s', async (body) => {
    const { server, repository } = await open();
    server.faults.push(answer({}, body));
    expect(await repository.tags()).toMatchObject({
      ok: false,
      detail: 'the registry answers tags/list with what is no list of tags',
    });
  });
});

describe('an image stands whole', () => {
  async function missing(gone: string | undefined) {
    const { server, repository } = await open();
    const platforms = [imageManifest('amd64'), imageManifest('arm64')];
    for (const text of platforms) server.untagged.set(`group/a:${digestOf(text)}`, text);
    const index = indexOf(...platforms.map(digestOf));
    const nested = indexOf(digestOf(index));
    server.untagged.set(`group/a:${digestOf(index)}`, index);
    server.images.set('group/a:1', nested);
    if (gone !== undefined) server.collected.add(digestOf(gone));
    return repository.missingPart(digestOf(nested));
  }

  test('when all of its parts are there', async () => {
    expect(await missing(undefined)).toEqual({ ok: true, value: undefined });
  });

  test.each<[string, string]>([
    ['the manifest', imageManifest('arm64')],
    ['the config', 'config of amd64'],
    ['the layer', 'layer of arm64'],
  ])('not without %s of a platform', async (part, gone) => {
    expect(await missing(gone)).toEqual({ ok: true, value: `${part} ${digestOf(gone)}` });
  });

  test('though a layer that may not be distributed is elsewhere', async () => {
    const { server, repository } = await open();
    const { layers, ...rest } = JSON.parse(IMAGE) as { layers: { digest: string }[] };
    const foreign = { digest: digestOf('elsewhere'), urls: ['https://example.com/layer'] };
    const text = JSON.stringify({ ...rest, layers: [...layers, foreign] });
    server.images.set('group/a:1', text);
    server.collected.add(digestOf('elsewhere'));
    expect(await repository.missingPart(digestOf(text))).toEqual({ ok: true, value: undefined });
  });

  test.each([
    '{}',
    'no JSON',
    JSON.stringify({ mediaType: IMAGE_TYPE, config: { digest: '../x' }, layers: [] }),
  ])('which can’t be told of what is no manifest: %s', async (text) => {
    const { server, repository } = await open();
    server.images.set('group/a:1', text);
    expect(await repository.missingPart(digestOf(text))).toEqual({
      ok: false,
      status: 200,
      detail: `${digestOf(text)} is no manifest that this program knows`,
    });
  });
});

test('Docker Hub is not asked, and a name may lead nowhere', async () => {
  const { openRepository } = await open();
  expect(await openRepository('acme/tool').tags()).toEqual({
    ok: false,
    detail: 'acme/tool is on Docker Hub, which is not asked',
  });
  const name = 'registry.example.com:99999/a';
  expect(await openRepository(name).tags()).toEqual({ ok: false, detail: `"${name}" names no registry` });
});
