import type { Place } from './place.ts';

/** The value of the header `Authorization` for HTTP's own log-in, `Basic …`. */
export type BasicLogin = string;

/** Finds the log-in for a repository; `undefined`: it is asked without one. */
export type Credentials = (place: Place) => BasicLogin | undefined;

/**
 * The log-ins that jobs have: GitLab's own registry (`CI_REGISTRY*`), and those of `DOCKER_AUTH_CONFIG`, the text of a
 * docker `config.json`. Where both name a registry, it is as in the build jobs: of the very same name, the one in the config
 * counts; else GitLab's own. Of several that fit, the one with the longest path counts (containers-auth.json(5)).
 * Credential helpers are programs; none is run.
 *
 * @param options.authConfig what `DOCKER_AUTH_CONFIG` holds, or the file it names.
 */
export function credentialsOf(options: {
  registry: string | undefined;
  user: string | undefined;
  password: string | undefined;
  authConfig: string | undefined;
}): Credentials {
  const { registry, user, password, authConfig } = options;
  const logins = new Map<string, BasicLogin>();
  const auths = authsOf(authConfig);
  for (const [server, auth] of Object.entries(auths)) {
    const login = loginOf(auth);
    if (login !== undefined) logins.set(nameOf(server), login);
  }
  if (registry && user && !Object.hasOwn(auths, registry))
    logins.set(nameOf(registry), basic(`${user}:${password ?? ''}`));
  const names = [...logins.keys()].sort((a, b) => b.length - a.length);
  return ({ host, repository }) => {
    const found = names.find((name) => `${host}/${repository}/`.startsWith(`${name}/`));
    return found === undefined ? undefined : logins.get(found);
  };
}

function authsOf(authConfig: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const { auths } = JSON.parse(authConfig ?? '{}') as { auths?: unknown };
    return typeof auths === 'object' && auths !== null ? (auths as Record<string, unknown>) : {};
  } catch {
    // The build jobs fail over it, and say so.
    return {};
  }
}

function loginOf(auth: unknown): BasicLogin | undefined {
  if (typeof auth !== 'object' || auth === null) return undefined;
  const { auth: encoded, username, password } = auth as Record<string, unknown>;
  // Line breaks are passed over where Docker and Kaniko read it, as Go's base64 does.
  const one = typeof encoded === 'string' ? encoded.replaceAll(/[\r\n]/g, '') : '';
  if (/^[A-Za-z0-9+/]+=*$/.test(one)) return `Basic ${one}`;
  if (typeof username !== 'string' || typeof password !== 'string') return undefined;
  return basic(`${username}:${password}`);
}

/** Docker has always named some of them as an address with a version behind it. */
function nameOf(server: string): string {
  return server
    .replace(/^https?:\/\//, '')
    .replace(/\/v[12]\/?$/, '')
    .replace(/\/+$/, '');
}

function basic(login: string): BasicLogin {
  return `Basic ${Buffer.from(login).toString('base64')}`;
}
