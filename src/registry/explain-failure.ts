import {
  askedToWait,
  CERTIFICATE,
  type FailedRequest,
  type Failure,
  NO_TLS,
  seconds,
  tooMuch,
  triedMoreThanOnce,
} from '../http/failure.ts';
import { READING } from '../http/fetch-once.ts';

/** What went wrong between this program and a registry, and what a person can do about it. */
export function explainFailure(failure: Failure, failed: FailedRequest): string {
  const { request, server } = failed;
  switch (failure.kind) {
    case 'status':
      return explainStatus(failure, failed);
    case 'redirect':
      return `${server} sends ${request} on to ${failure.to} (${failure.status}), where it is not followed`;
    case 'connection':
      return explainConnection(failure.code, failed);
    case 'proxy':
      return `the proxy ${failure.proxy} does not let ${request} through: ${failure.reason}${triedMoreThanOnce(failed)}`;
    case 'too-much':
      return `${server} answers ${request} ${tooMuch(failure)}, which is no image's manifest: is it a registry?`;
    case 'time-out':
      return `${server} did not answer ${request} within ${seconds(failure.afterMs)}${triedMoreThanOnce(failed)}`;
    case 'budget':
      return `the registry was not done answering within ${seconds(failure.afterMs)}, which is all the time it gets`;
  }
}

function explainConnection(code: string, failed: FailedRequest): string {
  const { server } = failed;
  if (CERTIFICATE.test(code)) {
    return `the certificate of ${server} is not trusted (${code}): set NODE_EXTRA_CA_CERTS to the file of its authority`;
  }
  return NO_TLS.test(code)
    ? `${server} does not speak TLS (${code}): a registry that is to be asked over plain HTTP has to be named in AFFECTED_REGISTRY_INSECURE, as ${new URL(server).host}`
    : `there is no connection to ${server}, or it breaks off (${code})${triedMoreThanOnce(failed)}`;
}

function explainStatus({ status, body }: { status: number; body: string }, failed: FailedRequest): string {
  const { method, request, server } = failed;
  if (status === 401 || status === 403) {
    return `${server} does not let ${request} in (${status}): the job's log-in (CI_REGISTRY_USER, or DOCKER_AUTH_CONFIG) needs leave to ${rightFor(method)}`;
  }
  if (status === 429) {
    return `${server} refuses ${request} after too many requests (429)${askedToWait(failed)}${triedMoreThanOnce(failed)}`;
  }
  const ending = `${adviceFor(method, status)}${askedToWait(failed)}${triedMoreThanOnce(failed)}`;
  const code = READING.has(method) ? '' : codeIn(body);
  return `${server} ${status >= 500 ? 'failed to answer' : 'refuses'} ${request} (${status}${code})${ending}`;
}

function rightFor(method: string): string {
  if (method === 'PUT') return 'push, and no rule of the registry may protect the tag from it';
  return method === 'DELETE' ? 'delete' : 'pull';
}

/** Registries differ in how they refuse to move a tag that a rule makes immutable (ECR 400, Harbor 412, others 405, 409). */
function adviceFor(method: string, status: number): string {
  if (method === 'PUT' && status === 404)
    return ': the repository, or a part of the image, is no longer there';
  if (method === 'PUT' && [400, 405, 409, 412, 422].includes(status)) {
    return ': a rule of the registry may make the tag immutable';
  }
  return method === 'DELETE' && status === 405 ? ': deleting is not enabled there' : '';
}

/** What the registry calls it (distribution specification, "Error Codes"). */
function codeIn(body: string): string {
  const [, code] = /"code"\s*:\s*"([A-Z_]{1,40})"/.exec(body) ?? [];
  return code === undefined ? '' : ` ${code}`;
}
