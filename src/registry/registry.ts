import { createHash } from 'node:crypto';
import { type Answer, NoAnswerError } from '../http/answer.ts';
import type { Reply } from '../http/fetch-once.ts';
import { openSender, type SendOptions } from '../http/send.ts';
import { openLogin } from './login.ts';
import { explainFailure } from './explain-failure.ts';
import type { Credentials } from './credentials.ts';
import { placeOf } from './place.ts';

/** What registries are asked. Nothing is thrown: where there is no answer, the reason is the answer. */
export interface Registries {
  /**
   * The digest that a tag names, `sha256:…`; `undefined` where there is no such tag or repository.
   *
   * @param name the repository with its registry, without tag.
   */
  digestOf(name: string, tag: string): Promise<Answer<string | undefined>>;
}

/**
 * Opens the registries that names lead to, by the API of the distribution specification (v2). All that is asked has one
 * budget; no password and no token is ever part of an answer or a line that is said.
 */
export function openRegistries(
  options: Omit<SendOptions, 'explain'> & { credentials: Credentials },
): Registries {
  const send = openSender({ ...options, explain: explainFailure });
  const login = openLogin({ send, credentials: options.credentials });
  return {
    digestOf: async (name, tag) => {
      const place = placeOf(name);
      const url = new URL(`${place.origin}/v2/${place.repository}/manifests/${tag}`);
      const ask = (method: string) =>
        login(place, (authorization) =>
          send({ method, url, headers: { accept: MANIFESTS, ...authorization } }),
        );
      try {
        const digest = digestIn(await ask('HEAD'));
        return { ok: true, value: digest ?? digestOfBody(await ask('GET')) };
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        const { message, status } = error;
        if (status === 404) return { ok: true, value: undefined };
        return { ok: false, detail: message, ...(status === undefined ? {} : { status }) };
      }
    },
  };
}

/** Of an image for several platforms, the digest of the index is wanted. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

function digestIn({ headers }: Reply): string | undefined {
  const digest = headers['docker-content-digest'];
  return digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : undefined;
}

/** The specification does not oblige a registry to name the digest where it is asked for the manifest's head. */
function digestOfBody(reply: Reply): string {
  return digestIn(reply) ?? `sha256:${createHash('sha256').update(reply.body).digest('hex')}`;
}
