import type { JobArtifacts, Jobs, Pipelines } from '@gitbeaker/rest';
import type { RequestOptions } from '@gitbeaker/requester-utils';
import type { Request } from '../http/exchange.ts';
import type { Reply } from '../http/fetch-once.ts';
import type { Token } from './token.ts';

/** The parts of the library that are used. Each call answers with a `Reply`: see `loadResources`. */
export interface Resources {
  pipelines: Pipelines;
  jobs: Jobs;
  jobArtifacts: JobArtifacts;
}

/**
 * Loads the library, which knows GitLab's addresses, parameters and headers, and gives it our own way to send what it
 * makes: its own repeats requests ten times within a third of a second, whatever GitLab asks for (gitbeaker#3805).
 * Bodies come back unread, so that what is no data is told from data here; and pages are followed here too.
 */
export async function loadResources(options: {
  /** What stands before `/api/v4`. */
  host: string;
  token: Token | undefined;
  send: (request: Request) => Promise<Reply>;
}): Promise<Resources> {
  const { host, token, send } = options;
  const [{ JobArtifacts, Jobs, Pipelines }, { createRequesterFn }] = await Promise.all([
    import('@gitbeaker/rest'),
    import('@gitbeaker/requester-utils'),
  ]);
  const settings = {
    host,
    ...(token?.kind === 'private' ? { token: token.value } : {}),
    ...(token?.kind === 'job' ? { jobToken: token.value } : {}),
    queryTimeout: null,
    rateLimits: {},
    requesterFn: createRequesterFn(
      (_, request) => Promise.resolve(request),
      async (endpoint, request) => ({
        ...(await send(toRequest(endpoint, request as RequestOptions))),
        status: 200,
      }),
    ),
  };
  return {
    pipelines: new Pipelines(settings),
    jobs: new Jobs(settings),
    jobArtifacts: new JobArtifacts(settings),
  };
}

function toRequest(endpoint: string, options: RequestOptions): Request {
  const { method = 'GET', headers = {}, prefixUrl, searchParams = '', body } = options;
  const url = new URL(endpoint, prefixUrl);
  url.search = searchParams;
  return { method, url, headers, body };
}
