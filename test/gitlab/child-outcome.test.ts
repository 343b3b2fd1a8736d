import { describe, expect, test } from 'vitest';
import { childOutcome } from '../../src/gitlab/child-outcome.ts';

/** `name` or `name=status`, in the order of their ids. */
function jobs(...written: string[]) {
  return written.map((job, index) => {
    const [name, status = 'success'] = job.split('=') as [string, string?];
    return { id: index + 1, name, status };
  });
}

const STATUSES = [
  'failed',
  'canceled',
  'skipped',
  'manual',
  'created',
  'pending',
  'running',
  'scheduled',
  'preparing',
];

describe('childOutcome', () => {
  test.each<[string, string[], object]>([
    ['one build', ['a:build'], { kind: 'built', images: 1 }],
    ['several', ['a:build', 'b/c:build', 'a:17:build'], { kind: 'built', images: 3 }],
    [
      'jobs before a build',
      ['b:build', 'a:needs-1=failed', 'a:needs-1', 'a:build'],
      { kind: 'built', images: 2 },
    ],
    [
      'other jobs, whatever became of them',
      ['a:build', 'a:test=failed', 'a:scan 1/2=manual'],
      { kind: 'built', images: 1 },
    ],
    ['what is published', ['a:build', 'a:scan', 'a:publish', 'b:publish'], { kind: 'built', images: 2 }],
    ['what is copied', ['a:reuse', 'a:scan=failed'], { kind: 'built', images: 1 }],
    [
      'what is built and not published',
      ['a:build', 'a:scan=failed', 'a:publish=skipped'],
      { kind: 'not-built', job: { name: 'a:publish', status: 'skipped' } },
    ],
    ['nothing to build', ['no-image-affected'], { kind: 'built', images: 0 }],
    [
      'nothing to build, and a runner that failed',
      ['no-image-affected=failed'],
      { kind: 'built', images: 0 },
    ],
    ['a later run that succeeded', ['a:build=failed', 'a:build'], { kind: 'built', images: 1 }],
    [
      'a later run that did not',
      ['b:build', 'a:build', 'a:build=failed'],
      { kind: 'not-built', job: { name: 'a:build', status: 'failed' } },
    ],
    ['no build', ['test', 'a:test'], { kind: 'foreign' }],
    ['no jobs', [], { kind: 'foreign' }],
    ['nothing but the files of others', ['wave-files=failed', 'wave-files'], { kind: 'waves' }],
    ['the files of others beside builds', ['a:build', 'wave-files'], { kind: 'foreign' }],
    ['a job of no image', ['a:build', 'test'], { kind: 'foreign' }],
    ['a job of an image that is not built', ['a:build', 'b:test'], { kind: 'foreign' }],
    ['a job of an image of a longer name', ['a:build', 'ab:test'], { kind: 'foreign' }],
    ['nothing to build, and something else', ['no-image-affected', 'test'], { kind: 'foreign' }],
    ['a build of an image without a name', [':build'], { kind: 'foreign' }],
  ])('%s', (_, written, expected) => {
    expect(childOutcome(jobs(...written))).toMatchObject(expected);
  });

  test.each(STATUSES)('a build that is %s has not built', (status) => {
    expect(childOutcome(jobs('a:build', `b:build=${status}`, 'b:test'))).toMatchObject({
      kind: 'not-built',
      job: { name: 'b:build', status },
    });
  });

  test('runs count by their ids, however they are listed', () => {
    expect(childOutcome(jobs('a:build=failed', 'a:build').reverse())).toEqual({ kind: 'built', images: 1 });
  });
});
