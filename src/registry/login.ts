import { NoAnswerError } from '../http/answer.ts';
import type { Request } from '../http/exchange.ts';
import type { Reply } from '../http/fetch-once.ts';
import { type Challenge, readChallenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import type { Place } from './place.ts';

type Authorization = Readonly<{ authorization?: string }>;

/** What let requests for a repository in, and what it lets them do: `pull`, `push`, `delete`. */
interface Known {
  authorization: Authorization;
  actions: readonly string[];
}

/**
 * Asks as a registry wants to be asked: first without anything, then with the job's log-in, or with a token that the
 * log-in gets from whom the registry names (distribution, docs/spec/auth/token). What let one request in is shown at
 * once with the next ones for that repository; where it does not let the next one do what it wants to, such as push, a
 * token is got for that as well.
 */
export function openLogin(options: {
  send: (request: Request) => Promise<Reply>;
  credentials: Credentials;
}): (place: Place, ask: (authorization: Authorization) => Promise<Reply>) => Promise<Reply> {
  const known = new Map<string, Known>();
  return async (place, ask) => {
    const key = `${place.origin}/${place.repository}`;
    try {
      return await ask(known.get(key)?.authorization ?? {});
    } catch (error) {
      if (!(error instanceof NoAnswerError) || error.status !== 401) throw error;
      const challenge = readChallenge(error.headers['www-authenticate']);
      const actions = actionsFor({ place, challenge, before: known.get(key)?.actions ?? [] });
      const authorization = await authorizationFor({ ...options, place, challenge, actions });
      if (authorization === undefined) throw error;
      known.set(key, { authorization, actions });
      return ask(authorization);
    }
  };
}

/** What the registry asks for (`repository:a:pull,push`), in this repository alone, besides what was got before. */
function actionsFor(options: {
  place: Place;
  challenge: Challenge | undefined;
  before: readonly string[];
}): readonly string[] {
  const { place, challenge, before } = options;
  const scope = challenge?.scheme === 'bearer' ? (challenge.scope ?? '') : '';
  const own = `repository:${place.repository}:`;
  const asked = scope
    .split(' ')
    .filter((one) => one.startsWith(own))
    .flatMap((one) => one.slice(own.length).split(','))
    .filter((action) => /^(?:[a-z]+|\*)$/.test(action));
  return [...new Set(['pull', ...before, ...asked])];
}

async function authorizationFor(options: {
  send: (request: Request) => Promise<Reply>;
  credentials: Credentials;
  place: Place;
  challenge: Challenge | undefined;
  actions: readonly string[];
}): Promise<Authorization | undefined> {
  const { send, credentials, place, challenge, actions } = options;
  const login = credentials(place);
  const own: Authorization = login === undefined ? {} : { authorization: login };
  if (challenge === undefined) return undefined;
  if (challenge.scheme === 'basic') return login === undefined ? undefined : own;
  const url = realmOf(place, challenge.realm);
  if (url === undefined) return undefined;
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  url.searchParams.set('scope', `repository:${place.repository}:${actions.join(',')}`);
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
