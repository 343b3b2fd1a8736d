import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { contextName } from '../../src/pipeline/context-name.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

// As ParseNormalizedNamed, TagNameOnly and FamiliarString of github.com/distribution/reference v0.6.0 have it.
test.each([
  ['x', 'x'],
  ['x:latest', 'x'],
  ['x:1', 'x:1'],
  ['x:LATEST', 'x:LATEST'],
  ['docker.io/library/x:latest', 'x'],
  ['docker.io/x', 'x'],
  ['index.docker.io/x', 'x'],
  ['library/x', 'x'],
  ['library/library', 'library'],
  ['docker.io/library/a/b', 'library/a/b'],
  ['docker.io/a/library', 'a/library'],
  ['docker.io/docker.io/x', 'docker.io/x'],
  ['a/b:latest', 'a/b'],
  ['localhost', 'localhost'],
  ['localhost/x', 'localhost/x'],
  ['localhost:5000', 'localhost:5000'],
  ['localhost:5000/x:1', 'localhost:5000/x:1'],
  ['registry.example.com:5000/g/x:latest', 'registry.example.com:5000/g/x'],
  ['LOCAL/x', 'LOCAL/x'],
  ['[::1]:5000/x', '[::1]:5000/x'],
  ['x_reg.example.com/5000', 'x_reg.example.com/5000'],
  [`x@${digest}`, `x@${digest}`],
  [`x:latest@${digest}`, `x:latest@${digest}`],
  [`docker.io/library/x:1@${digest}`, `x:1@${digest}`],
  ['x__y--z', 'x__y--z'],
])('%s is found as %s', (reference, expected) => {
  expect(contextName(reference)).toBe(expected);
});

test.each([
  ...[
    '',
    'X',
    'A/B',
    'x/y/Z',
    'x:',
    'x:.1',
    'x:1:2',
    'x@',
    'x@sha256:ab',
    `x@${digest}0`,
    'x@md5:0123',
    '-x',
  ],
  ...['x___y', 'x..y', '/x', 'x/', 'registry.example.com/', '$CI_REGISTRY_IMAGE/x', 'a b', 'é', 'x\n'],
  ...['0123456789abcdef'.repeat(4), `registry.example.com/${'a'.repeat(255)}`, `x:${'a'.repeat(129)}`],
])('%j is none', (reference) => {
  expect(contextName(reference)).toBeUndefined();
});

test('a name is found by itself, with all that it implies too', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,5}(?:[._-][a-z0-9]{1,5})?$/);
  const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(fc.constantFrom('', 'docker.io/', 'registry.example.com/'), path, (host, name) => {
      fc.pre(!/^(?:[^/]*\.[^/]*|localhost|library)\//.test(name));
      const found = contextName(`${host}${name}`);
      expect(contextName(`${host}${name}:latest`)).toBe(found);
      expect(contextName(found ?? '')).toBe(found);
      if (host === '') expect(contextName(`docker.io/${name}`)).toBe(found);
    }),
  );
});
