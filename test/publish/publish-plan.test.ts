import { describe, expect, test } from 'vitest';
import { AffectedError } from '../../src/errors.ts';
import { parsePublishPlan } from '../../src/publish/publish-plan.ts';

const ID = 'a'.repeat(40);
const app = {
  name: 'app',
  repository: 'registry.example.com/app',
  candidate: 'candidate-pipeline-7',
  tags: ['aaaaaaaa'],
  branchTags: ['latest'],
  marker: `commit-${ID}`,
};
const plan = { version: 1, pipeline: '7', commit: ID, images: [app] };

function refusal(change: object): string {
  try {
    parsePublishPlan(JSON.stringify({ ...plan, ...change }), 'publish.json');
  } catch (error) {
    if (error instanceof AffectedError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('reads the plan of a pipeline', () => {
  const slim = {
    name: 'app [slim]',
    repository: app.repository,
    digest: `sha256:${'0'.repeat(64)}`,
    tags: ['1.2.3-slim'],
    version: '1.2.3',
    versionTags: ['1-slim'],
  };
  const text = JSON.stringify({ ...plan, sign: 'keyless', images: [app, slim] });
  expect(parsePublishPlan(text, 'publish.json')).toMatchObject({
    pipeline: '7',
    commit: ID,
    sign: 'keyless',
    images: [
      { name: 'app', source: 'candidate-pipeline-7', marker: { commit: ID }, versionTags: [] },
      { name: 'app [slim]', source: slim.digest, marker: undefined, versionTags: [{ tag: '1-slim' }] },
    ],
  });
});

describe('refuses', () => {
  test.each<[object, string]>([
    [
      { version: 2 },
      'publish.json: version has to be 1: another version of affected wrote this plan: generate it again.',
    ],
    [{ pipeline: 7 }, "publish.json: pipeline is no pipeline's id"],
    [{ commit: 'HEAD' }, `publish.json: commit "HEAD" is no commit's id`],
    [{ sign: 'key' }, 'publish.json: sign "key" has to be "keyless"'],
    [{ images: {} }, 'publish.json: images is no list'],
    [{ extra: 1 }, 'publish.json: the plan has "extra", which this version of affected does not know'],
    [
      { images: [{ ...app, tags: ['ok', '-x'] }] },
      `publish.json: images[0].tags[1] "-x" can't be an image tag`,
    ],
    [
      { images: [{ ...app, candidate: undefined }] },
      'publish.json: images[0].digest has to be there, or else the tag of a candidate',
    ],
    [
      { images: [{ ...app, digest: `sha256:${'0'.repeat(64)}` }] },
      'images[0].digest has to be there, or else',
    ],
    [{ images: [{ ...app, Tags: [] }] }, 'images[0] has "Tags", which'],
    [{ images: [{ ...app, marker: `commit-${'b'.repeat(40)}` }] }, `images[0].marker is not of commit ${ID}`],
    [{ images: [app, { ...app, name: 'other' }] }, 'images[1] puts aaaaaaaa, as app does'],
  ])('%j', (change, words) => {
    expect(refusal(change)).toContain(words);
  });

  test('what is no JSON', () => {
    expect(() => parsePublishPlan('{', 'publish.json')).toThrow(/^publish\.json is no JSON: /);
    expect(() => parsePublishPlan('[]', 'publish.json')).toThrow('publish.json: the plan is no mapping');
  });
});
