import { expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { findContexts } from '../../src/init/contexts.ts';
import { type Files, imagesOf, snapshot } from '../support/snapshot.ts';

function contextsOf(files: Files) {
  const read = imagesOf(files).map((image) => ({
    image,
    dockerfile: parseDockerfile(files[image.dockerfile] as string),
  }));
  const { contexts, missing } = findContexts(snapshot(files).tree, read, {});
  return {
    contexts: contexts.map(({ glob, context }) => [glob, context]),
    missing: missing.map(({ source }) => source.source),
  };
}

test('a source that the base image may decide, and one outside of each context, are not missing', () => {
  const found = contextsOf({ 'a/Dockerfile': 'FROM debian\nCOPY $X/y ../../z w /\n' });
  expect(found).toEqual({ contexts: [], missing: ['w'] });
});

test('neither is one behind a link', () => {
  const found = contextsOf({ 'a/Dockerfile': 'FROM scratch\nCOPY l/x /\n', 'a/l': { symlink: '/x' } });
  expect(found).toEqual({ contexts: [], missing: [] });
});

test('a Dockerfile that can’t be run tells nothing', () => {
  const found = contextsOf({ 'a/Dockerfile': 'FROM scratch\nCOPY w ${X /\n' });
  expect(found).toEqual({ contexts: [], missing: [] });
});
