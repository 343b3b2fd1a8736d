/** A repository of a registry, as its API is asked for it. */
export interface Place {
  /** `https://host`; `http://` on this machine, as docker and Kaniko take it, and where a person said so. */
  origin: string;
  /** How credentials name the registry. */
  host: string;
  /** Below `/v2/`. */
  repository: string;
}

/**
 * Where a reference without tag leads. Undefined for Docker Hub, whose API does not stand where its images' names say;
 * a first part that is no host belongs to it (github.com/distribution/reference, splitDockerDomain).
 *
 * @param insecure names registries, `host` or `host:port`, that are asked over plain HTTP.
 */
export function placeOf(name: string, insecure: ReadonlySet<string>): Place | undefined {
  const slash = name.indexOf('/');
  const host = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(host) || host === 'localhost';
  if (!isHost || host === 'docker.io') return undefined;
  const origin = `${LOOPBACK.test(host) || insecure.has(host) ? 'http' : 'https'}://${host}`;
  return { origin, host, repository: name.slice(slash + 1) };
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/;
