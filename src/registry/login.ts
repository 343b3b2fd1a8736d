import { NoAnswerError } from '../http/answer.ts';
import type { Request } from '../http/exchange.ts';
import type { Reply } from '../http/fetch-once.ts';
import { readChallenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import type { Place } from './place.ts';

type Authorization = Readonly<{ authorization?: string }>;

/**
 * Asks as a registry wants to be asked: first without anything, then with the job's log-in, or with a token that the
 * log-in gets from whom the registry names (distribution, docs/spec/auth/token). What let one request in is shown at
 * once with the next ones for that repository.
 */
export function openLogin(options: {
  send: (request: Request) => Promise<Reply>;
  credentials: Credentials;
}): (place: Place, ask: (authorization: Authorization) => Promise<Reply>) => Promise<Reply> {
  const known = new Map<string, Authorization>();
  return async (place, ask) => {
    const key = `${place.origin}/${place.repository}`;
    try {
      return await ask(known.get(key) ?? {});
    } catch (error) {
      if (!(error instanceof NoAnswerError) || error.status !== 401) throw error;
      const authorization = await authorizationFor(place, error, options);
      if (authorization === undefined) throw error;
      known.set(key, authorization);
      return ask(authorization);
    }
  };
}

async function authorizationFor(
  place: Place,
  refusal: NoAnswerError,
  { send, credentials }: Parameters<typeof openLogin>[0],
): Promise<Authorization | undefined> {
  const challenge = readChallenge(refusal.headers['www-authenticate']);
  const login = credentials(place);
  const own: Authorization = login === undefined ? {} : { authorization: login };
  if (challenge === undefined) return undefined;
  if (challenge.scheme === 'basic') return login === undefined ? undefined : own;
  const url = realmOf(place, challenge.realm);
  if (url === undefined) return undefined;
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  url.searchParams.set('scope', `repository:${place.repository}:pull`);
  const token = tokenIn(await send({ method: 'GET', url, headers: own }));
  return token === undefined ? undefined : { authorization: `Bearer ${token}` };
}

/** The log-in goes only where it is as well hidden on its way as it is on the way to the registry. */
function realmOf({ origin }: Place, realm: string): URL | undefined {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || url.username + url.password !== '') return undefined;
  return url.protocol === 'https:' || (url.protocol === 'http:' && origin.startsWith('http:'))
    ? url
    : undefined;
}

function tokenIn({ body }: Reply): string | undefined {
  try {
    const { token, access_token: other } = JSON.parse(body) as { token?: unknown; access_token?: unknown };
    const found = token ?? other;
    return typeof found === 'string' && /^[\x21-\x7e]+$/.test(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
