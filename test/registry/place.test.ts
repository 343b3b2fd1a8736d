import { expect, test } from 'vitest';
import { placeOf } from '../../src/registry/place.ts';

test.each([
  ['host.example.com/group/project/a', 'https://host.example.com', 'group/project/a'],
  ['host.example.com:5050/a', 'https://host.example.com:5050', 'a'],
  ['docker.io.example.com/a', 'https://docker.io.example.com', 'a'],
  ['host:5000/a/b', 'https://host:5000', 'a/b'],
  ['localhost/a', 'http://localhost', 'a'],
  ['localhost:5000/a', 'http://localhost:5000', 'a'],
  ['127.0.0.1:5000/a', 'http://127.0.0.1:5000', 'a'],
  ['127.0.0.1.example.com/a', 'https://127.0.0.1.example.com', 'a'],
])('%s', (name, origin, repository) => {
  expect(placeOf(name, new Set())).toMatchObject({ origin, repository });
});

test.each([
  ['images.example.com/a', 'http://images.example.com'],
  ['images.example.com:5000/a', 'https://images.example.com:5000'],
  ['a.images.example.com/a', 'https://a.images.example.com'],
])('over plain HTTP where a person said so: %s', (name, origin) => {
  expect(placeOf(name, new Set(['images.example.com']))).toMatchObject({ origin });
});

test.each(['acme/tool', 'tool', 'docker.io/tool', 'docker.io/acme/tool'])('%s is on Docker Hub', (name) => {
  expect(placeOf(name, new Set())).toBeUndefined();
});
