import { expect, test } from 'vitest';
import { causesOf, isKnownCause, shortestChain } from '../../src/affected/causes.ts';
import type { Reason } from '../../src/affected/reasons.ts';
import { affectedImage } from '../render/comparison-builder.ts';

const changed = (path: string): Reason => ({ kind: 'dockerfile', path, status: 'modified' });
const from = (image: string): Reason => ({ kind: 'dependency', image, instruction: 'FROM' });
const gone: Reason = { kind: 'dependency', image: 'old', instruction: 'COPY', removed: true };
const unknown: Reason = { kind: 'unknown', code: 'unknown-reference', detail: 'x' };

const affected = [
  affectedImage('base', [changed('base/x')]),
  affectedImage('java', [from('base')]),
  affectedImage('spark', [changed('spark/x'), from('java')]),
  affectedImage('top', [from('java'), from('spark')]),
  affectedImage('odd', [unknown]),
  affectedImage('on-odd', [from('odd'), gone]),
];

test('each image has the causes of all it is built from', () => {
  const causes = [...causesOf(affected)].map(([name, found]) => [name, [...found]]);
  expect(Object.fromEntries(causes)).toEqual({
    base: [changed('base/x')],
    java: [changed('base/x')],
    spark: [changed('spark/x'), changed('base/x')],
    top: [changed('base/x'), changed('spark/x')],
    odd: [unknown],
    'on-odd': [gone, unknown],
  });
});

test('all that are built from one image have its causes', () => {
  const images = [
    affectedImage('base', [changed('base/x')]),
    ...['a', 'b', 'c'].map((name) => affectedImage(name, [from('base')])),
  ];
  for (const name of ['a', 'b', 'c'])
    expect([...(causesOf(images).get(name) ?? [])]).toEqual([changed('base/x')]);
});

test('images that need each other at one commit or the other have the same causes', () => {
  const both = [affectedImage('a', [changed('a/x'), from('b')]), affectedImage('b', [from('a')])];
  expect([...causesOf(both)].map(([name, found]) => [name, [...found]])).toEqual([
    ['a', [changed('a/x')]],
    ['b', [changed('a/x')]],
  ]);
});

test.each<[string, unknown]>([
  ['base', [['base', changed('base/x')]]],
  [
    'java',
    [
      ['java', from('base')],
      ['base', changed('base/x')],
    ],
  ],
  [
    'top',
    [
      ['top', from('spark')],
      ['spark', changed('spark/x')],
    ],
  ],
  ['odd', [['odd', unknown]]],
  ['on-odd', [['on-odd', gone]]],
  ['nobody', []],
])('the shortest chain of %s', (name, expected) => {
  expect(shortestChain(name, affected).map(({ image, reason }) => [image, reason])).toEqual(expected);
});

test('of two ways to an image the shorter one is told', () => {
  const images = [
    affectedImage('base', [changed('base/x')]),
    affectedImage('mid', [from('base')]),
    affectedImage('top', [from('mid'), from('base')]),
  ];
  expect(shortestChain('top', images).map(({ image }) => image)).toEqual(['top', 'base']);
});

test('a chain to what is known goes before a shorter one to what is not', () => {
  const images = [affectedImage('base', [changed('base/x')]), affectedImage('top', [unknown, from('base')])];
  expect(shortestChain('top', images).map(({ reason }) => reason)).toEqual([from('base'), changed('base/x')]);
});

test('what is not known, and a base that is not there, are no known causes', () => {
  const everything: Reason = { kind: 'everything', detail: 'x' };
  const reasons = [changed('x'), gone, from('base'), unknown, everything];
  expect(reasons.map(isKnownCause)).toEqual([true, true, false, false, false]);
});
