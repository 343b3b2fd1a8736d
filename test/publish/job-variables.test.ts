import { describe, expect, test } from 'vitest';
import { AffectedError } from '../../src/errors.ts';
import { readPublishJob } from '../../src/publish/job-variables.ts';

const ID = 'a'.repeat(40);
const DIGEST = `sha256:${'0'.repeat(64)}`;
const REPOSITORY = 'registry.example.com:5050/group/project/app';
const job = {
  AFFECTED_IMAGE: 'app',
  AFFECTED_REPOSITORY: REPOSITORY,
  AFFECTED_HANDOVER: 'AFFECTED_IMAGE_APP',
  AFFECTED_IMAGE_APP: `${REPOSITORY}@${DIGEST}`,
  AFFECTED_TAG_1: 'aaaaaaaa',
};

function refusal(env: Record<string, string>): string {
  try {
    readPublishJob({ ...job, ...env });
  } catch (error) {
    if (error instanceof AffectedError) return `${error.message} [${error.code}]`;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('reads all that a job may be told', () => {
  const tags = Object.fromEntries(
    Array.from({ length: 11 }, (_, n) => [`AFFECTED_TAG_${n + 1}`, `t${n + 1}`]),
  );
  const env = {
    ...job,
    ...tags,
    AFFECTED_BRANCH_TAG_1: 'latest-slim',
    AFFECTED_MARKER: `commit-${ID}_slim`,
    AFFECTED_AFTER_1: 'registry.example.com:5050/group/project/base:candidate-pipeline-7-released',
    AFFECTED_VERSION: '1.2.3',
    AFFECTED_VERSION_TAG_1: '1.2-slim',
    AFFECTED_VERSION_TAG_2: 'stable=latest-slim',
    AFFECTED_VERSION_TAG_3: '',
  };
  expect(readPublishJob(env)).toEqual({
    handover: 'AFFECTED_IMAGE_APP',
    image: {
      name: 'app',
      repository: REPOSITORY,
      source: DIGEST,
      tags: Object.values(tags),
      branchTags: ['latest-slim'],
      version: '1.2.3',
      versionTags: [
        { tag: '1.2-slim', parts: 2, ending: '-slim' },
        { tag: 'stable', parts: 0, ending: '-slim' },
      ],
      marker: { tag: `commit-${ID}_slim`, commit: ID, ending: '_slim' },
      after: [
        { repository: 'registry.example.com:5050/group/project/base', tag: 'candidate-pipeline-7-released' },
      ],
    },
  });
});

test('an image known when planned counts more than one handed over', () => {
  const other = `sha256:${'1'.repeat(64)}`;
  const { image } = readPublishJob({ ...job, AFFECTED_REFERENCE: `${REPOSITORY}@${other}` });
  expect(image.source).toBe(other);
});

describe('refuses', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'another place than such a job',
      { AFFECTED_REPOSITORY: '' },
      'AFFECTED_REPOSITORY is not set: "affected publish" runs in the jobs that "affected generate" writes; a plan is published with --plan FILE. [not-a-publish-job]',
    ],
    [
      'a build that handed nothing over',
      { AFFECTED_IMAGE_APP: '' },
      'AFFECTED_IMAGE_APP is not set: the job that builds app handed nothing over. [nothing-handed-over]',
    ],
    [
      'an image of another repository',
      { AFFECTED_IMAGE_APP: `registry.example.com/other@${DIGEST}` },
      `AFFECTED_IMAGE_APP names an image of registry.example.com/other, but tags are put in ${REPOSITORY} (AFFECTED_REPOSITORY), which need not have it`,
    ],
    [
      'a tag in the place of a digest',
      { AFFECTED_IMAGE_APP: REPOSITORY },
      'AFFECTED_IMAGE_APP "" is no digest, sha256:…',
    ],
    [
      'a name that no variable has',
      { AFFECTED_HANDOVER: 'A=B\nC' },
      String.raw`AFFECTED_HANDOVER "A=B\nC" can't be a variable's name`,
    ],
    [
      'a variable that was not expanded',
      { AFFECTED_TAG_1: '$CI_COMMIT_TAG' },
      `AFFECTED_TAG_1 "$CI_COMMIT_TAG" can't be an image tag`,
    ],
    ['a gap', { AFFECTED_TAG_3: 'x' }, 'AFFECTED_TAG_2 is not set, but one behind it is'],
    ['no tag', { AFFECTED_TAG_1: '' }, 'AFFECTED_TAG_1 is missing: there is no tag to put'],
    ['a tag twice', { AFFECTED_TAG_2: 'aaaaaaaa' }, 'AFFECTED_TAG_2 "aaaaaaaa" is named twice'],
    [
      'tags of a branch without commit',
      { AFFECTED_BRANCH_TAG_1: 'latest' },
      'AFFECTED_MARKER is missing: where tags follow a branch it says for which commit',
    ],
    [
      'a marker that is none',
      { AFFECTED_MARKER: 'commit-1a2b' },
      'AFFECTED_MARKER "commit-1a2b" is no commit-<id>',
    ],
    [
      'no version',
      { AFFECTED_VERSION_TAG_1: '1' },
      'AFFECTED_VERSION is missing: there are tags that move with versions',
    ],
    [
      'a version that is none',
      { AFFECTED_VERSION: 'v1.2' },
      'AFFECTED_VERSION "v1.2" is no version such as 1.2.3 or 1.3.0-rc.1',
    ],
    [
      'another version’s line',
      { AFFECTED_VERSION: '1.2.3', AFFECTED_VERSION_TAG_1: '1.2', AFFECTED_VERSION_TAG_2: '1.3' },
      'AFFECTED_VERSION_TAG_2 "1.3" stands for no line of versions that 1.2.3 belongs to',
    ],
    [
      'a version for a line',
      { AFFECTED_VERSION: '1.2.3', AFFECTED_VERSION_TAG_1: '1.2.3' },
      'AFFECTED_VERSION_TAG_1 "1.2.3" stands for no line',
    ],
    [
      'what is no repository',
      { AFFECTED_REPOSITORY: 'app', AFFECTED_IMAGE_APP: `app@${DIGEST}` },
      'AFFECTED_REPOSITORY "app" is no <registry>/<repository>',
    ],
  ])('%s', (_, env, words) => {
    expect(refusal(env)).toContain(words);
  });
});
