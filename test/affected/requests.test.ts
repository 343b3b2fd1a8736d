import { expect, test } from 'vitest';
import { requestedImages } from '../../src/affected/requests.ts';
import { side } from '../support/snapshot.ts';

const { images } = side(
  {
    'base/java/Dockerfile': 'FROM scratch\n',
    'spark/Dockerfile': 'FROM scratch\n',
    'all/x/Dockerfile': 'FROM scratch\n',
  },
  { images: { spark: { variants: { '3': {}, '4': {} } } } },
);

test.each<[string, string[]]>([
  ['spark:3', ['spark:3']],
  ['spark', ['spark:3', 'spark:4']],
  ['base/*', ['base/java']],
  ['{base,all}/**', ['all/x', 'base/java']],
  ['all', ['all/x', 'base/java', 'spark:3', 'spark:4']],
])('%s asks for %j', (names, expected) => {
  const { requested, widened } = requestedImages([{ names, by: 'someone' }], images);
  expect([...requested.keys()].sort()).toEqual(expected);
  expect(requested.get(expected[0] as string)).toEqual([{ kind: 'requested', by: 'someone' }]);
  expect(widened).toEqual([]);
});

test('an image that is called all is meant by it', () => {
  const { images: own } = side({ 'all/Dockerfile': 'FROM scratch\n', 'b/Dockerfile': 'FROM scratch\n' });
  const { requested } = requestedImages([{ names: 'all', by: 'someone' }], own);
  expect([...requested.keys()]).toEqual(['all']);
});

test('a name that is none asks for all, and says so', () => {
  const { requested, widened } = requestedImages([{ names: 'sprak', by: 'label "affected:sprak"' }], images);
  expect(requested.size).toBe(images.size);
  expect(widened).toEqual([
    {
      scope: 'all',
      code: 'unknown-request',
      detail: 'label "affected:sprak" asks for "sprak", which is no image here',
    },
  ]);
});

test.each([
  '*'.repeat(70_000),
  '*('.repeat(40_000),
  `${'*a'.repeat(5)}b`,
  `${'+(a|aa)'.repeat(12)}b`,
  `${'?*'.repeat(40)}b`,
  '*(*a)b',
  '+(a|aa)b',
  `${'?(a)'.repeat(60)}b`,
])('a glob that takes too long to be read is none', (names) => {
  const { images: long } = side({ [`${'a'.repeat(200)}/Dockerfile`]: 'FROM scratch\n' });
  const { requested, widened } = requestedImages([{ names, by: 'someone' }], long);
  expect([requested.size, widened.length]).toEqual([1, 1]);
});

test('what is asked twice in one place is asked once', () => {
  const request = { names: 'spark:3', by: 'one' };
  const { requested } = requestedImages([request, { ...request }], images);
  expect(requested.get('spark:3')).toEqual([{ kind: 'requested', by: 'one' }]);
});

test('who asked more than once is told for each', () => {
  const requests = [
    { names: 'spark:3', by: 'one' },
    { names: 'spark:*', by: 'two' },
  ];
  const { requested } = requestedImages(requests, images);
  expect(requested.get('spark:3')).toEqual([
    { kind: 'requested', by: 'one' },
    { kind: 'requested', by: 'two' },
  ]);
});

test('where there are no images nothing is asked for', () => {
  expect(requestedImages([{ names: 'x', by: 'one' }], new Map())).toEqual({
    requested: new Map(),
    widened: [],
  });
});
