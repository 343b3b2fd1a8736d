import { createHash } from 'node:crypto';
import { type Answer, NoAnswerError } from '../http/answer.ts';
import type { Reply } from '../http/fetch-once.ts';
import { answered, type Ask } from './ask.ts';
import { openLogin } from './login.ts';
import { digestIn, MANIFESTS } from './manifests.ts';
import { missingPart } from './missing-part.ts';
import { placeOf } from './place.ts';
import { openRegistrySender, type RegistryOptions } from './sender.ts';

/** What registries are asked. Nothing is thrown: where there is no answer, the reason is the answer. */
export interface Registries {
  /**
   * The digest that a tag names, `sha256:…`; `undefined` where there is no such tag or repository.
   *
   * @param name the repository with its registry, without tag.
   */
  digestOf(name: string, tag: string): Promise<Answer<string | undefined>>;
  /** What of an image is not there, in words; `undefined` where it stands whole. A blob is asked for once. */
  missingPart(name: string, digest: string): Promise<Answer<string | undefined>>;
}

/**
 * Opens the registries that names lead to, by the API of the distribution specification (v2). All that is asked has one
 * budget; no password and no token is ever part of an answer or a line that is said.
 */
export function openRegistries(options: RegistryOptions): Registries {
  const send = openRegistrySender(options);
  const login = openLogin({ send, credentials: options.credentials });
  const blobs = new Map<string, Promise<Reply>>();
  return {
    missingPart: (name, digest) => {
      const place = placeOf(name, options.insecure);
      const ask: Ask = ({ method, path, headers = {} }) => {
        if (place === undefined) throw new NoAnswerError(`${name} is on Docker Hub, which is not asked`);
        const url = new URL(`${place.origin}/v2/${place.repository}/${path}`);
        const asking = () =>
          login(place, (authorization) => send({ method, url, headers: { ...headers, ...authorization } }));
        // Other tags of the repository stand on the same layers.
        if (method !== 'HEAD') return asking();
        const known = blobs.get(url.href) ?? asking();
        blobs.set(url.href, known);
        return known;
      };
      return answered(missingPart(ask, digest));
    },
    digestOf: async (name, tag) => {
      const place = placeOf(name, options.insecure);
      if (place === undefined) return { ok: false, detail: `${name} is on Docker Hub, which is not asked` };
      const address = `${place.origin}/v2/${place.repository}/manifests/${tag}`;
      if (!URL.canParse(address)) return { ok: false, detail: `${JSON.stringify(name)} names no registry` };
      const url = new URL(address);
      const ask = (method: string) =>
        login(place, (authorization) =>
          send({ method, url, headers: { accept: MANIFESTS.join(', '), ...authorization } }),
        );
      try {
        const digest = digestIn(await ask('HEAD'));
        if (digest !== undefined) return { ok: true, value: digest };
        const reply = await ask('GET');
        const type = reply.headers['content-type'] ?? '';
        return MANIFESTS.includes(type.replace(/\s*;.*/s, '').toLowerCase())
          ? { ok: true, value: digestOfBody(reply) }
          : { ok: false, status: 200, detail: noManifest(url, type) };
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        const { message, status } = error;
        if (status === 404) return { ok: true, value: undefined };
        return { ok: false, detail: message, ...(status === undefined ? {} : { status }) };
      }
    },
  };
}

/** Such as the page where a person would log in. */
function noManifest({ origin, pathname }: URL, type: string): string {
  return `${origin} answers GET ${origin}${pathname} with what is no image's manifest (${JSON.stringify(type)}): is it a registry?`;
}

/** The specification does not oblige a registry to name the digest where it is asked for the manifest's head. */
function digestOfBody(reply: Reply): string {
  return digestIn(reply) ?? `sha256:${createHash('sha256').update(reply.body).digest('hex')}`;
}
