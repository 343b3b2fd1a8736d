import { beforeAll, expect, test } from 'vitest';
import { pipelineHeader } from '../../src/pipeline/header.ts';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { badGateway } from '../support/gitlab-server/faults.ts';
import { JOB, PRIVATE, putProject, withFaults } from '../support/gitlab-server/project.ts';
import { type GitLabServer, startGitLab } from '../support/gitlab-server/server.ts';
import type { FakePipeline } from '../support/gitlab-server/state.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';
import { mainPush, runnerCheckout } from '../support/runner-checkout.ts';

let gitlab: GitLabServer;
beforeAll(async () => {
  gitlab = await startGitLab();
  return () => gitlab.close();
});

/** Pushes to main: the first makes three images, each later one changes one of them. */
async function pushes(): Promise<{ server: TestRepository; commits: string[] }> {
  const server = await createRepository();
  const dockerfile = 'FROM scratch\nCOPY x /\n';
  const names = ['a', 'b', 'c'];
  const files = names.flatMap((name) => [
    [`${name}/Dockerfile`, dockerfile],
    [`${name}/x`, '1'],
  ]);
  const commits = [await server.commit(Object.fromEntries(files) as Record<string, string>)];
  for (const name of names) commits.push(await server.commit({ [`${name}/x`]: '2' }));
  return { server, commits };
}

/** The pipeline of a push and its child, which builds one image. */
function pipelineOf(id: number, sha: string, build: { image: string; status: string }): FakePipeline[] {
  const { image, status } = build;
  const common = { ref: 'main', sha, status };
  const bridges = [{ id: id + 1, name: 'affected-images', status, downstream: id + 2 }];
  const header = pipelineHeader({ base: null, head: sha, baseWhy: 'x' }).map((line) => `# ${line}\n`);
  const yaml = `${header.join('')}${image}:build:\n  script: [a]\n`;
  const artifacts = { 'child-pipeline.yml': yaml };
  const jobs = [{ id: id + 3, name: 'generate-pipeline', status: 'success', artifacts }];
  const builds = [{ id: id + 4, name: `${image}:build`, status }];
  return [
    { ...common, id, jobs, bridges },
    { ...common, id: id + 2, source: 'parent_pipeline', jobs: builds },
  ];
}

/** The second push built its image, the third failed to, the fourth is to be built. */
async function builtAndFailed() {
  const { server, commits } = await pushes();
  const [, built = '', failed = '', head = ''] = commits;
  putProject(gitlab, [
    ...pipelineOf(100, built, { image: 'a', status: 'success' }),
    ...pipelineOf(200, failed, { image: 'b', status: 'failed' }),
  ]);
  withFaults(gitlab, []);
  return { server, built, failed, head };
}

function environment(before: string, more: Record<string, string>): Record<string, string> {
  return {
    ...mainPush,
    CI_API_V4_URL: gitlab.url,
    CI_PROJECT_ID: '7',
    CI_PIPELINE_ID: '900',
    CI_JOB_NAME: 'generate-pipeline',
    CI_COMMIT_BEFORE_SHA: before,
    ...more,
  };
}

const TOKEN = { AFFECTED_GITLAB_TOKEN: PRIVATE.value };
const JOB_TOKEN = { CI_JOB_TOKEN: JOB.value };

test.each([1, 20, 0])(
  'what an earlier push failed to build is built by the next one (depth %i)',
  async (depth) => {
    const { server, built, failed, head } = await builtAndFailed();
    const checkout = await runnerCheckout({ server, commit: head, branch: 'main', depth });
    const env = environment(failed, TOKEN);
    const comparison = await cliJson(checkout.dir, [], { env });
    expect([comparison.base, namesOf(comparison)]).toEqual([built, ['b', 'c']]);
    expect(comparison.baseWhy).toContain('pipeline 100 of main built all it planned');
    const { stdout } = await cli(checkout.dir, ['base'], { env });
    expect(stdout).toContain('strategy  last-built');
    expect(stdout).not.toContain(PRIVATE.value);
  },
);

test('what a pipeline published that did not build all, and is taken back, is built again', async () => {
  const { server, commits } = await pushes();
  const built = commits[3] as string;
  const failed = await server.commit({ 'a/x': 'bad', 'b/x': 'bad', 'gone/Dockerfile': 'FROM scratch\n' });
  await server.git('revert', '--no-edit', 'HEAD');
  const head = await server.git('rev-parse', 'HEAD');
  const [parent, child] = pipelineOf(200, failed, { image: 'b', status: 'failed' }) as [
    FakePipeline,
    FakePipeline,
  ];
  const more = [
    { id: 205, name: 'a:build', status: 'success' },
    // As it is at the head.
    { id: 206, name: 'c:build', status: 'success' },
    { id: 207, name: 'gone:build', status: 'success' },
  ];
  putProject(gitlab, [
    ...pipelineOf(100, built, { image: 'b', status: 'success' }),
    parent,
    { ...child, jobs: [...(child.jobs ?? []), ...more] },
  ]);
  withFaults(gitlab, []);
  const checkout = await runnerCheckout({ server, commit: head, branch: 'main', depth: 1 });
  const comparison = await cliJson(checkout.dir, [], { env: environment(failed, TOKEN) });
  expect([comparison.base, namesOf(comparison), comparison.widened]).toEqual([built, ['a', 'b'], []]);
  expect(comparison.affected[0]?.reasons).toMatchObject([
    { kind: 'requested', by: expect.stringContaining('pipeline 200') },
  ]);
});

test('what was published from commits that a forced push took away is built again', async () => {
  const { server, commits } = await pushes();
  const [, built = '', away = ''] = commits;
  putProject(gitlab, [
    ...pipelineOf(100, built, { image: 'a', status: 'success' }),
    ...pipelineOf(200, away, { image: 'b', status: 'success' }),
    // A later push, which is not this one's matter.
    ...pipelineOf(950, commits[3] as string, { image: 'c', status: 'success' }),
  ]);
  withFaults(gitlab, []);
  const checkout = await runnerCheckout({ server, commit: built, branch: 'main', depth: 1 });
  const comparison = await cliJson(checkout.dir, [], { env: environment(away, TOKEN) });
  expect([comparison.base, namesOf(comparison)]).toEqual([built, ['b']]);
});

test('what was published from a commit that is gone may be anything', async () => {
  const { server, commits } = await pushes();
  const [, , built = '', head = ''] = commits;
  putProject(gitlab, [
    ...pipelineOf(100, built, { image: 'b', status: 'success' }),
    ...pipelineOf(200, 'e'.repeat(40), { image: 'a', status: 'success' }),
  ]);
  withFaults(gitlab, []);
  const checkout = await runnerCheckout({ server, commit: head, branch: 'main', depth: 20 });
  const comparison = await cliJson(checkout.dir, [], { env: environment(built, TOKEN) });
  expect([comparison.base, namesOf(comparison)]).toEqual([built, ['a', 'c']]);
});

test('with the job’s own token, by the child pipeline that was written', async () => {
  const { server, built, failed, head } = await builtAndFailed();
  const checkout = await runnerCheckout({ server, commit: head, branch: 'main', depth: 1 });
  const comparison = await cliJson(checkout.dir, [], { env: environment(failed, JOB_TOKEN) });
  expect([comparison.base, namesOf(comparison)]).toEqual([built, ['b', 'c']]);
});

test('with the job’s own token, what the push before may have published is built again', async () => {
  const { server, commits } = await pushes();
  const built = commits[3] as string;
  const failed = await server.commit({ 'a/x': 'bad' });
  await server.git('revert', '--no-edit', 'HEAD');
  const head = await server.git('rev-parse', 'HEAD');
  putProject(gitlab, pipelineOf(100, built, { image: 'c', status: 'success' }));
  withFaults(gitlab, []);
  const checkout = await runnerCheckout({ server, commit: head, branch: 'main', depth: 1 });
  const comparison = await cliJson(checkout.dir, [], { env: environment(failed, JOB_TOKEN) });
  expect([comparison.base, namesOf(comparison)]).toEqual([built, ['a']]);
  expect(comparison.affected[0]?.reasons).toMatchObject([
    { kind: 'requested', by: `the push before, which may have published it from ${failed.slice(0, 10)}` },
  ]);
});

test('where nothing is known to have been built, everything is', async () => {
  const { server, commits } = await pushes();
  const [, , failed = '', head = ''] = commits;
  putProject(gitlab, pipelineOf(200, failed, { image: 'b', status: 'failed' }));
  withFaults(gitlab, []);
  const checkout = await runnerCheckout({ server, commit: head, branch: 'main', depth: 1 });
  const comparison = await cliJson(checkout.dir, [], { env: environment(failed, TOKEN) });
  expect([comparison.base, namesOf(comparison)]).toEqual([null, ['a', 'b', 'c']]);
  expect(comparison.widened).toMatchObject([{ code: 'not-built' }]);
});

test('a GitLab that gives no answer widens where a token was set, and is passed over where none was', async () => {
  const { server, commits } = await pushes();
  const [, built = '', before = '', head = ''] = commits;
  putProject(gitlab, pipelineOf(100, built, { image: 'a', status: 'success' }));
  const checkout = await runnerCheckout({ server, commit: head, branch: 'main', depth: 1 });
  withFaults(
    gitlab,
    Array.from({ length: 20 }, () => badGateway(500)),
  );
  const widened = await cliJson(checkout.dir, [], { env: environment(before, TOKEN) });
  expect([widened.base, widened.widened]).toMatchObject([null, [{ code: 'not-built' }]]);
  const passedOver = await cliJson(checkout.dir, [], { env: environment(before, JOB_TOKEN) });
  expect([passedOver.base, namesOf(passedOver)]).toEqual([before, ['c']]);
  expect(passedOver.baseWhy).toContain('which commit was built last is not known');
});

test('a wrong token is told, and never shown', async () => {
  const { server, commits } = await pushes();
  putProject(gitlab, []);
  withFaults(gitlab, []);
  const checkout = await runnerCheckout({ server, commit: commits[3] as string, branch: 'main', depth: 1 });
  const env = environment(commits[2] as string, { AFFECTED_GITLAB_TOKEN: 'glpat-wrong-wrong-wrong' });
  const { code, stdout, stderr } = await cli(checkout.dir, ['base'], { env });
  expect([code, stdout]).toEqual([0, expect.stringContaining('AFFECTED_GITLAB_TOKEN (401)')]);
  expect(stdout + stderr).not.toContain('glpat-wrong');
});

test('a schedule, by policy, compares with what was built last', async () => {
  const { server, commits } = await pushes();
  const [, built = ''] = commits;
  const head = await server.commit({ 'affected.yml': 'base: { schedules: last-built }\n' });
  putProject(gitlab, pipelineOf(100, built, { image: 'a', status: 'success' }));
  withFaults(gitlab, []);
  const checkout = await runnerCheckout({ server, commit: head, branch: 'main', depth: 1 });
  const env = { ...environment('0'.repeat(40), TOKEN), CI_PIPELINE_SOURCE: 'schedule' };
  expect(await cliJson(checkout.dir, [], { env })).toMatchObject({ base: built, widened: [] });
  putProject(gitlab, []);
  const none = await cliJson(checkout.dir, [], { env });
  expect([none.base, none.widened, none.affected.length]).toEqual([null, [], 3]);
});

test('only what needs an answer asks GitLab', async () => {
  const { server, commits } = await pushes();
  putProject(gitlab, []);
  withFaults(gitlab, []);
  const asked = gitlab.requests.length;
  const env = environment(commits[2] as string, TOKEN);
  await cliJson(server.dir, ['--base', 'HEAD~1'], { env });
  await cliJson(server.dir, [], { env: { ...env, AFFECTED_ALL: '1' } });
  await cliJson(server.dir, [], { env: { ...env, CI_PIPELINE_SOURCE: 'web' } });
  expect(gitlab.requests.length).toBe(asked);
});
