import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePlaceholders, fillPlaceholders } from '../../src/images/placeholders.ts';

describe('compilePlaceholders', () => {
  test.each([
    ['docker/base/{x}', 'docker/base/java', { x: 'java' }],
    ['docker/base/{x}', 'docker/base/java/11', undefined],
    ['docker/base/{x}', 'docker/base/', undefined],
    ['docker/base/{x}', 'xdocker/base/java', undefined],
    ['{kind}/{x}-{y}', 'base/java-11', { kind: 'base', x: 'java', y: '11' }],
    ['a.b', 'aXb', undefined],
    ['a.b', 'a.b', {}],
    ['${CI_REGISTRY_IMAGE}/{x}', '${CI_REGISTRY_IMAGE}/a', { x: 'a' }],
    ['$HOME+(a)[b]|c\\d^e', '$HOME+(a)[b]|c\\d^e', {}],
    ['{not a name}', '{not a name}', {}],
    ['{x}', 'line\nfeed\udc80', { x: 'line\nfeed\udc80' }],
    ['{__proto__}', 'a', JSON.parse('{"__proto__":"a"}') as object],
  ])('%j on %j', (pattern, text, expected) => {
    expect(compilePlaceholders(pattern)(text)).toEqual(expected);
  });

  test('a value is filled in where its placeholder stands, and read back from there', () => {
    const value = fc.string({ minLength: 1 }).filter((text) => !text.includes('/'));
    fc.assert(
      fc.property(value, value, (x, y) => {
        const text = fillPlaceholders('a/{x}/$&-${y}/{y}', { x, y });
        expect(text).toBe(`a/${x}/$&-\${y}/${y}`);
        expect(compilePlaceholders('a/{x}/$&-${y}/{y}')(text)).toEqual({ x, y });
      }),
    );
  });

  test('a placeholder without a value stays', () => {
    expect(fillPlaceholders('base-{x}', {})).toBe('base-{x}');
  });
});
