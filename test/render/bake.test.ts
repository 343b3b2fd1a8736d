import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BakePlan, BakeTarget } from '../../src/pipeline/bake-plan.ts';
import { renderBake } from '../../src/render/bake.ts';
import { findBuildx, printBake } from '../support/bake.ts';
import { hostile } from '../support/hostile.ts';
import { runs } from '../support/runs.ts';

const buildx = findBuildx();

const TEMPLATES = [
  ...['${EVIL}', '%{if true}x%{endif}', '$${EVIL}', '$$${EVIL}', '%%{x}', '%%%{x}', '${', '%{', '$%{', '%${'],
  ...[
    '${"${EVIL}"}',
    '~${~EVIL~}',
    '${${',
    '$',
    '%',
    '$$',
    '{',
    '}',
    'a${b}c%{d}e',
    '\u2028\u202e\u0085',
    '😀',
  ],
];

function planOf(target: Partial<BakeTarget>): BakePlan {
  const plain: BakeTarget = {
    name: 'a',
    context: 'a',
    dockerfile: 'Dockerfile',
    target: undefined,
    contexts: new Map(),
    args: new Map(),
    tags: ['registry.example.com/a:1'],
    platforms: [],
  };
  return {
    groups: new Map([['default', ['a']]]),
    targets: [
      { ...plain, ...target },
      { ...plain, name: 'b', tags: [] },
    ],
    instead: undefined,
  };
}

test('what begins a template is written twice, and nothing else', () => {
  const text = renderBake(planOf({ context: '$a/${b}', args: new Map([['%{A', '$$%{x}$y']]) }), {
    header: ['x'],
  });
  expect(JSON.parse(text)).toMatchObject({
    target: { a: { context: '$a/$${b}', args: { '%%{A': '$$%%{x}$y' } } },
  });
});

test('where nothing is built, there is no block of targets, which bake would refuse', () => {
  const text = renderBake(
    { groups: new Map([['default', []]]), targets: [], instead: undefined },
    { header: ['x'] },
  );
  expect(JSON.parse(text)).toEqual({ '//': 'x', group: { default: { targets: [] } } });
});

describe.skipIf(!buildx)('the real buildx reads', () => {
  test('any text as it is', () => {
    const texts = [...TEMPLATES, ...hostile].filter((text) => text.normalize('NFC') === text);
    const args = new Map(texts.map((text, index) => [`A${index}`, text]));
    const contexts = new Map(texts.filter(Boolean).map((text) => [`x${text}`, 'target:b']));
    const text = renderBake(planOf({ args, contexts, context: '${a}', target: '%{b}' }), {
      header: ['${EVIL}', '%{'],
    });
    const { target } = printBake(buildx as readonly string[], text);
    expect(target['a']?.args).toEqual(Object.fromEntries(args));
    expect(target['a']?.contexts).toEqual(Object.fromEntries(contexts));
    expect(target['a']).toMatchObject({ context: '${a}', target: '%{b}' });
  });

  test('many texts made of what begins and ends templates', () => {
    const part = fc.constantFrom(
      '$',
      '%',
      '{',
      '}',
      '$${',
      '%%{',
      '"',
      '\\',
      'EVIL',
      '~',
      ' ',
      '\n',
      'if',
      'é',
    );
    const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    // One run of the program for many cases.
    fc.assert(
      fc.property(fc.array(text, { minLength: 200, maxLength: 400 }), (texts) => {
        const args = new Map(texts.map((each, index) => [`A${index}`, each]));
        const { target } = printBake(
          buildx as readonly string[],
          renderBake(planOf({ args }), { header: [] }),
        );
        expect(target['a']?.args).toEqual(Object.fromEntries(args));
      }),
      { numRuns: runs(3) },
    );
  });

  test('a file in which nothing is built', () => {
    const text = renderBake(
      { groups: new Map([['default', []]]), targets: [], instead: undefined },
      { header: [] },
    );
    expect(printBake(buildx as readonly string[], text)).toEqual({
      group: { default: { targets: [] } },
      target: {},
    });
  });
});
