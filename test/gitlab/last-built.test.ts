import { beforeAll, describe, expect, test } from 'vitest';
import { lastBuilt } from '../../src/gitlab/last-built.ts';
import { badGateway, type Fault } from '../support/gitlab-server/faults.ts';
import { JOB, openApi, putProject, withFaults } from '../support/gitlab-server/project.ts';
import { type GitLabServer, startGitLab } from '../support/gitlab-server/server.ts';
import type { FakeBridge, FakePipeline } from '../support/gitlab-server/state.ts';

/** Commits of the branch, newest first; the first is head. */
const [HEAD, C3, C2, C1] = ['d', 'c', 'b', 'a'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];
const REWRITTEN = 'e'.repeat(40);
const history = [HEAD, C3, C2, C1];

let server: GitLabServer;
beforeAll(async () => {
  server = await startGitLab();
  return () => server.close();
});

let nextId = 1000;

/** A child pipeline; jobs as `name` or `name=status`. */
function child(...jobs: string[]): FakePipeline {
  const named = jobs.map((job) => {
    const [name, status = 'success'] = job.split('=') as [string, string?];
    return { id: nextId++, name, status };
  });
  const status = named.every((job) => job.status === 'success') ? 'success' : 'failed';
  return { id: nextId++, ref: 'main', sha: HEAD, status, source: 'parent_pipeline', jobs: named };
}

function parent(
  id: number,
  sha: string,
  more: Partial<FakePipeline> & { children?: FakePipeline[] } = {},
): FakePipeline[] {
  const { children = [child('a:build')], ...settings } = more;
  const bridges = children.map((each): FakeBridge => ({
    id: nextId++,
    name: `start-${each.id}`,
    status: each.status,
    downstream: each.id,
  }));
  return [{ id, ref: 'main', sha, status: 'success', bridges, ...settings }, ...children];
}

async function find(
  pipelines: FakePipeline[][],
  more: Partial<Parameters<typeof lastBuilt>[0]> & { faults?: (Fault | undefined)[] } = {},
) {
  putProject(server, pipelines.flat());
  withFaults(server, more.faults ?? []);
  const asked: string[] = [];
  const answer = await lastBuilt({
    api: openApi(server).api,
    projectId: '7',
    branch: 'main',
    presentPipeline: '99',
    history,
    isAncestor: (commit) => {
      asked.push(commit);
      return Promise.resolve(false);
    },
    ...more,
  });
  return { answer, asked, requests: server.requests.map(({ path }) => path.replace(/\?.*/, '')) };
}

const found = (commit: string, pipeline: number, why: string) => ({
  ok: true,
  value: { commit, pipeline, why },
});
const none = (why: string) => ({ ok: true, value: undefined, why });

describe('the last pipeline that built what it planned', () => {
  test('is found by its builds, with one look', async () => {
    const built = child('a:build', 'b:build', 'b:test=failed');
    const { answer, requests } = await find([
      parent(2, C2),
      parent(3, C3, { status: 'failed', children: [built] }),
      parent(99, HEAD),
    ]);
    expect(answer).toEqual(found(C3, 3, 'pipeline 3 of main built all it planned (2 images)'));
    expect(requests).toEqual([
      '/projects/7/pipelines',
      '/projects/7/pipelines/3/bridges',
      `/projects/7/pipelines/${built.id}/jobs`,
    ]);
  });

  test('may be another one of head', async () => {
    const { answer } = await find([
      parent(98, HEAD, { children: [child('no-image-affected')] }),
      parent(99, HEAD),
    ]);
    expect(answer).toEqual(
      found(HEAD, 98, 'pipeline 98 of main built all it planned (no image was affected)'),
    );
  });

  test.each(['99', 99])('is not the present one (%j)', async (presentPipeline) => {
    const { answer, requests } = await find([parent(99, HEAD)], { presentPipeline });
    expect(answer).toEqual(none('main has no other pipeline'));
    expect(requests).toHaveLength(1);
  });

  test('is any, where there is no present one', async () => {
    expect((await find([parent(99, HEAD)], { presentPipeline: undefined })).answer).toMatchObject({
      value: { pipeline: 99 },
    });
  });

  test.each(['success', 'failed', 'canceled', 'manual', 'running'])('may be %s', async (status) => {
    expect((await find([parent(3, C3, { status })])).answer).toMatchObject({ value: { commit: C3 } });
  });

  test.each(['pending', 'skipped'])('is none that is %s, which nobody asks about', async (status) => {
    const { answer, requests } = await find([parent(3, C3, { status }), parent(2, C2)]);
    expect(answer).toEqual(found(C2, 2, 'pipeline 2 of main built all it planned (1 image)'));
    expect(requests).toHaveLength(3);
  });

  test.each(['created', 'waiting_for_resource', 'preparing', 'scheduled'])(
    'is none that is %s, which is asked about only for what it has published already',
    async (status) => {
      const { answer, requests } = await find([parent(3, C3, { status }), parent(2, C2)]);
      expect(answer).toMatchObject({
        value: {
          commit: C2,
          why: 'pipeline 2 of main built all it planned (1 image)',
          published: [{ image: 'a', pipeline: 3, commit: C3 }],
        },
      });
      expect(requests).toHaveLength(5);
    },
  );

  const older = parent(2, C2);
  const passed = (why: string) =>
    found(C2, 2, `pipeline 2 of main built all it planned (1 image); passed over: 3 (${why})`);
  const idle = (status: string): FakePipeline[] => {
    const [pipeline, ...children] = parent(3, C3) as [FakePipeline, FakePipeline];
    pipeline.bridges?.push({ id: 5, name: 'start-more', status });
    return [pipeline, ...children];
  };
  test.each<[string, FakePipeline[], string]>([
    [
      'one with a build that failed',
      parent(3, C3, { children: [child('a:build', 'b:build=failed')] }),
      'b:build is failed',
    ],
    [
      'one with a build that was allowed to fail',
      parent(3, C3, {
        children: [
          {
            ...child(),
            status: 'success',
            jobs: [{ id: 6, name: 'a:build', status: 'failed', allowFailure: true }],
          },
        ],
      }),
      'a:build is failed',
    ],
    [
      'one with two children, of which one',
      parent(3, C3, { children: [child('a:build'), child('b:build=canceled')] }),
      'b:build is canceled',
    ],
    ['one without children', parent(3, C3, { children: [] }), 'it builds no images'],
    [
      'a schedule that does something else',
      parent(3, C3, { source: 'schedule', children: [child('tidy')] }),
      'it builds no images',
    ],
    [
      'one whose child GitLab could not read',
      parent(3, C3, { children: [child('a:build'), { ...child(), status: 'failed', id: 77 }] }),
      'its child 77 has no jobs',
    ],
    ['one with a child that did not start', idle('skipped'), 'its job start-more is skipped'],
    ['one with a child that was refused', idle('failed'), 'its job start-more is failed'],
    ['one with a child still to come', idle('created'), 'its job start-more is created'],
    ['a tag’s that has the name of the branch', parent(3, C3, { tag: true }), 'it is of a tag'],
  ])('is not %s', async (_, newer, why) => {
    expect((await find([older, newer])).answer).toMatchObject(passed(why));
  });

  test.each<[string, FakePipeline[]]>([
    ['waits for a person', idle('manual')],
    ['only starts other pipelines', parent(3, C3, { children: [child('a:build'), child()] })],
    ['has jobs of its own', parent(3, C3, { children: [child('a:build'), child('deploy=failed')] })],
  ])('may have another child that %s', async (_, newer) => {
    expect((await find([older, newer])).answer).toMatchObject({ value: { commit: C3, pipeline: 3 } });
  });

  test('may start a pipeline of another project, which is not asked for', async () => {
    const [pipeline, own] = parent(3, C3) as [FakePipeline, FakePipeline];
    pipeline.bridges?.push({ id: 5, name: 'elsewhere', status: 'failed', downstream: 1, project: 8 });
    putProject(server, [pipeline, own]);
    server.state.projects.push({ id: 8, pipelines: [{ id: 1, ref: 'main', sha: C1, status: 'failed' }] });
    const pastIt = { history, isAncestor: () => Promise.resolve(false) };
    const options = {
      api: openApi(server).api,
      projectId: 7,
      branch: 'main',
      presentPipeline: 99,
      ...pastIt,
    };
    expect(await lastBuilt(options)).toMatchObject({ value: { commit: C3 } });
  });

  test('is of the branch', async () => {
    expect((await find([parent(3, C3, { ref: 'topic' }), older])).answer).toMatchObject({
      value: { commit: C2 },
    });
  });
});

describe('a child pipeline that starts others', () => {
  /** One that starts these, each a wave. */
  function starting(...waves: (FakePipeline | string)[]): FakePipeline[] {
    const started = waves.filter((wave) => typeof wave !== 'string');
    const bridges = waves.map((wave, index): FakeBridge => ({
      id: nextId++,
      name: `wave-${index + 1}`,
      ...(typeof wave === 'string' ? { status: wave } : { status: wave.status, downstream: wave.id }),
    }));
    return [{ ...child('wave-files'), bridges }, ...started];
  }
  const pipelineOf = (id: number, sha: string, [first, ...waves]: FakePipeline[]) => [
    ...parent(id, sha, { children: [first as FakePipeline] }),
    ...waves,
  ];

  test('has built what all of them built', async () => {
    const waves = starting(child('a:build', 'b:build'), child('c:build', 'c:test=failed'));
    expect((await find([pipelineOf(3, C3, waves)])).answer).toEqual(
      found(C3, 3, 'pipeline 3 of main built all it planned (3 images)'),
    );
  });

  test.each<[string, FakePipeline | string, string]>([
    ['one of them failed', child('c:build=failed'), 'c:build is failed'],
    ['one of them did not start', 'skipped', 'its job wave-2 is skipped'],
  ])('has not built all where %s', async (_, second, why) => {
    const waves = starting(child('a:build'), second);
    expect((await find([pipelineOf(3, C3, waves)])).answer).toEqual(
      none(`no pipeline of main built all it planned; passed over: 3 (${why})`),
    );
  });

  test('has built nothing where it starts none', async () => {
    expect((await find([pipelineOf(3, C3, starting())])).answer).toMatchObject({ value: undefined });
  });

  test('has published what they began', async () => {
    const waves = starting(child('a:build=failed'), child('b:build', 'c:build=skipped'));
    const { answer } = await find([parent(2, C2), pipelineOf(3, REWRITTEN, waves)]);
    expect(answer).toMatchObject({
      value: {
        commit: C2,
        published: ['b', 'a'].map((image) => ({ image, pipeline: 3, commit: REWRITTEN })),
      },
    });
  });
});

describe('newest is what git says', () => {
  test('a later pipeline of an older commit hides none', async () => {
    const { answer, requests } = await find([parent(3, C3), parent(98, C1), parent(97, C2)]);
    expect(answer).toMatchObject({ value: { commit: C3, pipeline: 3 } });
    expect(requests.slice(1, 3).every((path) => !/pipelines\/9[78]/.test(path))).toBe(true);
  });

  test('of one commit, what nobody scheduled is looked at first, then the latest', async () => {
    const { answer, requests } = await find([
      parent(5, C3, { source: 'schedule' }),
      parent(4, C3, { children: [] }),
      parent(3, C3, { children: [] }),
      parent(6, C3, { source: 'schedule', children: [] }),
    ]);
    expect(answer).toMatchObject({ value: { pipeline: 5 } });
    expect(requests.filter((path) => path.endsWith('bridges')).map((path) => path.split('/')[4])).toEqual([
      '4',
      '3',
      '6',
      '5',
    ]);
  });

  test('commits this clone does not have come last, by their pipelines, and are asked for once', async () => {
    const [old, older] = ['1', '2'].map((digit) => digit.repeat(40)) as [string, string];
    const asked: string[] = [];
    const { answer } = await find(
      [
        parent(1, C1, { children: [] }),
        parent(50, older, { source: 'schedule', children: [] }),
        parent(49, old),
        parent(48, older, { children: [] }),
      ],
      { isAncestor: (commit) => Promise.resolve(asked.push(commit) > 0) },
    );
    expect(answer).toEqual(
      found(
        old,
        49,
        'pipeline 49 of main built all it planned (1 image); passed over: 1 (it builds no images), 48 (it builds no images), 50 (it builds no images)',
      ),
    );
    expect(asked).toEqual([older, old]);
  });

  test.each<[boolean | undefined, string]>([
    [undefined, 'its commit is unknown here'],
    [false, "not in this commit's history"],
  ])('a commit of another history, or an unknown one, does not count (%s)', async (past, why) => {
    const { answer } = await find([parent(50, REWRITTEN)], { isAncestor: () => Promise.resolve(past) });
    expect(answer).toEqual(none(`no pipeline of main built all it planned; passed over: 50 (${why})`));
  });
});

describe('what later pipelines published', () => {
  const published = async (later: FakePipeline[], more: Parameters<typeof find>[1] = {}) => {
    const { answer } = await find([parent(3, C3), later], more);
    expect(answer).toMatchObject({ value: { commit: C3 } });
    return answer.ok && answer.value ? (answer.value.published ?? []) : undefined;
  };
  const ofA = (pipeline: number, commit: string) => [{ image: 'a', pipeline, commit }];

  test.each<[string, string]>([
    ['an older commit', C1],
    ['one that was taken away', REWRITTEN],
  ])('from %s', async (_, commit) => {
    expect(await published(parent(50, commit))).toEqual(ofA(50, commit));
  });

  test.each(['success', 'failed', 'canceled', 'running'])('by a build that is %s', async (status) => {
    const children = [child(`a:build=${status}`, 'b:build=skipped', 'c:build=created', 'd:build=manual')];
    expect(await published(parent(50, C1, { children }))).toEqual(ofA(50, C1));
  });

  test.each(['created', 'skipped', 'manual'])(
    'by what was built, while its publication is %s: that may come any time',
    async (status) => {
      const children = [child('a:build', `a:publish=${status}`, 'b:build=created', 'b:publish=created')];
      expect(await published(parent(50, C1, { children }))).toEqual(ofA(50, C1));
    },
  );

  // GitLab gives a pipeline such a status as soon as one of its jobs has it, whatever the others did.
  test.each(['scheduled', 'waiting_for_resource', 'preparing', 'created'])(
    'by a pipeline that is %s, with builds behind it',
    async (status) => {
      expect(await published(parent(50, C1, { status }))).toEqual(ofA(50, C1));
    },
  );

  test('by each child, also beside one that did not start', async () => {
    const [pipeline, ...children] = parent(50, REWRITTEN, { children: [child(), child('a:build')] });
    pipeline?.bridges?.unshift({ id: 5, name: 'start-more', status: 'failed' });
    expect(await published([pipeline as FakePipeline, ...children])).toEqual(ofA(50, REWRITTEN));
  });

  test.each<[string, FakePipeline[]]>([
    ['from the same commit', parent(50, C3, { source: 'schedule', children: [child('a:build=failed')] })],
    ['earlier', parent(2, REWRITTEN)],
    ['later than by the present pipeline', parent(100, REWRITTEN)],
    ['for a tag', parent(50, REWRITTEN, { tag: true })],
    ['by others', parent(50, REWRITTEN, { children: [child('a:build', 'tidy')] })],
    ['before it started', parent(50, REWRITTEN, { status: 'pending', children: [child('a:build=created')] })],
  ])('is nothing where it was %s', async (_, later) => {
    expect(await published(later)).toEqual([]);
  });

  test('by a pipeline that is gone is not known', async () => {
    const gone = { kind: 'answer', answer: { status: 404, body: {} } } as const;
    const faults = [undefined, undefined, undefined, gone];
    expect(await published(parent(50, REWRITTEN), { faults })).toEqual([]);
    expect(await published(parent(50, REWRITTEN), { faults: [undefined, ...faults] })).toEqual([]);
  });

  test('must be told', async () => {
    const faults = [undefined, undefined, undefined, badGateway(500)];
    expect(await find([parent(3, C3), parent(50, C1)], { faults })).toMatchObject({ answer: { ok: false } });
    faults.unshift(undefined);
    expect(await find([parent(3, C3), parent(50, C1)], { faults })).toMatchObject({ answer: { ok: false } });
  });

  test('by more than twenty pipelines is not looked at', async () => {
    const later = (count: number) => Array.from({ length: count }, (_, index) => parent(30 + index, C1));
    expect((await find([parent(3, C3), ...later(20)])).answer).toMatchObject({ value: { commit: C3 } });
    const { answer, requests } = await find([parent(3, C3), ...later(21)]);
    expect(answer).toEqual(
      none('more than 20 pipelines of main came after pipeline 3, the last that built all it planned'),
    );
    expect(requests).toHaveLength(3);
  });
});

describe('bounds', () => {
  test('twenty are looked at, and few of them told', async () => {
    const failed = Array.from({ length: 30 }, (_, index) => parent(60 - index, C3, { children: [] }));
    const { answer, requests } = await find([...failed, parent(2, C2)]);
    expect(answer).toEqual(
      none(
        'no pipeline of main built all it planned; passed over: 60 (it builds no images), 59 (it builds no images), 58 (it builds no images) and 17 more',
      ),
    );
    expect(requests).toHaveLength(21);
  });

  test('a hundred are listed, so that schedules of one commit hide nothing', async () => {
    const scheduled = Array.from({ length: 98 }, (_, index) =>
      parent(300 - index, C3, { source: 'schedule', children: [] }),
    );
    expect((await find([...scheduled, parent(100, C3), parent(98, HEAD)])).answer).toMatchObject({
      value: { pipeline: 98 },
    });
    expect(
      (await find([...scheduled, parent(201, C1), parent(200, C1), parent(98, HEAD)])).answer,
    ).toMatchObject({
      value: undefined,
    });
  });
});

describe('no answer', () => {
  const gone = { kind: 'answer', answer: { status: 404, body: {} } } as const;

  test.each([
    ['a pipeline', [undefined, gone], 'it is gone'],
    ['a child', [undefined, undefined, gone], /^its child \d+ is gone$/],
  ])('of %s that was deleted meanwhile passes it over', async (_, faults, why) => {
    const { answer } = await find([parent(3, C3), parent(2, C2)], { faults });
    expect(answer).toMatchObject({ value: { commit: C2 } });
    const told =
      answer.ok && answer.value ? (/passed over: 3 \((.*)\)$/.exec(answer.value.why)?.[1] ?? '') : '';
    expect(told).toMatch(why);
  });

  test.each([0, 1, 2])('at all is said, at request %i', async (before) => {
    const faults = [...Array.from({ length: before }, () => undefined), badGateway(500)];
    const { answer } = await find([parent(3, C3), parent(2, C2)], { faults });
    expect(answer).toMatchObject({ ok: false, status: 500 });
  });

  test('is what a job’s own token gets', async () => {
    const { answer, requests } = await find([parent(3, C3)], { api: openApi(server, { token: JOB }).api });
    expect(answer).toMatchObject({ ok: false, status: 401 });
    expect(requests).toHaveLength(1);
  });
});
