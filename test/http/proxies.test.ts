import { expect, test } from 'vitest';
import { proxiesOf } from '../../src/http/proxies.ts';

const PROXY = 'http://squid.example.com:3128';

/** The proxy through which an address is asked, `direct` where it is asked itself. */
function wayTo(address: string, env: Record<string, string>): string {
  const proxy = proxiesOf(env)(new URL(address));
  return proxy === undefined ? 'direct' : (proxy.url?.href.replace(/\/$/, '') ?? `not ${proxy.variable}`);
}

test.each<[env: Record<string, string>, address: string, way: string]>([
  [{}, 'https://a.example.com', 'direct'],
  [{ HTTPS_PROXY: PROXY }, 'https://a.example.com', PROXY],
  [{ HTTPS_PROXY: PROXY }, 'http://a.example.com', 'direct'],
  [{ HTTP_PROXY: PROXY }, 'http://a.example.com', PROXY],
  [{ HTTP_PROXY: PROXY }, 'https://a.example.com', 'direct'],
  [{ https_proxy: PROXY }, 'https://a.example.com', PROXY],
  [{ HTTPS_PROXY: PROXY, https_proxy: 'http://other' }, 'https://a.example.com', PROXY],
  [{ HTTPS_PROXY: '', https_proxy: PROXY }, 'https://a.example.com', PROXY],
  [{ HTTPS_PROXY: 'squid.example.com:3128' }, 'https://a.example.com', PROXY],
  [{ HTTPS_PROXY: 'http://user:p%40ss@proxy:1' }, 'https://a.example.com', 'http://user:p%40ss@proxy:1'],
  [{ HTTPS_PROXY: 'http://[' }, 'https://a.example.com', 'not HTTPS_PROXY'],
  [{ https_proxy: 'http://[' }, 'https://a.example.com', 'not https_proxy'],
  [{ ALL_PROXY: PROXY }, 'https://a.example.com', 'direct'],
])('%j: %s, %s', (env, address, way) => {
  expect(wayTo(address, env)).toBe(way);
});

test.each(['https://localhost:5000', 'https://127.0.0.1', 'https://127.1.2.3:1', 'https://[::1]:5000'])(
  'this machine is asked itself: %s',
  (address) => {
    expect(wayTo(address, { HTTPS_PROXY: PROXY })).toBe('direct');
  },
);

test.each<[exceptions: string, address: string, isDirect: boolean]>([
  ['a.example.com', 'https://a.example.com', true],
  ['a.example.com', 'https://A.Example.com', true],
  ['A.example.com', 'https://a.example.com', true],
  ['a.example.com', 'https://a.example.com./', true],
  ['a.example.com', 'https://b.a.example.com', true],
  ['a.example.com', 'https://ba.example.com', false],
  ['.example.com', 'https://a.example.com', true],
  ['.example.com', 'https://example.com', false],
  ['*.example.com', 'https://a.example.com', true],
  ['*.example.com', 'https://example.com', false],
  ['example.com:5050', 'https://example.com:5050', true],
  ['example.com:5050', 'https://example.com', false],
  ['example.com:443', 'https://example.com', true],
  ['example.com:80', 'https://example.com', false],
  ['*', 'https://example.com', true],
  ['other, , example.com', 'https://example.com', true],
  ['', 'https://example.com', false],
  ['10.1.2.3', 'https://10.1.2.3', true],
  ['10.1.2.3:5050', 'https://10.1.2.3', false],
  ['10.1.2.3', 'https://110.1.2.3', false],
  ['2001:0db8:0::1', 'https://[2001:db8::1]', true],
  ['10.0.0.0/8', 'https://10.255.0.1', true],
  ['10.0.0.0/8', 'https://11.0.0.1', false],
  ['10.1.0.0/15', 'https://10.0.9.9', true],
  ['10.1.2.3/32', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://10.example.com', false],
  ['10.0.0.0/33', 'https://10.0.0.0', false],
  ['0.0.0.0/0', 'https://[2001:db8::1]', false],
  ['2001:db8::/32', 'https://[2001:db8:1::2]', true],
  ['2001:db8::/32', 'https://[2001:db9::2]', false],
  ['2001:db8::1', 'https://[2001:db8::1]', true],
  ['[2001:db8::1]:5050', 'https://[2001:db8::1]:5050', true],
  ['[2001:db8::1]:5050', 'https://[2001:db8::1]', false],
])('NO_PROXY=%s: %s (%s)', (exceptions, address, isDirect) => {
  const way = isDirect ? 'direct' : PROXY;
  expect(wayTo(address, { HTTPS_PROXY: PROXY, NO_PROXY: exceptions })).toBe(way);
  expect(wayTo(address, { HTTPS_PROXY: PROXY, no_proxy: exceptions })).toBe(way);
});
