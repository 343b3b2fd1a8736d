import { expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { type Group, groupUses } from '../../src/init/groups.ts';
import { usesOf } from '../../src/init/uses.ts';
import { imagesOf } from '../support/snapshot.ts';

const REGISTRY = '$CI_REGISTRY_IMAGE';
const NONE = { ours: [], pinned: [], doubtful: [], ambiguous: 0 };

function read(files: Readonly<Record<string, string>>) {
  const images = imagesOf(files);
  const dockerfiles = images.map((image) => ({
    image,
    dockerfile: parseDockerfile(files[image.dockerfile] as string),
  }));
  return groupUses(usesOf(dockerfiles, { CI_REGISTRY_IMAGE: REGISTRY }), images, REGISTRY);
}

function groupsOf(files: Readonly<Record<string, string>>) {
  const { ours, pinned, doubtful, ambiguous } = read(files);
  const matches = (groups: readonly Group[]) => groups.map(({ shape }) => shape.match);
  return {
    ours: matches(ours),
    pinned: matches(pinned),
    doubtful: matches(doubtful),
    ambiguous: ambiguous.length,
  };
}

const base = { 'base/Dockerfile': 'FROM scratch\n', 'java/Dockerfile': 'FROM scratch\n' };

test('one name that only ends like an image says nothing, several do', () => {
  const one = { ...base, 'a/Dockerfile': 'FROM acme/hadoop-base\n' };
  expect(groupsOf(one)).toEqual(NONE);
  const several = { ...one, 'b/Dockerfile': 'FROM acme/hadoop-java\n' };
  expect(groupsOf(several)).toEqual({ ...NONE, ours: ['acme/hadoop-{x}'] });
});

test('a name that several have means the one below a prefix that others show to be ours', () => {
  const both = { 'a/base/Dockerfile': 'FROM scratch\n', 'b/base/Dockerfile': 'FROM scratch\n' };
  const user = { ...both, 'b/java/Dockerfile': 'FROM acme/base\n' };
  expect(groupsOf(user)).toEqual(NONE);
  const shown = { ...user, 'b/spark/Dockerfile': 'FROM acme/java\n' };
  expect(groupsOf(shown)).toEqual({ ...NONE, ours: ['acme/{x}'] });
});

test('a prefix from which an image takes what is called like itself is doubtful, but for our registry', () => {
  const named = (prefix: string) => ({
    ...base,
    'a/Dockerfile': `ARG CI_REGISTRY_IMAGE\nFROM ${prefix}/a\n`,
    'b/Dockerfile': `ARG CI_REGISTRY_IMAGE\nFROM ${prefix}/base\n`,
  });
  expect(groupsOf(named('acme'))).toEqual({ ...NONE, doubtful: ['acme/{x}'] });
  expect(groupsOf(named(REGISTRY))).toEqual({ ...NONE, ours: [`${REGISTRY}/{x}`] });
});

test('a prefix below which more names are of somebody else is doubtful', () => {
  const copies = (...names: string[]) => ({
    ...base,
    'a/Dockerfile': `FROM acme/base\n${names.map((name) => `COPY --from=acme/${name} / /\n`).join('')}`,
  });
  expect(groupsOf(copies('one'))).toEqual({ ...NONE, ours: ['acme/{x}'] });
  expect(groupsOf(copies('one', 'two'))).toEqual({ ...NONE, doubtful: ['acme/{x}'] });
});

test('any tag counts where an ARG sets it, and only there', () => {
  const anyTag = (dockerfile: string) => read({ ...base, 'a/Dockerfile': dockerfile }).ours[0]?.anyTag;
  expect(anyTag('ARG V=1\nFROM acme/base:$V\n')).toBe(true);
  expect(anyTag('FROM acme/base\n')).toBe(false);
});
