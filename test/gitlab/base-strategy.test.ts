import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baseStrategy } from '../../src/gitlab/base-strategy.ts';
import { publication } from '../../src/gitlab/publication.ts';
import type { Environment } from '../../src/gitlab/variables.ts';

const BEFORE = 'b'.repeat(40);
const DIFF_BASE = 'd'.repeat(40);
const TARGET = 'c'.repeat(64);
const ZEROS = '0'.repeat(40);

const pipeline = { CI: 'true', GITLAB_CI: 'true', CI_DEFAULT_BRANCH: 'trunk' };
const push = {
  ...pipeline,
  CI_PIPELINE_SOURCE: 'push',
  CI_COMMIT_BRANCH: 'trunk',
  CI_COMMIT_BEFORE_SHA: BEFORE,
};
const branchPush = { ...push, CI_COMMIT_BRANCH: 'topic' };
const mergeRequest = {
  ...pipeline,
  CI_PIPELINE_SOURCE: 'merge_request_event',
  CI_COMMIT_BEFORE_SHA: ZEROS,
  CI_MERGE_REQUEST_IID: '7',
  CI_MERGE_REQUEST_EVENT_TYPE: 'detached',
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'release/1',
  CI_MERGE_REQUEST_DIFF_BASE_SHA: DIFF_BASE,
  CI_MERGE_REQUEST_TARGET_BRANCH_SHA: '',
};
const mergedResult = {
  ...mergeRequest,
  CI_MERGE_REQUEST_EVENT_TYPE: 'merged_result',
  CI_MERGE_REQUEST_TARGET_BRANCH_SHA: TARGET,
};
const tag = { ...pipeline, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_TAG: 'v1', CI_COMMIT_BEFORE_SHA: BEFORE };

const exactly = (revision: string) => ({ kind: 'commit', revision, mustBeAncestor: false });
const before = { kind: 'commit', revision: BEFORE, mustBeAncestor: true };
const lastBuilt = (branch: string, otherwise: object) => ({ kind: 'last-built', branch, otherwise });
const firstParent = (otherwise: object) => ({ kind: 'first-parent', otherwise });
const ALL = { schedules: 'all', tags: 'all' } as const;
const mergeBase = (branch: string) => ({ kind: 'merge-base', branch });
const everything = { kind: 'everything', policy: true };
const unknown = { kind: 'everything', policy: false };

describe('baseStrategy', () => {
  test.each<[string, Environment, object]>([
    ['detached merge request', mergeRequest, exactly(DIFF_BASE)],
    [
      'without a recorded base',
      { ...mergeRequest, CI_MERGE_REQUEST_DIFF_BASE_SHA: '' },
      mergeBase('release/1'),
    ],
    ['merged results', mergedResult, exactly(TARGET)],
    ['merge train', { ...mergedResult, CI_MERGE_REQUEST_EVENT_TYPE: 'merge_train' }, exactly(TARGET)],
    [
      'merged results without the target commit',
      { ...mergedResult, CI_MERGE_REQUEST_TARGET_BRANCH_SHA: '' },
      firstParent(mergeBase('release/1')),
    ],
    [
      'merged results by an older GitLab',
      { ...mergedResult, CI_MERGE_REQUEST_EVENT_TYPE: undefined },
      exactly(TARGET),
    ],
    [
      'a detached one by an older GitLab',
      { ...mergeRequest, CI_MERGE_REQUEST_EVENT_TYPE: undefined },
      exactly(DIFF_BASE),
    ],
    [
      'merge request of an unknown target',
      { ...mergeRequest, CI_MERGE_REQUEST_DIFF_BASE_SHA: '', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: '' },
      unknown,
    ],
    ['push to the default branch', push, lastBuilt('trunk', before)],
    [
      'first push to the default branch',
      { ...push, CI_COMMIT_BEFORE_SHA: ZEROS },
      lastBuilt('trunk', unknown),
    ],
    [
      'no word of an earlier commit',
      { ...push, CI_COMMIT_BEFORE_SHA: undefined },
      lastBuilt('trunk', unknown),
    ],
    [
      'something else than an earlier commit',
      { ...push, CI_COMMIT_BEFORE_SHA: '--all' },
      lastBuilt('trunk', unknown),
    ],
    ['push to another branch', branchPush, mergeBase('trunk')],
    ['first push to another branch', { ...branchPush, CI_COMMIT_BEFORE_SHA: ZEROS }, mergeBase('trunk')],
    ['push where no default branch is told', { ...branchPush, CI_DEFAULT_BRANCH: '' }, unknown],
    ['push without either', { ...push, CI_COMMIT_BRANCH: undefined, CI_DEFAULT_BRANCH: undefined }, unknown],
    ['tag', tag, everything],
    [
      'external pull request',
      {
        ...branchPush,
        CI_PIPELINE_SOURCE: 'external_pull_request_event',
        CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME: 'x',
      },
      mergeBase('x'),
    ],
    [
      'child of a merge request',
      { ...mergeRequest, CI_PIPELINE_SOURCE: 'parent_pipeline' },
      exactly(DIFF_BASE),
    ],
    ['child of merged results', { ...mergedResult, CI_PIPELINE_SOURCE: 'parent_pipeline' }, exactly(TARGET)],
    ['child of a push', { ...push, CI_PIPELINE_SOURCE: 'parent_pipeline' }, lastBuilt('trunk', before)],
    [
      'child of a schedule',
      { ...push, CI_PIPELINE_SOURCE: 'parent_pipeline', CI_COMMIT_BEFORE_SHA: ZEROS },
      unknown,
    ],
    ['child of a tag', { ...tag, CI_PIPELINE_SOURCE: 'parent_pipeline' }, everything],
    ['no source at all', { ...push, CI_PIPELINE_SOURCE: undefined }, lastBuilt('trunk', before)],
    ['GitLab by its source alone', { ...push, GITLAB_CI: undefined }, lastBuilt('trunk', before)],
    ...['schedule', 'web', 'api', 'trigger', 'chat', 'pipeline', 'from_the_future'].map(
      (source): [string, Environment, object] => [
        source,
        { ...push, CI_PIPELINE_SOURCE: source },
        everything,
      ],
    ),
  ])('%s', (_, environment, expected) => {
    expect(baseStrategy(environment, ALL)).toMatchObject(expected);
  });

  test.each<[string, Environment, object]>([
    ['schedule', { ...push, CI_PIPELINE_SOURCE: 'schedule' }, lastBuilt('trunk', everything)],
    ['of another branch', { ...branchPush, CI_PIPELINE_SOURCE: 'web' }, lastBuilt('topic', everything)],
    ['of no branch', { ...pipeline, CI_PIPELINE_SOURCE: 'api' }, everything],
    ['tag', tag, { kind: 'previous-tag' }],
    ['push', branchPush, mergeBase('trunk')],
  ])('by policy: %s', (_, environment, expected) => {
    const policy = { schedules: 'last-built', tags: 'previous-tag' } as const;
    expect(baseStrategy(environment, policy)).toMatchObject(expected);
    expect(baseStrategy({ ...environment, AFFECTED_ALL: '1' }, policy)).toMatchObject(everything);
  });

  test.each([
    ['1', true],
    ['true', true],
    ['yes', true],
    ['0', false],
    ['False', false],
    ['no', false],
    ['off', false],
    ['', false],
  ])('AFFECTED_ALL=%j', (value, isOn) => {
    expect(baseStrategy({ ...push, AFFECTED_ALL: value }, ALL)).toMatchObject(
      isOn ? everything : lastBuilt('trunk', before),
    );
  });

  test('overrides count in every pipeline, and outside', () => {
    for (const environment of [{}, push, tag, mergedResult]) {
      expect(baseStrategy({ ...environment, AFFECTED_BASE: 'main~3' }, ALL)).toMatchObject(exactly('main~3'));
      expect(baseStrategy({ ...environment, AFFECTED_BASE: 'x', AFFECTED_ALL: '1' }, ALL)).toMatchObject(
        everything,
      );
    }
  });

  test('has nothing to say outside GitLab', () => {
    expect(baseStrategy({}, ALL)).toBeUndefined();
    expect(baseStrategy({ CI: 'true', CI_COMMIT_TAG: '' }, ALL)).toBeUndefined();
  });

  test('always answers, with a reason, and never with a commit of zeros', () => {
    const names = Object.keys({ ...mergeRequest, ...push, ...tag, AFFECTED_ALL: '', AFFECTED_BASE: '' });
    const value = fc.constantFrom(
      '',
      ZEROS,
      BEFORE,
      'push',
      'trunk',
      'merge_request_event',
      'detached',
      '7',
      '\n',
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (environment) => {
        const strategy = baseStrategy({ ...environment, AFFECTED_BASE: undefined, GITLAB_CI: 'true' }, ALL);
        expect(strategy?.why).toMatch(/\S/);
        expect(strategy).not.toMatchObject({ revision: ZEROS });
      }),
    );
  });
});

describe('publication', () => {
  test.each<[string, Environment, object]>([
    ['merge request', mergeRequest, { kind: 'merge-request', iid: '7' }],
    [
      'child of a merge request',
      { ...mergeRequest, CI_PIPELINE_SOURCE: 'parent_pipeline' },
      { kind: 'merge-request', iid: '7' },
    ],
    ['default branch', push, { kind: 'default-branch', branch: 'trunk' }],
    ['other branch', branchPush, { kind: 'branch' }],
    ['tag', tag, { kind: 'tag', tag: 'v1', defaultBranch: 'trunk' }],
    [
      'tag where no default branch is told',
      { ...tag, CI_DEFAULT_BRANCH: '' },
      { kind: 'tag', tag: 'v1', defaultBranch: undefined },
    ],
    ['neither branch nor default branch', pipeline, { kind: 'branch' }],
    ['no branch is told', { GITLAB_CI: 'true' }, { kind: 'branch' }],
    ['a number that is none', { ...mergeRequest, CI_MERGE_REQUEST_IID: '7;x' }, { kind: 'branch' }],
    ['outside CI', { CI_COMMIT_TAG: 'v1' }, { kind: 'local' }],
  ])('%s', (_, environment, expected) => {
    expect(publication(environment)).toEqual(expected);
  });
});
