import { beforeAll, describe, expect, test } from 'vitest';
import { badGateway, tooManyRequests } from './faults.ts';
import { JOB, PRIVATE, putProject, withFaults } from './project.ts';
import { type GitLabServer, refusingUrl, startGitLab } from './server.ts';
import type { FakePipeline } from './state.ts';

const pipelines: FakePipeline[] = [
  { id: 1, ref: 'main', sha: 'a', status: 'failed' },
  {
    id: 2,
    ref: 'main',
    sha: 'b',
    status: 'success',
    jobs: [job(20, 'write', { artifacts: { 'x/y.yml': 'old' } })],
  },
  {
    id: 3,
    ref: 'topic/1',
    sha: 'c',
    status: 'success',
    jobs: [job(30, 'write', { artifacts: { 'x/y.yml': 'topic' } })],
  },
  {
    id: 4,
    ref: 'main',
    sha: 'd',
    status: 'success',
    source: 'schedule',
    jobs: [job(40, 'test', { retried: true, status: 'failed' }), job(41, 'test')],
    bridges: [
      { ...job(43, 'start'), downstream: 5 },
      { ...job(42, 'wait'), status: 'manual' },
      { ...job(44, 'elsewhere'), downstream: 6, project: 8 },
    ],
  },
  { id: 5, ref: 'main', sha: 'd', status: 'success', source: 'parent_pipeline' },
];

let server: GitLabServer;
beforeAll(async () => {
  server = await startGitLab({ basePath: '/gitlab' });
  putProject(server, pipelines);
  server.state.projects.push({
    id: 8,
    public: true,
    pipelines: [{ id: 6, ref: 'main', sha: 'e', status: 'running' }],
  });
  server.state.tokens.push(
    { kind: 'private', value: 'scopeless', scopes: ['read_registry'], roles: { 7: 50 } },
    { kind: 'private', value: 'guest', scopes: ['api'], roles: { 7: 10 } },
    { kind: 'private', value: 'stranger', scopes: ['api'], roles: {} },
    { kind: 'job', value: 'other-job', project: 8 },
  );
  return () => server.close();
});

function job(id: number, name: string, more: object = {}) {
  return { id, name, status: 'success', ...more };
}

const shown = { 'private-token': PRIVATE.value };

async function get(path: string, headers: Record<string, string> = shown) {
  const response = await fetch(`${server.url}${path}`, { headers });
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? (JSON.parse(text) as unknown) : text,
  };
}

const ids = (body: unknown) => (body as { id: number }[]).map(({ id }) => id);

describe('lists', () => {
  test.each([
    ['newest first, without children', '', [4, 3, 2, 1]],
    ['ascending', '?sort=asc', [1, 2, 3, 4]],
    ['of a ref', '?ref=topic%2F1', [3]],
    ['of a status', '?status=success&ref=main', [4, 2]],
    ['of a source', '?source=push', [3, 2, 1]],
  ])('pipelines %s', async (_, query, expected) => {
    const { body } = await get(`/projects/7/pipelines${query}`);
    expect(ids(body)).toEqual(expected);
  });

  test('jobs without those that were run again', async () => {
    expect(ids((await get('/projects/7/pipelines/4/jobs')).body)).toEqual([41]);
    expect(ids((await get('/projects/7/pipelines/4/jobs?include_retried=true')).body)).toEqual([41, 40]);
  });

  test('trigger jobs with what they started', async () => {
    expect((await get('/projects/7/pipelines/4/bridges')).body).toMatchObject([
      { name: 'elsewhere', downstream_pipeline: { id: 6, project_id: 8, status: 'running' } },
      { name: 'start', tag: false, downstream_pipeline: { id: 5, project_id: 7, source: 'parent_pipeline' } },
      { name: 'wait', status: 'manual', downstream_pipeline: null },
    ]);
  });

  test('come in pages, with the next one in two headers', async () => {
    const first = await get('/projects/7/pipelines?per_page=3');
    expect(ids(first.body)).toEqual([4, 3, 2]);
    expect(first.headers.get('x-next-page')).toBe('2');
    expect(first.headers.get('link')).toContain(
      `<${server.url}/projects/7/pipelines?per_page=3&page=2>; rel="next"`,
    );
    const last = await get('/projects/7/pipelines?per_page=3&page=2');
    expect(ids(last.body)).toEqual([1]);
    expect(last.headers.get('x-next-page')).toBe('');
    expect(last.headers.get('link')).not.toContain('rel="next"');
  });

  test('have short pages where something may not be read', async () => {
    putBack(pipelines.map((each) => ({ ...each, unreadable: each.id === 4 || each.id === 3 })));
    const first = await get('/projects/7/pipelines?per_page=2');
    expect([ids(first.body), first.headers.get('x-next-page')]).toEqual([[], '2']);
    putBack(pipelines);
  });
});

function putBack(each: FakePipeline[]): void {
  const [project] = server.state.projects;
  if (project) project.pipelines = each;
}

describe('tokens', () => {
  const list = '/projects/7/pipelines';
  test.each<[string, Record<string, string>, string, number]>([
    ['none', {}, list, 404],
    ['none, in a public project', {}, '/projects/8/pipelines', 200],
    ['wrong', { 'private-token': 'x' }, list, 401],
    ['without scope', { 'private-token': 'scopeless' }, list, 403],
    ['of a guest', { 'private-token': 'guest' }, list, 403],
    ['of somebody else', { 'private-token': 'stranger' }, list, 404],
    ['of a job, for a list', { 'job-token': JOB.value }, list, 401],
    ['of a job, for trigger jobs', { 'job-token': JOB.value }, `${list}/4/bridges`, 401],
    ['of a job, for jobs', { 'job-token': JOB.value }, `${list}/4/jobs`, 200],
    ['of a job elsewhere', { 'job-token': 'other-job' }, `${list}/4/jobs`, 403],
    ['of a job as another', { 'private-token': JOB.value }, list, 401],
  ])('%s', async (_, headers, path, status) => {
    expect((await get(path, headers)).status).toBe(status);
  });
});

describe('artifacts', () => {
  const file = (ref: string, path: string, name: string) =>
    get(`/projects/7/jobs/artifacts/${encodeURIComponent(ref)}/raw/${path}?job=${name}`, {
      'job-token': JOB.value,
    });

  test('come from the latest successful pipeline of the ref alone', async () => {
    expect((await file('topic/1', 'x%2Fy.yml', 'write')).body).toBe('topic');
    expect((await file('topic/1', 'x/y.yml', 'write')).body).toBe('topic');
    expect((await file('topic/1', 'x/y.yml', 'read')).status).toBe(404);
    expect((await file('main', 'x/y.yml', 'write')).status).toBe(404);
  });
});

describe('faults', () => {
  test('come one a request, then by request', async () => {
    withFaults(server, [
      tooManyRequests('7'),
      undefined,
      badGateway(502),
      { kind: 'html' },
      { kind: 'invalid-json' },
    ]);
    server.faultFor = ({ path }) => (path.includes('status') ? badGateway(500) : undefined);
    const answers = [];
    for (let request = 0; request < 4; request++) answers.push(await get('/projects/7/pipelines'));
    expect(answers.map(({ status }) => status)).toEqual([429, 200, 502, 200]);
    expect(answers[0]?.headers.get('retry-after')).toBe('7');
    expect(answers[3]?.body).toContain('<!DOCTYPE html>');
    await expect(get('/projects/7/pipelines')).rejects.toThrow('JSON');
    expect((await get('/projects/7/pipelines?status=success')).status).toBe(500);
    expect((await get('/projects/7/pipelines')).status).toBe(200);
    expect(server.requests[0]).toEqual({ method: 'GET', path: '/projects/7/pipelines', token: 'private' });
    expect(server.requests).toHaveLength(7);
  });

  test('cut connections, before the answer and in the middle', async () => {
    withFaults(server, [{ kind: 'cut' }, { kind: 'cut-in-body' }]);
    await expect(get('/projects/7/pipelines')).rejects.toThrow('fetch failed');
    await expect(get('/projects/7/pipelines')).rejects.toThrow('terminated');
    await expect(fetch(await refusingUrl())).rejects.toThrow('fetch failed');
  });

  test('slow answers come, others never', async () => {
    withFaults(server, [{ kind: 'slow', ms: 5 }, { kind: 'hang' }, { kind: 'hang-in-body' }]);
    const headers = shown;
    expect((await get('/projects/7/pipelines')).status).toBe(200);
    for (let request = 0; request < 2; request++) {
      const answer = fetch(`${server.url}/projects/7/pipelines`, {
        headers,
        signal: AbortSignal.timeout(50),
      });
      await expect(answer.then((response) => response.text())).rejects.toThrow('aborted');
    }
  });
});

test('anything else is not found', async () => {
  expect((await get('/user')).status).toBe(404);
  expect((await fetch(new URL('/api/v4/projects/7/pipelines', server.url))).status).toBe(404);
});
