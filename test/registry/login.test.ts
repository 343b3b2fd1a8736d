import { expect, test } from 'vitest';
import { NoAnswerError } from '../../src/http/answer.ts';
import { openLogin } from '../../src/registry/login.ts';

const PLACE = { origin: 'https://host.example.com', host: 'host.example.com', repository: 'a' };

/** Asks a registry behind TLS that refuses everything and names who gives tokens; tells whom that made us ask. */
async function askRefusing(realm: string, status = 401): Promise<readonly string[]> {
  const sent: string[] = [];
  const login = openLogin({
    send: (request) => {
      sent.push(request.url.href);
      return Promise.resolve({ headers: {}, body: '{"token": "t"}' });
    },
    credentials: () => 'Basic eDp5',
  });
  const headers = { 'www-authenticate': `Bearer realm="${realm}"` };
  const ask = () => Promise.reject(new NoAnswerError('refused', status, headers));
  await expect(login(PLACE, ask)).rejects.toThrow('refused');
  return sent;
}

test('a registry behind TLS can’t send the log-in over a plain connection', async () => {
  expect(await askRefusing('http://auth.example.com/token')).toEqual([]);
  expect(await askRefusing('https://auth.example.com/token?x=1')).toEqual([
    'https://auth.example.com/token?x=1&scope=repository%3Aa%3Apull',
  ]);
});

test('only a request that is refused for want of a log-in gets one', async () => {
  expect(await askRefusing('https://auth.example.com/token', 403)).toEqual([]);
});
