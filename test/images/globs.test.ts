import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGlobPattern, compileGlobs, matchingPaths } from '../../src/images/globs.ts';
import { createTree } from '../../src/tree.ts';

describe('compileGlobs', () => {
  test.each([
    ['**', '', true],
    ['**', 'a/b', true],
    ['**/*', '', true],
    ['shared/conf', 'shared/conf', true],
    ['shared/conf', 'shared/conf/x', false],
    ['**/Dockerfile', 'Dockerfile', true],
    ['**/Dockerfile', 'a/b/Dockerfile', true],
    ['**/Dockerfile', 'a/myDockerfile', false],
    ['**/*.Dockerfile', 'a/x.Dockerfile', true],
    ['shared/*', 'shared/.hidden', true],
    ['shared/*', 'shared/a/b', false],
    ['shared/**', 'shared/a/.b/c', true],
    ['shared/**', 'sharedx', false],
    ['{a,b}/x', 'b/x', true],
    ['docker/[ab]/x', 'docker/b/x', true],
    ['docker/[!ab]/x', 'docker/c/x', true],
    ['docker/[!ab]/x', 'docker/a/x', false],
    ['a(b)/x', 'a(b)/x', true],
    ['*', '.', false],
    ['shared/**', 'shared/a\nb', true],
    ['shared/**/x', 'shared/a\nb/x', true],
    ['shared/?', 'shared/\udc80', true],
  ])('%j on %j is %s', (glob, path, expected) => {
    expect(compileGlobs([glob])(path)).toBe(expected);
  });

  test('any glob of a list is enough, and none is never', () => {
    expect(compileGlobs(['a', 'b/*'])('b/c')).toBe(true);
    expect(compileGlobs([])('a')).toBe(false);
  });

  test('a directory glob takes every path below, whatever bytes it holds', () => {
    const segment = fc.string({
      minLength: 1,
      unit: fc.constantFrom('a', '.', '\n', '\u2028', '\udcff', '*', ' ', '\\'),
    });
    const path = fc.array(
      segment.filter((text) => !/^\.{1,2}$/.test(text)),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(path, (segments) => {
        const below = `shared/${segments.join('/')}`;
        expect(compileGlobs(['shared/**'])(below)).toBe(true);
        expect(compileGlobs(['shared/*'])(below)).toBe(segments.length === 1);
      }),
    );
  });
});

test('matchingPaths finds what asking each path would', () => {
  const glob = fc.oneof(
    fc.constantFrom(
      '**/Dockerfile',
      'a/**/Dockerfile',
      '**/Dockerfile*',
      '**/*.Dockerfile',
      'a/Dockerfile',
      '**',
    ),
    fc.constantFrom(
      '**/Docker@(file|x)',
      '**/{a,b}/Dockerfile',
      '{a,b}',
      '**/[Dd]ockerfile',
      'a|b',
      '!(a)',
      'b/?',
    ),
  );
  const path = fc
    .array(fc.constantFrom('a', 'b', 'Dockerfile', 'dockerfile', 'x.Dockerfile', 'Dockerx', 'a|b', 'é'), {
      minLength: 1,
      maxLength: 3,
    })
    .map((segments) => segments.join('/'));
  fc.assert(
    fc.property(fc.array(glob), fc.array(path), (globs, paths) => {
      const tree = createTree(new Map(paths.map((one) => [one, { mode: '100644', oid: '' }])));
      expect(matchingPaths(tree, globs)).toEqual(tree.paths.filter(compileGlobs(globs)));
    }),
    { numRuns: 1000 },
  );
});

describe('globs with placeholders', () => {
  test.each<[string, string, object | undefined]>([
    ['docker/{x}', 'docker/spark', { x: 'spark' }],
    ['docker/{x}', 'docker/a/b', undefined],
    ['docker/{x}', 'docker/', undefined],
    ['docker/{x}', 'xdocker/a', undefined],
    ['{a}/{b}-image', 'one/two-image', { a: 'one', b: 'two' }],
    ['**/{x}', 'a/b/c', { x: 'c' }],
    ['*/{x}', '.a/.b', { x: '.b' }],
    ['{one,two}/{x}', 'two/y', { x: 'y' }],
    ['{one,two}/{x}', 'three/y', undefined],
    ['@(a|b)/{x}', 'b/y', { x: 'y' }],
    ['{x}', '.', { x: '.' }],
    ['{x}', 'a\n{b}', { x: 'a\n{b}' }],
    ['a.b/{x}', 'aXb/y', undefined],
    ['docker/*', 'docker/a', {}],
    ['docker/*', 'a', undefined],
    ['**', 'a/b', {}],
  ])('%s over %j', (glob, path, expected) => {
    expect(compileGlobPattern(glob)(path)).toEqual(expected);
  });
});

test('a glob without wildcards is the path itself, not the end of one', () => {
  const matches = compileGlobs(['docker/Dockerfile', 'x']);
  expect(['docker/Dockerfile', 'x', 'a/docker/Dockerfile', 'a/x', 'ax'].map(matches)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
