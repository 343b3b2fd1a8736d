import { type Answer, NoAnswerError } from '../http/answer.ts';
import { answered, type Ask } from './ask.ts';
import { openLogin } from './login.ts';
import { deleteManifest, type Manifest, putManifest, readManifest } from './manifests.ts';
import { missingPart } from './missing-part.ts';
import { placeOf } from './place.ts';
import { openRegistrySender, type RegistryOptions } from './sender.ts';
import { listTags } from './tag-list.ts';

/** A repository of a registry, to read and to write. Nothing is thrown: where there is no answer, the reason is the answer. */
export interface Repository {
  /** `undefined` where there is no such tag, digest or repository. */
  readManifest(reference: string): Promise<Answer<Manifest | undefined>>;
  /** Puts a tag on an image of this repository. Without an answer it may have been put all the same. */
  putManifest(tag: string, manifest: Manifest): Promise<Answer<void>>;
  /** Deletes an image with all of its tags; `false` where it was not there. */
  deleteManifest(digest: string): Promise<Answer<boolean>>;
  /** All tags; none where there is no such repository. */
  tags(): Promise<Answer<readonly string[]>>;
  /** What of an image is not there, in words; `undefined` where it stands whole. */
  missingPart(digest: string): Promise<Answer<string | undefined>>;
}

/**
 * Opens repositories by their names, `<registry>/<repository>`. All that is asked has one budget; no password and no
 * token is ever part of an answer or a line that is said.
 */
export function openRepositories(options: RegistryOptions): (name: string) => Repository {
  const send = openRegistrySender(options);
  const login = openLogin({ send, credentials: options.credentials });
  return (name) => {
    const place = placeOf(name, options.insecure);
    const ask: Ask = async ({ method, path, headers = {}, body }) => {
      if (place === undefined) throw new NoAnswerError(`${name} is on Docker Hub, which is not asked`);
      const address = `${place.origin}/v2/${place.repository}/${path}`;
      if (!URL.canParse(address)) throw new NoAnswerError(`${JSON.stringify(name)} names no registry`);
      const url = new URL(address);
      // Also what changes something here: a tag that is put twice is put, what is deleted twice is gone.
      return login(place, (authorization) =>
        send({ method, url, headers: { ...headers, ...authorization }, body, isIdempotent: true }),
      );
    };
    return {
      readManifest: (reference) => answered(readManifest(ask, reference)),
      putManifest: (tag, manifest) => answered(putManifest(ask, tag, manifest)),
      deleteManifest: (digest) => answered(deleteManifest(ask, digest)),
      tags: () => answered(listTags(ask)),
      missingPart: (digest) => answered(missingPart(ask, digest)),
    };
  };
}
