import { type Answer, NoAnswerError } from '../http/answer.ts';
import type { FailedRequest, Failure } from '../http/failure.ts';
import type { Reply } from '../http/fetch-once.ts';
import { explainFailure } from './explain-failure.ts';
import { readPages } from './read-pages.ts';
import { loadResources, type Resources } from './resources.ts';
import {
  type Job,
  jobList,
  type Pipeline,
  pipelineList,
  type TriggerJob,
  triggerJobList,
} from './schemas.ts';
import type { ProxyOf } from '../http/proxies.ts';
import { openSender } from '../http/send.ts';
import { conceal, type Token, tokenFault } from './token.ts';

interface OfPipeline {
  /** `CI_PROJECT_ID`, a number. */
  projectId: string | number;
  pipeline: number;
}

/** What GitLab is asked. Nothing is thrown: where there is no answer, the reason is the answer. */
export interface GitLab {
  /** The last pipelines of a branch, newest first, at most so many; child pipelines are not among them. */
  pipelines(options: {
    projectId: string | number;
    branch: string;
    atMost: number;
  }): Promise<Answer<readonly Pipeline[]>>;
  /** The jobs of a pipeline that start another one; of those that were run again, the last run. */
  triggerJobs(options: OfPipeline): Promise<Answer<readonly TriggerJob[]>>;
  /** All other jobs of a pipeline; of those that were run again, the last run. */
  jobs(options: OfPipeline): Promise<Answer<readonly Job[]>>;
  /** A file among the artifacts of a job in the branch's latest pipeline that succeeded. */
  artifactFile(options: {
    projectId: string | number;
    branch: string;
    job: string;
    /** Below the job's project directory. */
    path: string;
  }): Promise<Answer<string>>;
}

/**
 * Opens GitLab's API. The library behind it is loaded when first something is asked.
 *
 * Every request has a time of its own, and all together have one budget; what failed in passing is asked again, as late
 * as GitLab wants. No token is ever part of an answer or a line that is said.
 *
 * @param options.url `CI_API_V4_URL`: `https://host/api/v4`, or the same below a path.
 */
export function openGitLab(options: {
  url: string;
  token: Token | undefined;
  /** For everything that is asked, in milliseconds, from now on. */
  budgetMs: number;
  /** For one request; 10 s where absent. */
  requestMs?: number;
  /** The first wait before a request is repeated, where GitLab asks for none; half a second where absent. */
  retryMs?: number;
  /** Is told each request before it is sent, and each wait, a line each. */
  say: (line: string) => void;
  proxyOf: ProxyOf;
}): GitLab {
  const { url, token, budgetMs, requestMs = 10_000, retryMs = 500 } = options;
  const concealed = conceal(token);
  const say = (line: string) => options.say(`${concealed(line)}\n`);
  const explain = (failure: Failure, failed: FailedRequest) => explainFailure(failure, { ...failed, token });
  const { proxyOf } = options;
  const sending = { explain, budgetMs, requestMs, retryMs, say, proxyOf };
  const send = openSender({ ...sending, mostBytes: MOST_BYTES, followsElsewhere: false });
  let loading: Promise<Resources> | undefined;
  const load = () => {
    const fault = hostFault(url) ?? tokenFault(token);
    if (fault !== undefined) throw new NoAnswerError(fault);
    return (loading ??= loadResources({ host: url.replace(API, ''), token, send }));
  };

  async function answer<Value>(ask: (resources: Resources) => Promise<Value>): Promise<Answer<Value>> {
    try {
      return { ok: true, value: await ask(await load()) };
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      const { message, status } = error;
      return { ok: false, detail: concealed(message), ...(status === undefined ? {} : { status }) };
    }
  }

  return {
    pipelines: ({ projectId, branch, atMost }) =>
      answer(({ pipelines }) =>
        readPages(pipelineList, atMost, (page) =>
          reply(pipelines.all(projectId, { ref: branch, orderBy: 'id', sort: 'desc', ...page })),
        ),
      ),
    triggerJobs: ({ projectId, pipeline }) =>
      answer(({ jobs }) =>
        readPages(triggerJobList, Infinity, (page) =>
          reply(jobs.allPipelineBridges(projectId, pipeline, page)),
        ),
      ),
    jobs: ({ projectId, pipeline }) =>
      answer(({ jobs }) =>
        readPages(jobList, Infinity, (page) => reply(jobs.all(projectId, { pipelineId: pipeline, ...page }))),
      ),
    artifactFile: ({ projectId, branch, job, path }) =>
      answer(async ({ jobArtifacts }) => {
        const file = { ref: branch, job, artifactPath: path, showExpanded: true } as const;
        return (await reply(jobArtifacts.downloadArchive(projectId, file))).body;
      }),
  };
}

/** A child pipeline has 5 MiB at most, where its limit was not raised. */
const MOST_BYTES = 64 << 20;

const API = /\/api\/v4\/?$/;

/** Why there can be no GitLab at an address; a user and password in it, which fetch refuses, are not repeated. */
function hostFault(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const plain =
    parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username + parsed.password === '';
  if (plain && parsed.search + parsed.hash === '' && API.test(url)) return undefined;
  return 'CI_API_V4_URL is not the address of a GitLab API: it has to read https://<host>/api/v4';
}

/** The library hands back what `loadResources` gave it, and types it as the data it takes the body for. */
async function reply(answered: Promise<unknown>): Promise<Reply> {
  const { data, headers } = (await answered) as { data: string; headers: Reply['headers'] };
  return { body: data, headers };
}
