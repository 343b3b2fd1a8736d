import { expect, test } from 'vitest';
import { placeOf } from '../../src/registry/place.ts';

test.each([
  ['registry.example.com/group/project/a', 'https://registry.example.com', 'group/project/a'],
  ['registry.example.com:5050/a', 'https://registry.example.com:5050', 'a'],
  ['host:5000/a/b', 'https://host:5000', 'a/b'],
  ['localhost/a', 'http://localhost', 'a'],
  ['localhost:5000/a', 'http://localhost:5000', 'a'],
  ['127.0.0.1:5000/a', 'http://127.0.0.1:5000', 'a'],
  ['127.0.0.1.example.com/a', 'https://127.0.0.1.example.com', 'a'],
  ['acme/tool', 'https://registry-1.docker.io', 'acme/tool'],
  ['tool', 'https://registry-1.docker.io', 'library/tool'],
  ['docker.io/tool', 'https://registry-1.docker.io', 'library/tool'],
  ['index.docker.io/acme/tool', 'https://registry-1.docker.io', 'acme/tool'],
])('%s', (name, origin, repository) => {
  expect(placeOf(name)).toMatchObject({ origin, repository });
});

test('credentials know Docker Hub by one name', () => {
  expect(['tool', 'docker.io/a/b', 'index.docker.io/a'].map((name) => placeOf(name).host)).toEqual([
    'docker.io',
    'docker.io',
    'docker.io',
  ]);
});
