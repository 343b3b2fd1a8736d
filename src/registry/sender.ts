import type { Request } from '../http/exchange.ts';
import type { Reply } from '../http/fetch-once.ts';
import { openSender, type SendOptions } from '../http/send.ts';
import type { Credentials } from './credentials.ts';
import { explainFailure } from './explain-failure.ts';

export type RegistryOptions = Omit<SendOptions, 'explain' | 'mostBytes' | 'followsElsewhere'> & {
  credentials: Credentials;
  /** Registries, `host` or `host:port`, that are asked over plain HTTP: what they are sent can be read on its way. */
  insecure: ReadonlySet<string>;
};

/** Sends requests to registries; all that is asked has one budget. */
export function openRegistrySender(options: RegistryOptions): (request: Request) => Promise<Reply> {
  return openSender({
    ...options,
    explain: explainFailure,
    mostBytes: MOST_BYTES,
    // Registries may keep their content elsewhere, and lead there.
    followsElsewhere: true,
  });
}

/** No registry has to take a larger manifest (distribution specification, Pushing Manifests). */
const MOST_BYTES = 4 << 20;
