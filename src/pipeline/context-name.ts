/**
 * The name under which BuildKit looks for what is built elsewhere in place of an image: its reference without what is
 * implied, so `base` also for `docker.io/library/base:latest` (NamedContext in BuildKit's frontend/dockerui/config.go,
 * ParseNormalizedNamed and FamiliarString of github.com/distribution/reference). Undefined for what BuildKit refuses.
 */
export function contextName(reference: string): string | undefined {
  const [, written, tag, digest] = /^([^@]*?)(?::([\w][\w.-]{0,127}))?(?:@(.*))?$/s.exec(reference) ?? [];
  if (written === undefined || /^[0-9a-f]{64}$/.test(reference)) return undefined;
  if (digest !== undefined && !DIGEST.test(digest)) return undefined;
  const { host, path } = placeOf(written);
  // What can be no host, as with an underscore in it, is part of the path again.
  const isName = HOST.test(host) ? PATH.test(path) : PATH.test(`${host}/${path}`);
  if (!isName || `${host}/${path}`.length > MAXIMUM_NAME) return undefined;
  const name = host === DOCKER_HUB ? path.replace(/^library\/(?=[^/]+$)/, '') : `${host}/${path}`;
  const isImplied = tag === undefined || (tag === 'latest' && digest === undefined);
  return `${name}${isImplied ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

const DOCKER_HUB = 'docker.io';

/** What comes before the first slash is a host where it can be nothing else. */
function placeOf(name: string): { host: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  // `localhost` is one too, and comes out the same either way.
  const isHost = /[.:A-Z]/.test(first);
  const host = !isHost || first === `index.${DOCKER_HUB}` ? DOCKER_HUB : first;
  const path = isHost ? name.slice(slash + 1) : name;
  return { host, path: host === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path };
}

const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = new RegExp(String.raw`^(?:${LABEL}(?:\.${LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$`);
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
const MAXIMUM_NAME = 255;
