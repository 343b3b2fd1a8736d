import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { lastBuilt } from '../../src/gitlab/last-built.ts';
import { openApi, putProject } from '../support/gitlab-server/project.ts';
import { type GitLabServer, startGitLab } from '../support/gitlab-server/server.ts';
import type { FakeBridge, FakeJob, FakePipeline } from '../support/gitlab-server/state.ts';

let server: GitLabServer;
beforeAll(async () => {
  server = await startGitLab();
  return () => server.close();
});

const commits = [...'0123456789'].map((digit) => digit.repeat(40));
/** The rest is no part of this clone; some of it is known to be in the past all the same. */
const history = commits.slice(0, 5);
const past = new Map<string, boolean | undefined>([
  ...history.map((commit) => [commit, true] as const),
  ...commits.slice(5).map((commit, index) => [commit, [true, false, undefined][index % 3]] as const),
]);
const NOT_STARTED = ['created', 'waiting_for_resource', 'preparing', 'pending', 'scheduled', 'skipped'];
const OTHER_PROJECT = 8;

const status = (likely: string) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(likely) },
    fc.constantFrom('failed', 'canceled', 'manual', 'running', 'skipped'),
  );
const rarely = (chance: number) => fc.nat({ max: chance }).map((die) => die === 0);

const jobsOf = (names: readonly string[]) =>
  fc.array(
    fc.record({
      name: fc.constantFrom(...names),
      status: status('success'),
      allowFailure: fc.boolean(),
      retried: rarely(4),
    }),
    { minLength: 1, maxLength: 5 },
  );

const start = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant('ours' as const) },
    { weight: 2, arbitrary: fc.constant('nothing' as const) },
    fc.constantFrom('foreign' as const, 'empty' as const, 'elsewhere' as const, 'idle' as const),
  ),
  status: status('success'),
  retried: rarely(6),
  jobs: jobsOf(['a:build', 'b:build', 'c:17:build']),
  others: fc.oneof(fc.constant([]), jobsOf(['a:test', 'b:test'])),
});
type Start = typeof start extends fc.Arbitrary<infer Value> ? Value : never;

const pipeline = fc.record({
  commit: fc.nat({ max: commits.length - 1 }),
  ref: fc.oneof({ weight: 6, arbitrary: fc.constant('main') }, fc.constant('topic')),
  status: fc.oneof({ weight: 5, arbitrary: status('success') }, fc.constantFrom(...NOT_STARTED)),
  source: fc.constantFrom('push', 'push', 'web', 'schedule'),
  tag: rarely(12),
  unreadable: rarely(8),
  starts: fc.array(start, { maxLength: 3 }),
});

const situation = fc.record({
  pipelines: fc.array(pipeline, { maxLength: 12 }),
  present: fc.option(fc.nat({ max: 11 })),
  pageHeaders: fc.constantFrom('both' as const, 'link' as const, 'x-next-page' as const),
  maxPerPage: fc.constantFrom(1, 2, 3, 100),
});

/** The state they describe: parents are numbered 100, 101, … in their order. */
function stateOf(described: readonly (typeof pipeline extends fc.Arbitrary<infer Value> ? Value : never)[]) {
  let nextId = 1000;
  const numbered = (jobs: readonly Omit<FakeJob, 'id'>[]) =>
    jobs.map((job): FakeJob => ({ id: nextId++, ...job }));
  const childOf = ({ kind, status: ended, jobs, others }: Start): FakePipeline => {
    const inside = {
      ours: () => [...numbered(withImages(jobs, others)), ...numbered(others)],
      nothing: () => numbered([{ name: 'no-image-affected', status: ended }]),
      foreign: () => numbered([...others, { name: 'tidy', status: ended }]),
      empty: () => [],
      elsewhere: () => numbered(jobs),
      idle: () => [],
    }[kind]();
    return {
      id: nextId++,
      ref: 'main',
      sha: commits[0] as string,
      status: ended,
      source: 'parent_pipeline',
      jobs: inside,
    };
  };
  const children: FakePipeline[] = [];
  const elsewhere: FakePipeline[] = [];
  const parents = described.map(({ commit, starts, ...settings }, index): FakePipeline => {
    const bridges = starts.map((each): FakeBridge => {
      const bridge = { id: nextId++, name: `start-${nextId}`, status: each.status, retried: each.retried };
      if (each.kind === 'idle') return bridge;
      const child = childOf(each);
      (each.kind === 'elsewhere' ? elsewhere : children).push(child);
      return {
        ...bridge,
        downstream: child.id,
        ...(each.kind === 'elsewhere' ? { project: OTHER_PROJECT } : {}),
      };
    });
    return { id: 100 + index, sha: commits[commit] as string, bridges, ...settings };
  });
  return { pipelines: [...parents, ...children], elsewhere, parents };
}

/** No job of an image without a run of its build that counts, which GitLab would not have made either. */
function withImages(
  jobs: readonly Omit<FakeJob, 'id'>[],
  others: readonly { name: string }[],
): Omit<FakeJob, 'id'>[] {
  const images = new Set([...others, ...jobs].map(({ name }) => name.replace(/:[^:]*$/, '')));
  const present = [...images].filter(
    (image) => !jobs.some(({ name, retried }) => name === `${image}:build` && !retried),
  );
  return [...jobs, ...present.map((image) => ({ name: `${image}:build`, status: 'success' }))];
}

/** The rule, told from the state itself. */
function builtItsPlan(parent: FakePipeline, all: readonly FakePipeline[]): boolean {
  const starts = (parent.bridges ?? []).filter(({ retried }) => !retried);
  if (starts.some(({ downstream, status: ended }) => downstream === undefined && ended !== 'manual'))
    return false;
  const children = starts
    .filter(({ downstream, project }) => downstream !== undefined && project === undefined)
    .map(({ downstream }) => all.find(({ id }) => id === downstream) as FakePipeline);
  if (children.some(({ jobs = [], status: ended }) => jobs.length === 0 && ended !== 'success')) return false;
  const ours = children.filter(({ jobs = [] }) =>
    jobs.some(({ name }) => /:build$|^no-image-affected$/.test(name)),
  );
  const builds = ours.flatMap(({ jobs = [] }) =>
    [...new Set(jobs.map(({ name }) => name))]
      .filter((name) => name.endsWith(':build'))
      .map((name) => jobs.filter((job) => job.name === name && !job.retried).at(-1) as FakeJob),
  );
  return ours.length > 0 && !parent.tag && builds.every(({ status: ended }) => ended === 'success');
}

test('is the newest of those that a look at everything finds', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async ({ pipelines: described, present, pageHeaders, maxPerPage }) => {
      const { pipelines, elsewhere, parents } = stateOf(described);
      putProject(server, pipelines);
      server.state.projects.push({ id: OTHER_PROJECT, pipelines: elsewhere });
      Object.assign(server, { pageHeaders, maxPerPage, requests: [] });
      const presentPipeline = present === null ? undefined : 100 + present;
      const answer = await lastBuilt({
        api: openApi(server).api,
        projectId: 7,
        branch: 'main',
        presentPipeline,
        history,
        isAncestor: (commit) => Promise.resolve(past.get(commit)),
      });
      const counting = parents.filter(
        (each) =>
          each.ref === 'main' &&
          !each.unreadable &&
          each.id !== presentPipeline &&
          !NOT_STARTED.includes(each.status) &&
          past.get(each.sha) === true &&
          builtItsPlan(each, pipelines),
      );
      const rank = ({ sha }: { sha: string }) =>
        history.includes(sha) ? history.indexOf(sha) : history.length;
      const newest = Math.min(...counting.map((each) => rank(each)));
      const right = counting
        .filter((each) => rank(each) === newest)
        .map(({ id, sha }) => ({ pipeline: id, commit: sha }));
      if (!answer.ok) throw new Error(answer.detail);
      const value = answer.value && { pipeline: answer.value.pipeline, commit: answer.value.commit };
      if (right.length === 0)
        expect(answer).toMatchObject({ value: undefined, why: expect.stringContaining('main') as string });
      else expect(right).toContainEqual(value);
    }),
  );
});
