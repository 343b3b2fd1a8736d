import { expect, test } from 'vitest';
import { NoAnswerError } from '../../src/http/answer.ts';
import { openLogin } from '../../src/registry/login.ts';
import { placeOf } from '../../src/registry/place.ts';

test('a registry behind TLS can’t send the log-in over a plain connection', async () => {
  const sent: string[] = [];
  const login = openLogin({
    send: (request) => {
      sent.push(request.url.href);
      return Promise.resolve({ headers: {}, body: '{"token": "t"}' });
    },
    credentials: () => 'Basic eDp5',
  });
  const ask = (realm: string) =>
    login(placeOf('registry.example.com/a'), () =>
      Promise.reject(new NoAnswerError('refused', 401, { 'www-authenticate': `Bearer realm="${realm}"` })),
    );
  await expect(ask('http://auth.example.com/token')).rejects.toThrow('refused');
  expect(sent).toEqual([]);
  await expect(ask('https://auth.example.com/token?x=1')).rejects.toThrow('refused');
  expect(sent).toEqual(['https://auth.example.com/token?x=1&scope=repository%3Aa%3Apull']);
});

test('only a request that is refused for want of a log-in gets one', async () => {
  const sent: string[] = [];
  const login = openLogin({
    send: (request) => {
      sent.push(request.url.href);
      return Promise.resolve({ headers: {}, body: '{"token": "t"}' });
    },
    credentials: () => 'Basic eDp5',
  });
  const headers = { 'www-authenticate': 'Bearer realm="https://auth.example.com/token"' };
  const ask = () => Promise.reject(new NoAnswerError('refused', 403, headers));
  await expect(login(placeOf('registry.example.com/a'), ask)).rejects.toThrow('refused');
  expect(sent).toEqual([]);
});
