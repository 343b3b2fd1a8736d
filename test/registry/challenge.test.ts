import { expect, test } from 'vitest';
import { readChallenge } from '../../src/registry/challenge.ts';

const bearer = (realm: string, service?: string, scope?: string) => ({
  scheme: 'bearer',
  realm,
  service,
  scope,
});

test.each<[string | undefined, unknown]>([
  [undefined, undefined],
  ['', undefined],
  ['Negotiate', undefined],
  ['Basic realm="x"', { scheme: 'basic' }],
  ['basic', { scheme: 'basic' }],
  [
    'Bearer realm="https://a/jwt",service="s",scope="repository:a:pull"',
    bearer('https://a/jwt', 's', 'repository:a:pull'),
  ],
  ['bearer Realm = "https://a/jwt" , service=s', bearer('https://a/jwt', 's')],
  [String.raw`Bearer realm="https://a/\"b\\"`, bearer(String.raw`https://a/"b\ `.trim())],
  ['Bearer service="s"', undefined],
  ['Negotiate, Basic realm="a, b", Bearer realm="https://a"', bearer('https://a')],
  ['Bearer error="invalid_token", Basic realm="x"', { scheme: 'basic' }],
])('%s', (header, expected) => {
  expect(readChallenge(header)).toEqual(expected);
});
