import { expect, test } from 'vitest';
import { indexInputs } from '../../src/affected/input-index.ts';
import { type Files, side } from '../support/snapshot.ts';

const files: Files = {
  'a/Dockerfile': 'FROM scratch\n',
  'b/Dockerfile': { symlink: '../common/b' },
  'common/b': 'FROM scratch\nCOPY via/x /\n',
  'b/via': { symlink: '../deep/link' },
  deep: { symlink: 'far' },
  'c/Dockerfile': 'FROM scratch\nCOPY x /\n',
  Dockerfile: 'FROM scratch\nCOPY x /\n',
  'v/linked.yml': { symlink: '../versions.yml' },
  'versions.yml': 'x: 1\n',
};
const settings = {
  images: {
    a: { inputs: ['shared/**'] },
    c: { inputs: ['shared/**', 'one', { paths: ['v/*.yml'], keys: ['x'] }] },
  },
};
const images = [...side(files, settings).images.values()];

// The root's context holds every path.
test.each([
  ['a/Dockerfile', ['a', 'repo']],
  ['a/.gitlab-ci.yml', ['a', 'repo']],
  ['a/anything', ['repo']],
  ['b/Dockerfile', ['b', 'repo']],
  ['common/b', ['b', 'repo']],
  ['b/x/y', ['b', 'repo']],
  ['deep', ['b', 'repo']],
  ['far/link/x', ['b', 'repo']],
  ['c/x', ['c', 'repo']],
  ['shared/x', ['a', 'c', 'repo']],
  ['one', ['c', 'repo']],
  ['v/new.yml', ['c', 'repo']],
  ['versions.yml', ['c', 'repo']],
  ['none\n\udc80', ['repo']],
])('%j may be an input of %j', (path, expected) => {
  const candidates = indexInputs(images, [path, 'e/f/g']);
  expect([...candidates(path)].map(({ image }) => image.name).sort()).toEqual(expected);
});
