import { describe, expect, test } from 'vitest';
import { AffectedError } from '../../src/errors.ts';
import { componentOf } from '../../src/images/component.ts';
import { side } from '../support/snapshot.ts';

type Settings = NonNullable<Parameters<typeof side>[1]>;

/** The component of the image of `a/Dockerfile`, or what is wrong with it. */
function component(dockerfile: string, own: object = {}, settings: Settings = {}): unknown {
  const files = { 'a/Dockerfile': dockerfile, 'v.env': 'N=2.0\n' };
  const read = side(files, { images: { a: { component: { arg: 'N' }, ...own } }, ...settings });
  const [resolved] = [...read.images.values()];
  try {
    return resolved && componentOf(resolved.image, dockerfile);
  } catch (error) {
    if (error instanceof AffectedError && error.code === 'component') return error.message;
    throw error;
  }
}

describe('the version of what is in an image is', () => {
  test.each<[string, string, object, string]>([
    ['the default before the stages', 'ARG N=1.0\nFROM x:$N\n', {}, '1.0'],
    ['the default of a stage', 'FROM x\nARG N="1.0"\n', {}, '1.0'],
    ['that of a stage that the last is built from', 'FROM x AS b\nARG N=1.0\nFROM b\nARG N\n', {}, '1.0'],
    [
      'that of a stage that files come from',
      'FROM x AS b\nARG N=1.0\nFROM y\nCOPY --from=b a /\n',
      {},
      '1.0',
    ],
    ['not that of one that is not built', 'FROM x AS b\nARG N=9\nFROM y\nARG N=1.0\n', {}, '1.0'],
    [
      'not that of one behind the target',
      'FROM x AS b\nARG N=1.0\nFROM b\nARG N=9\n',
      { target: 'b' },
      '1.0',
    ],
    ['made of other arguments', 'ARG M=1\nARG N=${M}.0\nFROM x\n', {}, '1.0'],
    ['the configured one', 'ARG N=9\nFROM x\nARG N\n', { args: { N: '1.0' } }, '1.0'],
    ['that of a file', 'FROM x\nARG N=9\n', { argsFile: 'v.env' }, '2.0'],
    ['one of several in a line', 'FROM x\nARG M=9 N=1.0\n', {}, '1.0'],
  ])('%s', (_, dockerfile, own, version) => {
    expect(component(dockerfile, own)).toEqual({ version, tag: `a-${version}` });
  });

  test('of a variant, its own', () => {
    const dockerfile = 'ARG N=1\nFROM x\n';
    const own = { component: { arg: 'N', as: 'jdk-{value}-x' }, variants: { b: { args: { N: '25' } } } };
    expect(component(dockerfile, own)).toEqual({ version: '25', tag: 'jdk-25-x' });
  });

  test('none without the setting; a later entry replaces it', () => {
    expect(component('ARG N=1\nFROM x\n', {}, { images: {} })).toBeUndefined();
    const images = { '**': { component: { arg: 'M', as: 'm-{value}' } }, a: { component: { arg: 'N' } } };
    expect(component('ARG N=1\nFROM x\n', {}, { images })).toEqual({ version: '1', tag: 'a-1' });
  });

  test('named after the last part of the image’s name', () => {
    const own = { names: { a: 'group/nessie' } };
    expect(component('ARG N=1\nFROM x\n', {}, own)).toEqual({ version: '1', tag: 'nessie-1' });
  });
});

describe('refused is', () => {
  test.each<[string, string, object, string]>([
    [
      'no such ARG',
      'ARG M=1\nFROM x\n',
      {},
      'a/Dockerfile: no ARG N before the stages or in one that is built; declare it, or name another',
    ],
    [
      'one that is given, but not declared',
      'FROM x\n',
      { args: { N: '1' } },
      'a/Dockerfile: no ARG N before the stages or in one that is built; declare it, or name another',
    ],
    [
      'no value',
      'FROM x\n\nARG N\n',
      {},
      'a/Dockerfile:3: ARG N has no value; give it a default, or set it under "args"',
    ],
    [
      'an empty value',
      'FROM x\nARG N=\n',
      {},
      'a/Dockerfile:2: ARG N has no value; give it a default, or set it under "args"',
    ],
    [
      'two values',
      'ARG N=1\nFROM x\nARG N=2\n',
      {},
      'a/Dockerfile:3: ARG N is "2" here and "1" in line 1; keep one default, before the first FROM',
    ],
    [
      'what a base image may set',
      'FROM x\nARG N=${HOME_VERSION}-1\n',
      {},
      'a/Dockerfile:2: ARG N depends on $HOME_VERSION, which only its base image knows; set N under "args"',
    ],
    [
      'what no tag can hold',
      'FROM x\nARG N=1.0+2\n',
      {},
      'a/Dockerfile:2: ARG N is "1.0+2", of which no tag "a-{value}" can be made: letters, digits, _ . - only, at most 128 characters; choose another build arg',
    ],
    [
      'what is too long',
      `FROM x\nARG N=${'1'.repeat(127)}\n`,
      {},
      `a/Dockerfile:2: ARG N is "${'1'.repeat(127)}", of which no tag "a-{value}" can be made: letters, digits, _ . - only, at most 128 characters; choose another build arg`,
    ],
    [
      'no Dockerfile',
      'FROM x\nARG N=${\n',
      {},
      'a/Dockerfile:2:1: failed to process "${": syntax error: missing \'}\'',
    ],
  ])('%s', (_, dockerfile, own, sentence) => {
    expect(component(dockerfile, own)).toBe(`${sentence} ("component" of the image "a" in affected.yml)`);
  });
});
