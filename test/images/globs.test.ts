import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGlobs } from '../../src/images/globs.ts';

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
