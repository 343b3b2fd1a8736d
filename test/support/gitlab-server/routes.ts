import type { IncomingHttpHeaders } from 'node:http';
import { readableProject } from './access.ts';
import { type FakeAnswer, refusal, Refused } from './answer.ts';
import { type PageHeaders, pageOf } from './paging.ts';
import { showBridge, showJob, showPipeline } from './show.ts';
import type { FakeJob, FakePipeline, FakeProject, GitLabState } from './state.ts';

export interface Asked {
  state: GitLabState;
  method: string;
  /** The path below `/api/v4`, still encoded. */
  path: string;
  url: URL;
  headers: IncomingHttpHeaders;
  pages: { headers: PageHeaders; maxPerPage: number };
}

/** Answers what GitLab's API would (lib/api/ci/pipelines.rb, jobs.rb, job_artifacts.rb). */
export function route(asked: Asked): FakeAnswer {
  for (const [pattern, jobTokens, handle] of ROUTES) {
    const match = pattern.exec(asked.path);
    if (!match || asked.method !== 'GET') continue;
    const [id, ...rest] = match.slice(1).map((part) => decodeURIComponent(part)) as [string, ...string[]];
    try {
      const project = readableProject(asked.state, Number(id), { headers: asked.headers, jobTokens });
      return handle(asked, project, rest);
    } catch (error) {
      if (error instanceof Refused) return error.answer;
      throw error;
    }
  }
  return refusal(404, 'Not Found');
}

type Handler = (asked: Asked, project: FakeProject, parameters: readonly string[]) => FakeAnswer;

/** Address, whether a job's token is taken, answer. */
const ROUTES: readonly (readonly [RegExp, boolean, Handler])[] = [
  [/^\/projects\/([^/]+)\/pipelines$/, false, pipelines],
  [/^\/projects\/([^/]+)\/pipelines\/(\d+)\/bridges$/, false, bridges],
  [/^\/projects\/([^/]+)\/pipelines\/(\d+)\/jobs$/, true, jobs],
  [/^\/projects\/([^/]+)\/jobs\/artifacts\/([^/]+)\/raw\/(.+)$/, true, artifact],
];

function pipelines({ url, pages }: Asked, project: FakeProject): FakeAnswer {
  const query = url.searchParams;
  const orderBy = query.get('order_by') ?? 'id';
  const ascending = query.get('sort') === 'asc';
  if (orderBy !== 'id') throw new Refused(refusal(400, 'Bad request - order_by does not have a valid value'));
  const wanted = (['ref', 'status', 'sha', 'source'] as const).filter((name) => query.has(name));
  const matches = (pipeline: FakePipeline) =>
    wanted.every((name) => (pipeline[name] ?? 'push') === query.get(name));
  const found = project.pipelines
    .filter((pipeline) => pipeline.source !== 'parent_pipeline' && matches(pipeline))
    .toSorted((a, b) => (ascending ? a.id - b.id : b.id - a.id));
  const isReadable = ({ unreadable }: FakePipeline) => !unreadable;
  return pageOf(found, {
    url,
    isReadable,
    show: (each) => showPipeline(project, each),
    ...pages,
  });
}

function bridges(asked: Asked, project: FakeProject, [id]: readonly string[]): FakeAnswer {
  const pipeline = pipelineOf(project, id);
  return runs(asked, pipeline.bridges ?? [], (each) => showBridge(asked.state, project, pipeline, each));
}

function jobs(asked: Asked, project: FakeProject, [id]: readonly string[]): FakeAnswer {
  const pipeline = pipelineOf(project, id);
  return runs(asked, pipeline.jobs ?? [], (each) => showJob(pipeline, each));
}

/** Newest first; what was run again is left out unless it is asked for. */
function runs<Job extends FakeJob>(
  asked: Asked,
  all: readonly Job[],
  show: (job: Job) => unknown,
): FakeAnswer {
  const retriedToo = asked.url.searchParams.get('include_retried') === 'true';
  const found = all.filter(({ retried }) => retriedToo || !retried).toSorted((a, b) => b.id - a.id);
  return pageOf(found, { url: asked.url, isReadable: () => true, show, ...asked.pages });
}

/** Only the latest pipeline of the ref that succeeded is looked into, whether it has such a job or not. */
function artifact({ url }: Asked, project: FakeProject, [ref, path]: readonly string[]): FakeAnswer {
  const [latest] = project.pipelines
    .filter((each) => each.ref === ref && each.status === 'success' && each.source !== 'parent_pipeline')
    .toSorted((a, b) => b.id - a.id);
  const name = url.searchParams.get('job');
  const job = latest?.jobs?.find((each) => each.name === name && each.status === 'success' && !each.retried);
  const text = job?.artifacts?.[path as string];
  if (text === undefined) throw new Refused(refusal(404, 'Not found'));
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: text };
}

function pipelineOf(project: FakeProject, id: string | undefined): FakePipeline {
  const pipeline = project.pipelines.find((candidate) => String(candidate.id) === id);
  if (!pipeline) throw new Refused(refusal(404, 'Not found'));
  return pipeline;
}
