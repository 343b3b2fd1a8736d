import {
  askedToWait,
  CERTIFICATE,
  type FailedRequest as Failed,
  type Failure,
  seconds,
  tooMuch,
  triedMoreThanOnce,
} from '../http/failure.ts';
import { nameOf, type Token, TOKEN_NEEDED } from './token.ts';

interface FailedRequest extends Failed {
  token: Token | undefined;
}

/** What went wrong, and what a person can do about it. */
export function explainFailure(failure: Failure, failed: FailedRequest): string {
  switch (failure.kind) {
    case 'status':
      return explainStatus(failure, failed);
    case 'redirect':
      return `GitLab sends ${failed.request} on to ${failure.to} (${failure.status}): CI_API_V4_URL has to name the address it really has`;
    case 'connection':
      return explainConnection(failure.code, failed);
    case 'proxy':
      return `the proxy ${failure.proxy} does not let ${failed.request} through: ${failure.reason}${triedMoreThanOnce(failed)}`;
    case 'too-much':
      return `GitLab answers ${failed.request} ${tooMuch(failure)}`;
    case 'time-out':
      return `GitLab did not answer ${failed.request} within ${seconds(failure.afterMs)}${triedMoreThanOnce(failed)}`;
    case 'budget':
      return `GitLab was not done answering within ${seconds(failure.afterMs)}, which is all the time it gets`;
  }
}

function explainStatus(failure: { status: number; body: string }, failed: FailedRequest): string {
  const { status } = failure;
  const { request } = failed;
  if (status === 401) return explain401(failed);
  if (status === 403) return explain403(failed);
  if (status === 404) {
    const hidden =
      failed.token === undefined
        ? 'it is not shown without a token'
        : `${nameOf(failed.token)} may not see it`;
    return `GitLab finds nothing for ${request} (404): it is not there, or ${hidden}`;
  }
  if (status === 429)
    return `GitLab refuses ${request} after too many requests (429)${askedToWait(failed)}${triedMoreThanOnce(failed)}`;
  if (status >= 500)
    return `GitLab failed to answer ${request} (${status})${askedToWait(failed)}${triedMoreThanOnce(failed)}`;
  const said = messageOf(failure.body);
  return `GitLab refuses ${request} (${status})${said === '' ? '' : `: ${said}`}`;
}

function explain401({ token, request }: FailedRequest): string {
  if (token?.kind === 'private') {
    return `GitLab does not accept the token in AFFECTED_GITLAB_TOKEN (401): it is mistyped, expired or revoked; set it to ${TOKEN_NEEDED}`;
  }
  const whom = token === undefined ? 'without a token' : `for ${nameOf(token)}`;
  return `GitLab does not answer ${request} ${whom} (401); set AFFECTED_GITLAB_TOKEN to ${TOKEN_NEEDED}`;
}

function explain403({ token, request }: FailedRequest): string {
  if (token?.kind === 'private') {
    return `the token in AFFECTED_GITLAB_TOKEN may not read ${request} (403): it needs scope read_api and at least the role Reporter`;
  }
  const whom = token === undefined ? 'without a token' : `for ${nameOf(token)}`;
  return `GitLab refuses ${request} ${whom} (403); set AFFECTED_GITLAB_TOKEN to ${TOKEN_NEEDED}`;
}

function explainConnection(code: string, failed: FailedRequest): string {
  const { server } = failed;
  if (CERTIFICATE.test(code)) {
    return `the certificate of ${server} is not trusted (${code}): set NODE_EXTRA_CA_CERTS to the file of its authority, in a job $CI_SERVER_TLS_CA_FILE`;
  }
  return `there is no connection to ${server}, or it breaks off (${code})${triedMoreThanOnce(failed)}`;
}

/** GitLab's own words, `{"message": …}` or `{"error": …}`, cut short. */
function messageOf(body: string): string {
  try {
    const { message, error } = JSON.parse(body) as { message?: unknown; error?: unknown };
    const said = message ?? error ?? '';
    return (typeof said === 'string' ? said : JSON.stringify(said)).slice(0, LONGEST_MESSAGE);
  } catch {
    return '';
  }
}

const LONGEST_MESSAGE = 200;
