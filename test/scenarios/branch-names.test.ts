import { expect, test } from 'vitest';
import { cliJson, namesOf } from '../support/cli.ts';
import { createHost } from '../support/git-host.ts';
import { branchPush, mergeRequest, runnerCheckout } from '../support/runner-checkout.ts';
import { watchClone } from '../support/watch-clone.ts';
import { parted } from './situation.ts';

const NAMES = [
  'team/web/main',
  'fix#12',
  `it's-"quoted"`,
  '-rf',
  '--upload-pack=touch${IFS}canary',
  '$(touch${IFS}canary)',
  'ünï/日本',
  'main.lock.d',
  'HEAD',
  'origin/main',
];

test.each(NAMES)('branches named %j and so on', async (name) => {
  const { server, ids } = await createHost({
    history: parted,
    // Others whose names end so, or begin so, are others.
    refs: {
      [name]: 'main',
      [`${name}-topic`]: 'topic',
      [`x/${name}`]: 'main 2',
      [`y/refs/heads/${name}`]: 'main 3',
    },
  });
  const commit = ids['topic'] as string;
  const checkout = await runnerCheckout({ server, commit, branch: `${name}-topic`, depth: 1 });
  const isSound = await watchClone(checkout);
  const environments = [
    { ...branchPush, CI_DEFAULT_BRANCH: name, CI_COMMIT_BRANCH: `${name}-topic` },
    { ...mergeRequest, CI_DEFAULT_BRANCH: 'other', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: name },
  ];
  for (const env of environments) {
    const found = await cliJson(checkout.dir, [], { env });
    expect(found).toMatchObject({ base: ids['fork'], changedPaths: 1, widened: [] });
    expect(namesOf(found)).toEqual(['a']);
  }
  // A person's words for the same branch, never an option.
  const since = await cliJson(checkout.dir, [`--since=${name}`], { env: { ...branchPush } });
  expect(since.base).toBe(name === 'HEAD' ? commit : ids['fork']);
  await isSound();
});
