import { parted, partedRefs, push, type Situation, startedBy } from './situation.ts';

const ofMain = { history: parted, refs: partedRefs, head: 'main', branch: 'main' } as const;

export const otherPipelines: readonly Situation[] = [
  {
    title: 'Tag',
    says: 'everything',
    history: parted,
    refs: { ...partedRefs, 'refs/tags/v1': 'main' },
    head: 'main',
    tag: 'v1',
    variables: { CI: 'true', GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'push', CI_COMMIT_TAG: 'v1' },
    base: undefined,
    changed: [],
  },
  {
    title: 'Tag, with `base.tags: previous-tag`',
    says: 'the newest tag before',
    history: {
      ...parted,
      first: {
        files: { ...parted['first']?.files, 'affected.yml': 'version: 1\nbase:\n  tags: previous-tag\n' },
      },
    },
    refs: { ...partedRefs, 'refs/tags/v0': 'main 2', 'refs/tags/v1': 'main', 'refs/tags/other': 'topic' },
    head: 'main',
    tag: 'v1',
    variables: { CI: 'true', GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'push', CI_COMMIT_TAG: 'v1' },
    base: ['main 2'],
    changed: ['b/file', 'c/file'],
  },
  {
    title: 'Schedule, and any pipeline that people, the API or other projects start',
    says: 'everything',
    ...ofMain,
    variables: startedBy('schedule'),
    base: undefined,
    changed: [],
  },
  {
    title: 'Any pipeline, `AFFECTED_BASE` is a commit',
    says: 'that commit',
    ...ofMain,
    variables: { ...startedBy('schedule'), AFFECTED_BASE: '@main 2' },
    base: ['main 2'],
    changed: ['b/file', 'c/file'],
  },
  {
    title: 'Any pipeline, `AFFECTED_BASE` is a branch',
    says: 'where that branch is now',
    ...ofMain,
    variables: { ...startedBy('schedule'), AFFECTED_BASE: 'topic' },
    base: ['topic'],
    changed: ['a/file', 'b/file'],
  },
  {
    title: 'Any pipeline, `AFFECTED_BASE` is a tag',
    says: 'the commit it names',
    ...ofMain,
    refs: { ...partedRefs, 'refs/tags/v1': 'main 2' },
    variables: { ...startedBy('schedule'), AFFECTED_BASE: 'v1' },
    base: ['main 2'],
    changed: ['b/file', 'c/file'],
  },
  {
    title: 'Any pipeline, `AFFECTED_ALL=1`',
    says: 'everything',
    ...ofMain,
    variables: { ...push('main'), AFFECTED_ALL: '1' },
    base: undefined,
    changed: [],
  },
];
