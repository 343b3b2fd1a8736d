import type { FakeAnswer } from './gitlab-server/answer.ts';
import { type Asked, PASSWORD, type RegistryServer, USER } from './registry-state.ts';

const LOGIN = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

/** What requests need leave for (distribution, registry/handlers/app.go, appendAccessRecords). */
function actionsFor(method: string): readonly string[] {
  if (method === 'PUT') return ['pull', 'push'];
  return [method === 'DELETE' ? 'delete' : 'pull'];
}

/** A token is good for one repository, and for what its owner may do there. */
export function refusalOf(
  { access, host, rights }: RegistryServer,
  { method, headers, repository }: Asked,
): FakeAnswer | undefined {
  const needed = actionsFor(method);
  const denied = { status: 403, body: { errors: [{ code: 'DENIED' }] } };
  if (access === 'anyone') return needed.every((action) => rights.has(action)) ? undefined : denied;
  const challenge = (value: string) => ({
    status: 401,
    headers: { 'www-authenticate': value },
    body: { errors: [] },
  });
  if (access === 'basic') {
    if (headers.authorization !== LOGIN) return challenge('Basic realm="registry"');
    return needed.every((action) => rights.has(action)) ? undefined : denied;
  }
  const [, granted = ''] = headers.authorization?.split(`Bearer token-of-${repository}:`) ?? [];
  if (needed.every((action) => granted.split(',').includes(action))) return undefined;
  return challenge(
    `Bearer realm="http://${host}/token",service="container_registry",scope="repository:${repository}:${needed.join(',')}"`,
  );
}

export function tokenFor({ rights }: RegistryServer, { headers, url: { searchParams } }: Asked): FakeAnswer {
  const [, repository, actions = ''] =
    /^repository:(.+):([a-z,]+)$/.exec(searchParams.get('scope') ?? '') ?? [];
  if (headers.authorization !== LOGIN || searchParams.get('service') !== 'container_registry') {
    return { status: 401, body: { errors: [{ code: 'UNAUTHORIZED' }] } };
  }
  const granted = actions.split(',').filter((action) => rights.has(action));
  return { status: 200, body: { token: `token-of-${repository}:${granted.join(',')}`, expires_in: 300 } };
}
