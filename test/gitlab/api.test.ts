import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { JOB, openApi, putProject, withFaults } from '../support/gitlab-server/project.ts';
import { type GitLabServer, startGitLab } from '../support/gitlab-server/server.ts';
import type { FakePipeline } from '../support/gitlab-server/state.ts';
import type { Token } from '../../src/gitlab/token.ts';

const SHA = 'a'.repeat(40);
const ofMain = { projectId: '7', branch: 'main', atMost: 100 };

let server: GitLabServer;
beforeAll(async () => {
  server = await startGitLab();
  return () => server.close();
});
beforeEach(() => {
  server.requests = [];
});

function pipelines(count: number): FakePipeline[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    ref: 'main',
    sha: SHA,
    status: 'success',
  }));
}

async function refusalOf(options: Parameters<typeof openApi>[1] = {}): Promise<unknown> {
  return openApi(server, options).api.pipelines(ofMain);
}

describe('lists', () => {
  test('hold what GitLab has, of what is used', async () => {
    const [pipeline] = pipelines(1) as [FakePipeline];
    const child: FakePipeline = { ...pipeline, id: 9, source: 'parent_pipeline' };
    child.jobs = [{ id: 91, name: 'a:build', status: 'failed', allowFailure: true }];
    pipeline.bridges = [{ id: 11, name: 'start', status: 'success', downstream: 9 }];
    putProject(server, [pipeline, child, { ...pipeline, id: 2, ref: 'topic' }]);
    const { api, said } = openApi(server);
    expect(await api.pipelines(ofMain)).toEqual({
      ok: true,
      value: [{ id: 1, sha: SHA, status: 'success', source: 'push' }],
    });
    expect(await api.triggerJobs({ projectId: 7, pipeline: 1 })).toEqual({
      ok: true,
      value: [
        {
          name: 'start',
          status: 'success',
          tag: false,
          downstream_pipeline: { id: 9, project_id: 7, status: 'success' },
        },
      ],
    });
    expect(await api.jobs({ projectId: 7, pipeline: 9 })).toEqual({
      ok: true,
      value: [{ id: 91, name: 'a:build', status: 'failed' }],
    });
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/projects/7/pipelines?ref=main&order_by=id&sort=desc&page=1&per_page=100',
      '/projects/7/pipelines/1/bridges?page=1&per_page=100',
      '/projects/7/pipelines/9/jobs?page=1&per_page=100',
    ]);
    expect(said[0]).toBe(
      `GET ${server.url}/projects/7/pipelines?ref=main&order_by=id&sort=desc&page=1&per_page=100\n`,
    );
    expect(said).toHaveLength(3);
  });

  test.each(['both', 'link', 'x-next-page'] as const)('are read to their end, by %s', async (pageHeaders) => {
    withFaults(server, []);
    server.pageHeaders = pageHeaders;
    const jobs = Array.from({ length: 205 }, (_, index) => ({
      id: index + 1,
      name: `j${index}`,
      status: 'success',
    }));
    putProject(server, [{ ...(pipelines(1)[0] as FakePipeline), jobs }]);
    const answer = await openApi(server).api.jobs({ projectId: 7, pipeline: 1 });
    expect(answer).toMatchObject({ ok: true, value: { length: 205 } });
    expect(server.requests).toHaveLength(3);
  });

  test('go on behind a short page, and an empty one, up to as many as are asked for', async () => {
    putProject(
      server,
      pipelines(350).map((each) => ({ ...each, unreadable: each.id > 150 || each.id % 2 === 0 })),
    );
    const { api } = openApi(server);
    const all = await api.pipelines({ ...ofMain, atMost: 75 });
    expect(all).toMatchObject({ ok: true, value: { length: 75, 0: { id: 149 }, 74: { id: 1 } } });
    expect(server.requests).toHaveLength(4);
    const some = await api.pipelines({ ...ofMain, atMost: 20 });
    expect(some).toMatchObject({ ok: true, value: { length: 20, 19: { id: 111 } } });
    expect(server.requests).toHaveLength(7);
  });

  test('end where GitLab names no later page', async () => {
    withFaults(server, []);
    server.faultFor = () => ({
      kind: 'answer',
      answer: { status: 200, headers: { 'x-next-page': '1' }, body: [] },
    });
    expect(await openApi(server).api.pipelines(ofMain)).toEqual({ ok: true, value: [] });
    expect(server.requests).toHaveLength(1);
  });
});

test('a file of a job, with any characters in the names', async () => {
  const text = 'é\n{"a": 1}\n';
  const jobs = [
    { id: 5, name: 'write it & go', status: 'success', artifacts: { 'out dir/child.json': text } },
  ];
  putProject(server, [{ id: 1, ref: 'feature/#1 ?', sha: SHA, status: 'success', jobs }]);
  const { api } = openApi(server, { token: JOB });
  const file = { projectId: 7, branch: 'feature/#1 ?', job: 'write it & go', path: 'out dir/child.json' };
  expect(await api.artifactFile(file)).toEqual({ ok: true, value: text });
  expect(server.requests).toMatchObject([{ token: 'job' }]);
  expect(await api.artifactFile({ ...file, job: 'other' })).toMatchObject({ ok: false, status: 404 });
});

describe('a GitLab below a path', () => {
  test.each(['', '/'])('is found there (%j)', async (end) => {
    const below = await startGitLab({ basePath: '/a/gitlab' });
    putProject(below, pipelines(1));
    expect(await openApi({ url: `${below.url}${end}` }).api.pipelines(ofMain)).toMatchObject({ ok: true });
    await below.close();
  });

  test.each([
    'http://127.0.0.1:1/api/v3',
    'http://127.0.0.1:1/',
    'http://user:s3cret@127.0.0.1:1/api/v4',
    'http://127.0.0.1:1/api/v4?private_token=s3cret',
    'http://127.0.0.1:1/#/api/v4',
    'file:///api/v4',
    'x',
  ])('is not at %s', async (url) => {
    const { api, said } = openApi({ url });
    const detail = 'CI_API_V4_URL is not the address of a GitLab API: it has to read https://<host>/api/v4';
    expect(await api.pipelines(ofMain)).toEqual({ ok: false, detail });
    expect(said).toEqual([]);
  });
});

describe('a token that is not taken', () => {
  const at = () => `GET ${server.url}/projects/7/pipelines`;
  const needed = 'a project access token with scope read_api and at least the role Reporter';
  const cases: [string, Token | undefined, number, () => string][] = [
    [
      'an unknown one',
      { kind: 'private', value: 'unknown' },
      401,
      () =>
        `GitLab does not accept the token in AFFECTED_GITLAB_TOKEN (401): it is mistyped, expired or revoked; set it to ${needed}`,
    ],
    [
      "a job's",
      JOB,
      401,
      () =>
        `GitLab does not answer ${at()} for the job's own token (CI_JOB_TOKEN) (401); set AFFECTED_GITLAB_TOKEN to ${needed}`,
    ],
    [
      'one without scope',
      { kind: 'private', value: 'scopeless' },
      403,
      () =>
        `the token in AFFECTED_GITLAB_TOKEN may not read ${at()} (403): it needs scope read_api and at least the role Reporter`,
    ],
    [
      'one of somebody else',
      { kind: 'private', value: 'stranger' },
      404,
      () =>
        `GitLab finds nothing for ${at()} (404): it is not there, or the token in AFFECTED_GITLAB_TOKEN may not see it`,
    ],
    [
      'none',
      undefined,
      404,
      () => `GitLab finds nothing for ${at()} (404): it is not there, or it is not shown without a token`,
    ],
  ];
  test.each(cases)('%s', async (_, token, status, detail) => {
    putProject(server, pipelines(1));
    server.state.tokens.push(
      { kind: 'private', value: 'scopeless', scopes: ['read_registry'], roles: { 7: 50 } },
      { kind: 'private', value: 'stranger', scopes: ['api'] },
    );
    expect(await refusalOf({ token })).toEqual({ ok: false, status, detail: detail() });
    expect(server.requests).toHaveLength(1);
  });

  test.each([401, 403])('none, or of a job, with %i', async (status) => {
    withFaults(server, []);
    server.faultFor = () => ({ kind: 'answer', answer: { status, body: {} } });
    const [verb, whom] = [
      status === 401 ? 'does not answer' : 'refuses',
      "for the job's own token (CI_JOB_TOKEN)",
    ];
    const end = `(${status}); set AFFECTED_GITLAB_TOKEN to ${needed}`;
    expect(await refusalOf({ token: undefined })).toMatchObject({
      detail: `GitLab ${verb} ${at()} without a token ${end}`,
    });
    expect(await refusalOf({ token: JOB })).toMatchObject({
      detail: `GitLab ${verb} ${at()} ${whom} ${end}`,
    });
  });

  test.each(['glpat-1\n', 'glpat 1', '', 'glpät'])('%j, which can be none', async (value) => {
    const holds = 'holds something that no token does, such as a line break; set the variable anew';
    expect(await refusalOf({ token: { kind: 'private', value } })).toEqual({
      ok: false,
      detail: `the token in AFFECTED_GITLAB_TOKEN ${holds}`,
    });
    expect(await refusalOf({ token: { kind: 'job', value } })).toMatchObject({
      detail: `the job's own token (CI_JOB_TOKEN) ${holds}`,
    });
    expect(server.requests).toEqual([]);
  });
});

describe('an answer that is none', () => {
  const page =
    'GitLab answered with a web page instead of data: CI_API_V4_URL has to name its API, and no log-in page or proxy may stand before it';
  const answered = (body: unknown) => ({ kind: 'answer', answer: { status: 200, body } }) as const;
  const wrong = "GitLab's answer is not as it documents it: ";
  test.each([
    ['a web page', { kind: 'html' } as const, page],
    [
      'half a document',
      { kind: 'invalid-json' } as const,
      "GitLab's answer is no JSON, or breaks off in the middle",
    ],
    ['nothing', answered(''), "GitLab's answer is no JSON, or breaks off in the middle"],
    ['no list', answered({ message: 'hello' }), `${wrong}it: Invalid input`],
    [
      'other items',
      answered([{ id: 1, sha: SHA, status: 'success' }, { id: 'x' }]),
      `${wrong}1.id: Invalid input`,
    ],
    [
      'a commit that is none',
      answered([{ id: 1, sha: '--all', status: 'x' }]),
      `${wrong}0.sha: Invalid input`,
    ],
  ])('%s', async (_, fault, detail) => {
    putProject(server, pipelines(1));
    withFaults(server, [fault]);
    expect(await refusalOf()).toEqual({ ok: false, detail });
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    [{ message: { base: ['is bad'] } }, ': {"base":["is bad"]}'],
    [{ error: `bad\n${'x'.repeat(300)}` }, `: bad ${'x'.repeat(196)}`],
    ['<html>', ''],
    [{}, ''],
  ])('refused for another reason, in GitLab’s words: %j', async (body, said) => {
    withFaults(server, [{ kind: 'answer', answer: { status: 400, body } }]);
    const detail = `GitLab refuses GET ${server.url}/projects/7/pipelines (400)${said}`;
    expect(await refusalOf()).toEqual({ ok: false, status: 400, detail });
  });
});

describe('an address that has moved', () => {
  const moved = (location: string) =>
    ({ kind: 'answer', answer: { status: 302, headers: { location }, body: '' } }) as const;

  test('is followed on the same server', async () => {
    putProject(server, pipelines(2));
    withFaults(server, [
      moved('/api/v4/projects/7/pipelines?ref=main&page=1'),
      moved(`${server.url}/projects/7/pipelines`),
    ]);
    expect(await refusalOf()).toMatchObject({ ok: true, value: { length: 2 } });
    expect(server.requests.map(({ token }) => token)).toEqual(['private', 'private', 'private']);
  });

  test('is not followed for ever', async () => {
    withFaults(server, []);
    server.faultFor = () => moved('/api/v4/round');
    const to = `${server.url}/round`;
    expect(await refusalOf()).toEqual({
      ok: false,
      detail: `GitLab sends GET ${server.url}/projects/7/pipelines on to ${to} (302): CI_API_V4_URL has to name the address it really has`,
    });
    expect(server.requests).toHaveLength(4);
  });

  test('is not followed to another server, which would be shown the token', async () => {
    const other = await startGitLab();
    withFaults(server, [moved(`${other.url}/projects?X-Signature=s3cret`), moved('http://[')]);
    const from = `GitLab sends GET ${server.url}/projects/7/pipelines on to`;
    const end = '(302): CI_API_V4_URL has to name the address it really has';
    expect(await refusalOf()).toEqual({ ok: false, detail: `${from} ${other.url}/projects ${end}` });
    expect(await refusalOf()).toEqual({ ok: false, detail: `${from} nowhere ${end}` });
    expect(other.requests).toEqual([]);
    await other.close();
  });
});

test('what is no fault of GitLab’s is thrown', async () => {
  const { api } = openApi(server);
  const broken = { projectId: '\ud800', branch: 'main', atMost: 1 };
  await expect(api.pipelines(broken)).rejects.toThrow('URI malformed');
});
