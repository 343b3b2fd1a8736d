import { expect, test } from 'vitest';
import { credentialsOf } from '../../src/registry/credentials.ts';
import { type Place, placeOf } from '../../src/registry/place.ts';

const none = { registry: undefined, user: undefined, password: undefined, authConfig: undefined };
const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`;
const own = { registry: 'registry.example.com', user: 'ci', password: 'p:w' };

const authConfig = (auths: unknown) => JSON.stringify({ auths });

test.each<[string, Parameters<typeof credentialsOf>[0], string, string | undefined]>([
  ['none', none, 'registry.example.com/a', undefined],
  ['of the job', { ...none, ...own }, 'registry.example.com/a', basic('ci:p:w')],
  ['of the job, for another registry', { ...none, ...own }, 'registry.example.com:5000/a', undefined],
  ['without a password', { ...none, ...own, password: undefined }, 'registry.example.com/a', basic('ci:')],
  [
    'encoded in the config',
    { ...none, authConfig: authConfig({ 'r.example.com': { auth: 'eDp5' } }) },
    'r.example.com/a',
    'Basic eDp5',
  ],
  [
    'encoded in the config, over several lines',
    { ...none, authConfig: authConfig({ 'r.example.com': { auth: 'eD\r\np5\n' } }) },
    'r.example.com/a',
    'Basic eDp5',
  ],
  [
    'in the config, but not encoded',
    { ...none, authConfig: authConfig({ 'r.example.com': { auth: 'x: y' } }) },
    'r.example.com/a',
    undefined,
  ],
  [
    'plain in the config',
    { ...none, authConfig: authConfig({ 'r.example.com': { username: 'x', password: 'y' } }) },
    'r.example.com/a',
    basic('x:y'),
  ],
  [
    'of a registry that is named by an address with a version',
    { ...none, authConfig: authConfig({ 'https://r.example.com/v1/': { auth: 'eDp5' } }) },
    'r.example.com/a',
    'Basic eDp5',
  ],
  [
    'by the longest path',
    { ...none, authConfig: authConfig({ 'r.io': { auth: 'MQ==' }, 'r.io/team': { auth: 'Mg==' } }) },
    'r.io/team/a',
    'Basic Mg==',
  ],
  [
    'by a path that is another name’s beginning',
    { ...none, authConfig: authConfig({ 'r.io/team': { auth: 'Mg==' } }) },
    'r.io/teams/a',
    undefined,
  ],
  [
    'the config’s before the job’s own, where the name is the same',
    { ...own, authConfig: authConfig({ 'registry.example.com': { auth: 'eDp5' } }) },
    'registry.example.com/a',
    'Basic eDp5',
  ],
  [
    'else the job’s own before the config’s',
    {
      ...own,
      registry: 'r.example.com',
      authConfig: authConfig({ 'https://r.example.com/': { auth: 'eDp5' } }),
    },
    'r.example.com/a',
    basic('ci:p:w'),
  ],
  ['a config that is none', { ...none, authConfig: '{' }, 'r.io/a', undefined],
  ['a config without log-ins', { ...none, authConfig: '{"auths": null}' }, 'r.io/a', undefined],
  [
    'entries that hold none',
    { ...none, authConfig: authConfig({ 'r.io': null, 'r.io/a': {}, 'r.io/a/b': { auth: '' } }) },
    'r.io/a/b',
    undefined,
  ],
])('%s', (_, options, name, expected) => {
  expect(credentialsOf(options)(placeOf(name, new Set()) as Place)).toBe(expected);
});
