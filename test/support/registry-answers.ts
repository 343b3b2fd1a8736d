import type { FakeAnswer } from './gitlab-server/answer.ts';
import { refusalOf, tokenFor } from './registry-access.ts';
import { type Asked, digestOf, type RegistryServer } from './registry-state.ts';

/** @param isDone whether what the request asks for is done, whatever becomes of the answer. */
export function answerTo(registry: RegistryServer, asked: Asked, isDone: boolean): FakeAnswer {
  if (asked.kind === 'token') return tokenFor(registry, asked);
  const refusal = refusalOf(registry, asked);
  if (refusal) return refusal;
  switch (asked.kind) {
    case 'blob':
      return registry.collected.has(asked.reference) ? absent('BLOB_UNKNOWN') : { status: 200, body: '' };
    case 'tags':
      return tagsOf(registry, asked);
    case 'manifest':
      if (asked.method === 'PUT') return put(registry, asked, isDone);
      if (asked.method === 'DELETE') return remove(registry, asked, isDone);
      return manifestOf(registry, asked);
    default:
      return absent('NAME_UNKNOWN');
  }
}

function manifestOf(registry: RegistryServer, { repository, reference }: Asked): FakeAnswer {
  const manifest = findManifest(registry, repository, reference);
  if (manifest === undefined) return absent('MANIFEST_UNKNOWN');
  const headers = registry.namesDigests ? { 'docker-content-digest': digestOf(manifest) } : {};
  return { status: 200, headers: { 'content-type': mediaTypeOf(manifest), ...headers }, body: manifest };
}

function findManifest(
  { images, untagged, collected }: RegistryServer,
  repository: string,
  reference: string,
): string | undefined {
  const byDigest = () =>
    [...images].find(
      ([name, text]) => name.startsWith(`${repository}:`) && digestOf(text) === reference,
    )?.[1];
  const found =
    images.get(`${repository}:${reference}`) ?? untagged.get(`${repository}:${reference}`) ?? byDigest();
  return found === undefined || collected.has(digestOf(found)) ? undefined : found;
}

function mediaTypeOf(manifest: string): string {
  return (
    /"mediaType":\s*"(application\/vnd\.[^"]+)"/.exec(manifest)?.[1] ??
    'application/vnd.oci.image.index.v1+json'
  );
}

function put(
  { images, untagged }: RegistryServer,
  { repository, reference, body, headers }: Asked,
  isDone: boolean,
): FakeAnswer {
  if (headers['content-type'] !== mediaTypeOf(body)) {
    return { status: 400, body: { errors: [{ code: 'MANIFEST_INVALID' }] } };
  }
  const name = `${repository}:${reference}`;
  const before = images.get(name);
  if (isDone) {
    if (before !== undefined) untagged.set(`${repository}:${digestOf(before)}`, before);
    images.set(name, body);
  }
  return { status: 201, headers: { 'docker-content-digest': digestOf(body) }, body: 'created' };
}

function remove(registry: RegistryServer, { repository, reference }: Asked, isDone: boolean): FakeAnswer {
  const { images, untagged } = registry;
  if (!reference.startsWith('sha256:')) return { status: 405, body: { errors: [{ code: 'UNSUPPORTED' }] } };
  if (findManifest(registry, repository, reference) === undefined) return absent('MANIFEST_UNKNOWN');
  if (isDone) {
    untagged.delete(`${repository}:${reference}`);
    for (const [name, text] of images) {
      if (name.startsWith(`${repository}:`) && digestOf(text) === reference) images.delete(name);
    }
  }
  return { status: 202, body: 'deleted' };
}

/** In the order of their bytes, page by page, with a link to the next (distribution specification, "Listing Tags"). */
function tagsOf({ images, pageSize }: RegistryServer, { repository, url }: Asked): FakeAnswer {
  const all = [...images.keys()].filter((name) => name.startsWith(`${repository}:`));
  if (all.length === 0) return absent('NAME_UNKNOWN');
  const last = url.searchParams.get('last') ?? '';
  const rest = all
    .map((name) => name.slice(repository.length + 1))
    .sort()
    .filter((tag) => tag > last);
  const tags = rest.slice(0, pageSize);
  const more = tags.length < rest.length;
  const link = `</v2/${repository}/tags/list?last=${tags.at(-1)}&n=${pageSize}>; rel="next"`;
  return { status: 200, ...(more ? { headers: { link } } : {}), body: { name: repository, tags } };
}

function absent(code: string): FakeAnswer {
  return { status: 404, body: { errors: [{ code }] } };
}
