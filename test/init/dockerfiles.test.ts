import { describe, expect, test } from 'vitest';
import { compileGlobs } from '../../src/images/globs.ts';
import { namedLikeDockerfiles, sortOutDockerfiles } from '../../src/init/dockerfiles.ts';
import { snapshot } from '../support/snapshot.ts';

const sorted = (paths: readonly string[], unreadable: readonly string[] = []) =>
  sortOutDockerfiles({ paths, isReadable: (path) => !unreadable.includes(path) });

test('what is named like a Dockerfile', () => {
  const yes = [
    'Containerfile',
    'Containerfile.alpine',
    'Dockerfile',
    'Dockerfile-slim',
    'Dockerfile.alpine',
    'Dockerfile_arm',
    'a/b/dockerfile',
    'web.Dockerfile',
    'web.containerfile',
  ];
  const no = [
    '.Dockerfile.swp',
    'Dockerfile.alpine.dockerignore',
    'Dockerfiles',
    'a/Dockerfile/run',
    'my-Dockerfile',
  ];
  const files = Object.fromEntries([...yes, ...no].map((path) => [path, '']));
  const { tree } = snapshot({ ...files, 'sub/Dockerfile': { submodule: '0'.repeat(40) } });
  expect(namedLikeDockerfiles(tree)).toEqual(yes);
});

describe('what is no image', () => {
  test.each([
    ['test/Dockerfile', 'directory'],
    ['a/examples/x/Dockerfile', 'directory'],
    ['a/vendor/Dockerfile', 'directory'],
    ['.devcontainer/Dockerfile', 'directory'],
    ['template/{{ name }}/Dockerfile', 'directory'],
    ['a/Dockerfile.j2', 'template'],
    ['a/Dockerfile.orig', 'backup'],
    ['a/Dockerfile.alpine', 'unreadable'],
    ['base/Containerfile', 'same-name'],
  ] as const)('%s: %s', (path, because) => {
    const found = sorted(['base/Dockerfile', path].sort(), ['a/Dockerfile.alpine']);
    expect(found.paths).toEqual(['base/Dockerfile']);
    expect(found.leftOut).toEqual([{ path, because }]);
  });

  test.each(['latest/Dockerfile', 'testing-tools/Dockerfile', 'a/Dockerfile.dev'])('%s is one', (path) => {
    expect(sorted(['base/Dockerfile', path]).leftOut).toEqual([]);
  });

  test('names that only differ in case are two images; that of a suffix may be that of a directory', () => {
    expect(sorted(['A/Dockerfile', 'a/Dockerfile']).leftOut).toEqual([]);
    expect(sorted(['a/Dockerfile.x', 'a/x/Dockerfile']).leftOut).toEqual([
      { path: 'a/Dockerfile.x', because: 'same-name' },
    ]);
  });

  test('a plain Dockerfile that is broken is meant to be one', () => {
    expect(sorted(['base/Dockerfile'], ['base/Dockerfile']).paths).toEqual(['base/Dockerfile']);
  });
});

test('names that differ only in case would be one image', () => {
  const paths = ['a/Dockerfile.Alpine', 'a/Dockerfile.alpine'];
  expect(sorted(paths).leftOut).toEqual([{ path: paths[1], because: 'same-name' }]);
});

test('nothing is excluded that no glob finds, and no image with what is', () => {
  const found = sorted(['a/Dockerfile', 'a/Dockerfile.in', 'docs/Dockerfile', 'x(y)/test/Dockerfile']);
  expect(found.dockerfiles).toEqual(['**/Dockerfile']);
  expect(found.exclude.map(({ glob }) => glob)).toEqual(['docs/**', String.raw`x\(y\)/test/Dockerfile`]);
});

test.each(['*', 'b*', '"{a', 'a|b', '"', '|', '[ab]', '{a,b}', '?', '(a)', '@(a)', '!b', '**'])(
  'what is left out is left out alone: %s',
  (directory) => {
    const images = ['!a', 'a', 'b', 'ba', 'c/d'].map((each) => `${each}/Dockerfile-x`);
    const found = sorted([...images, `${directory}/Dockerfile-x`].sort(), [`${directory}/Dockerfile-x`]);
    expect(found.paths).toEqual(images);
    const isLeftOut = compileGlobs(found.exclude.map(({ glob }) => glob));
    expect([...images, `${directory}/Dockerfile-x`].filter(isLeftOut)).toEqual([`${directory}/Dockerfile-x`]);
  },
);
