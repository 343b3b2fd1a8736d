import { expect, test } from 'vitest';
import { renderJson } from '../../src/render/json.ts';
import { affectedImage, comparisonOf } from './comparison-builder.ts';

test('the document holds these fields in this order, and nothing of the image but what is documented', () => {
  const affected = [affectedImage('a', [{ kind: 'config', settings: ['target'] }], ['b'])];
  const document = JSON.parse(renderJson(comparisonOf({ affected, unaffected: ['b'] }))) as Record<
    string,
    unknown
  >;
  expect(Object.keys(document)).toEqual([
    'base',
    'head',
    'baseWhy',
    'changedPaths',
    'workingTree',
    'affected',
    'unaffected',
    'removed',
    'widened',
    'unowned',
  ]);
  expect(document['affected']).toEqual([
    {
      name: 'a',
      directory: 'a',
      dockerfile: 'a/Dockerfile',
      reasons: [{ kind: 'config', settings: ['target'] }],
      dependsOn: ['b'],
    },
  ]);
});

test('the repository root is a directory with a name', () => {
  const entry = affectedImage('web-app', []);
  const affected = [{ ...entry, image: { ...entry.image, directory: '' } }];
  expect(renderJson(comparisonOf({ affected }))).toContain('"directory": "."');
});
