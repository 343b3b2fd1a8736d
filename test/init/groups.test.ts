import { expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { type Group, groupUses } from '../../src/init/groups.ts';
import { usesOf } from '../../src/init/uses.ts';
import { imagesOf } from '../support/snapshot.ts';

function groupsOf(files: Readonly<Record<string, string>>) {
  const images = imagesOf(files);
  const read = images.map((image) => ({
    image,
    dockerfile: parseDockerfile(files[image.dockerfile] as string),
  }));
  const { ours, pinned, doubtful } = groupUses(usesOf(read, {}), images, '$CI_REGISTRY_IMAGE');
  const matches = (groups: readonly Group[]) => groups.map(({ shape }) => shape.match);
  return { ours: matches(ours), pinned: matches(pinned), doubtful: matches(doubtful) };
}

const base = { 'base/Dockerfile': 'FROM scratch\n', 'java/Dockerfile': 'FROM scratch\n' };

test('one name that only ends like an image says nothing, several do', () => {
  const one = { ...base, 'a/Dockerfile': 'FROM acme/hadoop-base\n' };
  expect(groupsOf(one)).toEqual({ ours: [], pinned: [], doubtful: [] });
  const several = { ...one, 'b/Dockerfile': 'FROM acme/hadoop-java\n' };
  expect(groupsOf(several)).toEqual({ ours: ['acme/hadoop-{x}'], pinned: [], doubtful: [] });
});
