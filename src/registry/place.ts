/** A repository of a registry, as its API is asked for it. */
export interface Place {
  /** `https://host`, or `http://` on this machine, as docker and Kaniko take it. */
  origin: string;
  /** How credentials name the registry. */
  host: string;
  /** Below `/v2/`. */
  repository: string;
}

/**
 * Where a reference without tag leads. A first part that is no host belongs to Docker Hub, whose API stands elsewhere
 * (github.com/distribution/reference, splitDockerDomain).
 */
export function placeOf(name: string): Place {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === 'localhost';
  const host = isHost ? first : 'docker.io';
  const path = isHost ? name.slice(slash + 1) : name;
  if (HUB.has(host)) {
    const repository = path.includes('/') ? path : `library/${path}`;
    return { origin: 'https://registry-1.docker.io', host: 'docker.io', repository };
  }
  return { origin: `${LOOPBACK.test(host) ? 'http' : 'https'}://${host}`, host, repository: path };
}

const HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/;
