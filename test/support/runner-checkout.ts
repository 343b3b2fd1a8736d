import { expect } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { resolveBase, type BaseDecision } from '../../src/git/resolve-base.ts';
import { createRepository, type TestRepository } from './repository.ts';

/** The variables of GitLab that decide, for the kinds of pipeline. */
export const pipeline = { CI: 'true', GITLAB_CI: 'true', CI_DEFAULT_BRANCH: 'main' };
export const mergeRequest = {
  ...pipeline,
  CI_PIPELINE_SOURCE: 'merge_request_event',
  CI_MERGE_REQUEST_IID: '7',
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
};
export const branchPush = { ...pipeline, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'topic' };
export const mainPush = { ...pipeline, CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'main' };

/**
 * A checkout as GitLab's runner makes it: detached, by the refspecs GitLab hands out. A merge request's has the
 * pipeline's ref only; a branch's has its own remote-tracking branch too, a tag's the tag; none has the target branch.
 *
 * @param options.server The repository to fetch from.
 * @param options.depth GIT_DEPTH; 0 is all.
 * @param options.url Where the server is reached; without it, as a file.
 */
export async function runnerCheckout(options: {
  server: TestRepository;
  commit: string;
  branch?: string | undefined;
  tag?: string | undefined;
  depth: number;
  url?: string;
}): Promise<TestRepository> {
  const { server, commit, branch, tag, depth, url = `file://${server.dir}` } = options;
  await server.git('update-ref', 'refs/pipelines/7', commit);
  const init = commit.length === 64 ? ['--object-format=sha256'] : [];
  const checkout = await createRepository({ init });
  await checkout.git('remote', 'add', 'origin', url);
  const refspecs = [`+${commit}:refs/pipelines/7`];
  if (branch !== undefined) refspecs.push(`+refs/heads/${branch}:refs/remotes/origin/${branch}`);
  if (tag !== undefined) refspecs.push(`+refs/tags/${tag}:refs/tags/${tag}`);
  const limit = depth === 0 ? [] : [`--depth=${depth}`];
  await checkout.git('fetch', '--quiet', '--no-tags', ...limit, 'origin', ...refspecs);
  await checkout.git('checkout', '--quiet', '--detach', commit);
  return checkout;
}

export interface Project {
  server: TestRepository;
  /** Where topic left main. */
  fork: string;
  main: string;
  topic: string;
  /** main with topic merged into it, as merged results pipelines have it. */
  merged: string;
  /** The only commit of another history. */
  alone: string;
}

/** Five commits on main, from the last of them two on topic, and then two more on main. */
export async function createProject(options: { shared: boolean }): Promise<Project> {
  const server = await createRepository(options);
  for (const text of ['1', '2', '3', '4']) await server.commit({ a: text });
  const fork = await server.commit({ a: '5' });
  await server.git('checkout', '--quiet', '-b', 'topic');
  await server.commit({ b: '1' });
  const topic = await server.commit({ b: '2' });
  await server.git('checkout', '--quiet', 'main');
  await server.commit({ a: '6' });
  const main = await server.commit({ a: '7' });
  await server.git('checkout', '--quiet', '--detach');
  await server.git('merge', '--quiet', '--no-ff', 'topic');
  const merged = await server.git('rev-parse', 'HEAD');
  await server.git('checkout', '--quiet', '--orphan', 'alone');
  const alone = await server.commit({ c: '1' });
  return { server, fork, main, topic, merged, alone };
}

/**
 * Decides the base for a checkout's HEAD. Whatever happened, the clone must be sound, have no less history, and have
 * every base's tree.
 */
export async function resolveIn(
  checkout: TestRepository,
  options: { env: Record<string, string>; since?: string; base?: string; budgetMs?: number },
): Promise<BaseDecision & { said: string[] }> {
  const before = Number(await checkout.git('rev-list', '--count', 'HEAD'));
  const repository = await openRepository(checkout.dir);
  const said: string[] = [];
  const decision = await resolveBase({
    settings: async () => ({ base: { schedules: 'all', tags: 'all' } }),
    ...options,
    repository,
    head: await checkout.git('rev-parse', 'HEAD'),
    say: (line) => said.push(line),
  });
  await checkout.git('fsck', '--connectivity-only');
  if (!repository.shallow) expect(await openRepository(checkout.dir)).toEqual(repository);
  expect(Number(await checkout.git('rev-list', '--count', 'HEAD'))).toBeGreaterThanOrEqual(before);
  for (const commit of decision.commits) await checkout.git('ls-tree', commit);
  return { ...decision, said };
}
