import { isIP } from 'node:net';

export interface Proxy {
  /** The variable that names it. */
  variable: string;
  /** Undefined where what the variable holds is no address. It may hold a log-in. */
  url: URL | undefined;
}

/** The proxy that an address is asked through; `undefined`: it is asked itself. */
export type ProxyOf = (url: URL) => Proxy | undefined;

/**
 * The proxies that variables name, by the rules of the builders, which are Go's (golang.org/x/net/http/httpproxy):
 * `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` or the same in lower case, for addresses of the one kind and the other, and
 * never for this machine. `NO_PROXY` lists names, which stand for all below them too (with a dot in front only for
 * those), addresses, ranges such as `10.0.0.0/8`, each perhaps with a port, or `*`.
 */
export function proxiesOf(env: Readonly<Record<string, string | undefined>>): ProxyOf {
  const proxies = { 'https:': proxyIn(env, 'HTTPS_PROXY'), 'http:': proxyIn(env, 'HTTP_PROXY') };
  const listed = env['NO_PROXY'] || env['no_proxy'] || '';
  const exceptions = listed.split(',').flatMap((text) => exceptionIn(text) ?? []);
  return (url) => {
    const proxy = proxies[url.protocol as keyof typeof proxies];
    if (proxy === undefined) return undefined;
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    const isDirect = isThisMachine(host) || exceptions.some((holds) => holds(host, port));
    return isDirect ? undefined : proxy;
  };
}

/** Without a scheme, as in `squid.example.com:3128`, it is asked over HTTP. */
function proxyIn(env: Readonly<Record<string, string | undefined>>, name: string): Proxy | undefined {
  const variable = [name, name.toLowerCase()].find((one) => env[one]);
  if (variable === undefined) return undefined;
  const text = env[variable] as string;
  const full = text.includes('://') ? text : `http://${text}`;
  return { variable, url: URL.canParse(full) ? new URL(full) : undefined };
}

type Exception = (host: string, port: string) => boolean;

function exceptionIn(text: string): Exception | undefined {
  const written = text.trim().toLowerCase();
  if (written === '') return undefined;
  if (written === '*') return () => true;
  const range = rangeIn(written);
  if (range) return range;
  const [, bracketed, bare, only] = HOST_AND_PORT.exec(written) ?? [];
  const name = bracketed ?? bare ?? written;
  const isPort = (port: string) => only === undefined || only === port;
  const own = bitsOf(name);
  if (own !== undefined) return (host, port) => bitsOf(host) === own && isPort(port);
  const parent = name.replace(/^\*?\./, '');
  const isItself = (host: string) => parent === name && host === name;
  return (host, port) => isPort(port) && (isItself(host) || host.endsWith(`.${parent}`));
}

const HOST_AND_PORT = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/;

/** `10.0.0.0/8`; what has no address in front of the slash is no range. */
function rangeIn(text: string): Exception | undefined {
  const [, address = '', length] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
  const bits = bitsOf(address);
  if (bits === undefined || Number(length) > bits.length) return undefined;
  const prefix = bits.slice(0, Number(length));
  return (host) => {
    const own = bitsOf(host);
    return own?.length === bits.length && own.startsWith(prefix);
  };
}

function bitsOf(address: string): string | undefined {
  switch (isIP(address)) {
    case 4:
      return address
        .split('.')
        .map((part) => Number(part).toString(2).padStart(8, '0'))
        .join('');
    case 6:
      return partsOf(address)
        .map((part) => Number.parseInt(part, 16).toString(2).padStart(16, '0'))
        .join('');
    default:
      return undefined;
  }
}

/** The eight parts of an address that may leave zeros out; URL writes it without dots in it. */
function partsOf(address: string): readonly string[] {
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::').map((side) => side.split(':').filter((part) => part !== ''));
  if (tail === undefined) return head as readonly string[];
  return [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
