import { expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { meaningsOf } from '../../src/init/meanings.ts';
import { type Use, usesOf } from '../../src/init/uses.ts';
import { imagesOf } from '../support/snapshot.ts';

/** The one reference of a Dockerfile that stands at `user/Dockerfile`. */
function use(dockerfile: string, args: Readonly<Record<string, string>> = {}): Use {
  const [image] = imagesOf({ 'user/Dockerfile': dockerfile });
  const [found] = usesOf([{ image: image as never, dockerfile: parseDockerfile(dockerfile) }], args);
  return found as Use;
}

const meaning = (reference: string, ...directories: string[]) => {
  const images = imagesOf(
    Object.fromEntries(directories.map((path) => [`${path}/Dockerfile`, 'FROM scratch\n'])),
  );
  return meaningsOf(use(`FROM ${reference}\n`), images).map(({ image, shape }) => ({
    image: image.directory,
    ...shape,
  }));
};

test.each([
  ['quay.io/acme/base', 'images/base', { match: 'quay.io/acme/{x}', directory: 'images/{x}' }],
  ['quay.io/acme/base:1', 'base', { match: 'quay.io/acme/{x}', directory: '{x}' }],
  ['acme/base/java', 'docker/base/java', { match: 'acme/{x}/{y}', directory: 'docker/{x}/{y}' }],
  ['acme/base-java', 'docker/base/java', { match: 'acme/base-{x}', directory: 'docker/base/{x}' }],
  ['acme/web:alpine', 'docker/web/alpine', { match: 'acme/{x}', tag: '{v}', directory: 'docker/{x}/{v}' }],
  ['acme/hadoop-base', 'base', { match: 'acme/hadoop-{x}', directory: '{x}' }],
  ['acme/base', 'docker-base', { match: 'acme/{x}', directory: 'docker-{x}' }],
  ['base', 'docker/base', { match: 'base', directory: 'docker/base' }],
  ['base-java', 'docker/base/java', { match: 'base-java', directory: 'docker/base/java' }],
  ['web:alpine', 'docker/web/alpine', { match: 'web', tag: '{v}', directory: 'docker/web/{v}' }],
])('%s is like %s', (reference, directory, shape) => {
  expect(meaning(reference, directory, 'something/else')).toEqual([{ image: directory, ...shape }]);
});

test.each([
  ['acme/database', 'base'],
  ['hadoop-base', 'base'],
  ['acme/base', 'base/java'],
  ['acme/base', 'a{b}/base'],
  ['acme/web:alpine', 'docker/other/alpine'],
  ['acme/web:latest', 'docker/web/latest'],
])('%s is not like %s', (reference, directory) => {
  expect(meaning(reference, directory)).toEqual([]);
});

test('the best likeness counts, and all that are as good', () => {
  const names = (...parameters: Parameters<typeof meaning>) =>
    meaning(...parameters).map(({ image }) => image);
  expect(names('acme/web:alpine', 'web', 'web/alpine')).toEqual(['web/alpine']);
  expect(names('acme/base/java', 'java', 'docker/base/java')).toEqual(['docker/base/java']);
  expect(names('acme/base-java', 'base/java', 'base-java')).toEqual(['base-java']);
  expect(names('acme/base-java', 'base/java', 'x/java')).toEqual(['base/java']);
  expect(names('acme/hadoop-base', 'base', 'hadoop-base')).toEqual(['hadoop-base']);
  expect(names('acme/base', 'a/base', 'b/base')).toEqual(['a/base', 'b/base']);
});

test.each([
  ['FROM acme/base', 'latest'],
  ['FROM acme/base:latest', 'latest'],
  ['FROM acme/base:1.2', 'pinned'],
  [`FROM acme/base:latest@sha256:${'0'.repeat(64)}`, 'digest'],
  ['ARG V=1\nFROM acme/base:$V', 'argument'],
  ['ARG V=1\nARG TAG=$V-jdk\nFROM acme/base:${TAG}', 'argument'],
  ['ARG V\nFROM acme/base:$V', 'unset'],
  // An ARG that sets more than the tag is no way to ask for another version of the same image.
  ['ARG BASE=acme/base:1.2\nFROM $BASE', 'pinned'],
  ['ARG OWNER=acme\nFROM $OWNER/base:1.2', 'pinned'],
])('%s: %s', (dockerfile, tag) => {
  expect(use(`${dockerfile}\n`).tag).toBe(tag);
});
