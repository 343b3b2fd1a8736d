import { readFile } from 'node:fs/promises';
import { type ProxyOf, proxiesOf } from '../http/proxies.ts';
import { type Credentials, credentialsOf } from '../registry/credentials.ts';
import type { Surroundings } from '../run.ts';

/** How this job gets to registries: its log-ins, its proxies, and what it may ask over plain HTTP. */
export async function registryAccess(
  env: Surroundings['env'],
): Promise<{ credentials: Credentials; proxyOf: ProxyOf; insecure: ReadonlySet<string> }> {
  const credentials = credentialsOf({
    registry: env['CI_REGISTRY'],
    user: env['CI_REGISTRY_USER'],
    password: env['CI_REGISTRY_PASSWORD'],
    authConfig: await authConfigOf(env['DOCKER_AUTH_CONFIG']),
  });
  const insecure = (env['AFFECTED_REGISTRY_INSECURE'] ?? '').split(/[\s,]+/).map(withoutScheme);
  return { credentials, proxyOf: proxiesOf(env), insecure: new Set(insecure) };
}

function withoutScheme(registry: string): string {
  return registry.replace(/^https?:\/\//, '').replace(/\/+$/, '');
}

/** A variable of type file holds the path of one. */
async function authConfigOf(value: string | undefined): Promise<string | undefined> {
  if (value === undefined || value.trimStart().startsWith('{')) return value;
  return readFile(value, 'utf8').catch(() => undefined);
}
