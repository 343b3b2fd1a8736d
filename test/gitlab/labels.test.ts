import { expect, test } from 'vitest';
import { labelRequests } from '../../src/gitlab/labels.ts';

test.each<[string | undefined, string[]]>([
  [undefined, []],
  ['', []],
  ['bug,affected', []],
  ['affected:', []],
  ['unaffected:all', []],
  ['affected:all', ['all']],
  ['bug, Affected: docker/base/java ,affected::spark:3', ['docker/base/java', 'spark:3']],
])('%j', (labels, names) => {
  const found = labelRequests(labels === undefined ? {} : { CI_MERGE_REQUEST_LABELS: labels });
  expect(found.map((request) => request.names)).toEqual(names);
});

test('the label is named as it is', () => {
  expect(labelRequests({ CI_MERGE_REQUEST_LABELS: 'a,affected:b' })).toEqual([
    { names: 'b', by: 'label "affected:b"' },
  ]);
});
