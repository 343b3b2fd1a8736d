import { describe, expect, test } from 'vitest';
import { argsIn } from '../../src/images/build-args.ts';
import { parseValues } from '../../src/values/parse-values.ts';
import { type Files, side } from '../support/snapshot.ts';

const args = Object.fromEntries(
  ['ONE', 'TWO', 'THREE', 'https_proxy', 'NO_PROXY', 'Http_Proxy', 'BUILDKIT_INLINE_CACHE'].map((name) => [
    name,
    '1',
  ]),
);
const UNDECLARED = ['https_proxy', 'NO_PROXY', 'Http_Proxy', 'BUILDKIT_INLINE_CACHE'];

/** The shared args that count for the image `app`, but for those that always do. */
function counted(files: Files, settings: Parameters<typeof side>[1] = { args }): string[] {
  const { image } = side(files, settings).images.get('app') ?? {};
  return Object.keys(image?.args ?? {}).filter((name) => !UNDECLARED.includes(name));
}

describe('a build arg of all images reaches those that take it', () => {
  test.each<[string, string, string[]]>([
    ['none', 'FROM scratch\n', []],
    ['before the first stage', 'ARG ONE\nFROM scratch\n', ['ONE']],
    ['in a stage nobody needs', 'FROM scratch\nARG ONE\nFROM scratch\n', ['ONE']],
    ['several, with white space in a value', 'FROM scratch\nARG ONE="a TWO b" THREE\n', ['ONE', 'THREE']],
    ['on several lines', 'FROM scratch\nARG ONE=1 \\\n  # ARG TWO\n  THREE\n', ['ONE', 'THREE']],
    ['by a quoted name', 'FROM scratch\nARG "ONE"=1\n', ['ONE']],
    ['in a trigger, which a later stage may run', 'FROM scratch\nONBUILD ARG ONE\n', ['ONE']],
    ['by a name that holds a variable', 'FROM scratch\nARG ${X}_VERSION\n', ['ONE', 'TWO', 'THREE']],
    ['by a name that is a variable', 'FROM scratch\nARG $X\n', ['ONE', 'TWO', 'THREE']],
    ['by a name with a default', 'FROM scratch\nARG ${X:-ONE}\n', ['ONE', 'TWO', 'THREE']],
    ['an ENV is no ARG', 'FROM scratch\nENV ONE=1\nRUN echo ARG TWO\n', []],
  ])('%s', (_, dockerfile, expected) => {
    expect(counted({ 'app/Dockerfile': dockerfile })).toEqual(expected);
  });

  test('with the escape character of the file, and the default one in a trigger', () => {
    const directive = '# escape=`\n';
    const one = { 'app/Dockerfile': `${directive}FROM scratch\nARG ONE=a\` TWO\n` };
    expect(counted(one)).toEqual(['ONE']);
    const two = { 'app/Dockerfile': `${directive}FROM scratch\nONBUILD ARG ONE=a\` TWO\n` };
    expect(counted(two)).toEqual(['ONE', 'TWO']);
  });

  test('through a trigger of an image of this repository, whose own ARG does not count', () => {
    const files = {
      'base/Dockerfile': 'FROM scratch\nARG TWO\nONBUILD ARG ONE\n',
      'app/Dockerfile': 'FROM base\n',
    };
    expect(counted(files)).toEqual(['ONE']);
    expect(counted({ ...files, 'app/Dockerfile': 'FROM base AS a\nFROM scratch\n' })).toEqual([]);
  });

  test('what builders take undeclared counts for every image', () => {
    const { images } = side(
      { 'app/Dockerfile': 'FROM scratch\n' },
      {
        args: { ...args, SOURCE_DATE_EPOCH: '0', TARGETARCH: 'arm64', XNO_PROXY: '1', no_proxys: '1' },
      },
    );
    expect(Object.keys(images.get('app')?.image.args ?? {}).sort()).toEqual(
      [...UNDECLARED, 'SOURCE_DATE_EPOCH', 'TARGETARCH'].sort(),
    );
  });

  test('what a Dockerfile that can’t be read declares may be anything', () => {
    expect(counted({ 'app/Dockerfile': { missing: 'x' } })).toEqual(['ONE', 'TWO', 'THREE']);
  });
});

test('of a file of values, those at its top that a build arg can be named after and that are a text', () => {
  const text = 'A_1: "1"\n_b: 2\nanswer: yes\n1c: x\nd-e: x\nf.g: x\nnested:\n  h: x\nempty:\nlist: []\n';
  const values = parseValues(text, 'values.yaml', { single: true });
  expect(argsIn(values)).toEqual({ A_1: '1', _b: '2', answer: 'yes' });
});

test('a build arg of the image itself counts, declared or not', () => {
  const settings = { args, images: { app: { args: { TWO: '2' } } } };
  expect(counted({ 'app/Dockerfile': 'FROM scratch\n' }, settings)).toEqual(['TWO']);
});
