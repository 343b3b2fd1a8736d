import type { Runner } from '../config/runner.ts';
import { type CiMap, CiPlain } from './ci-yaml.ts';

/** Failures that building again may well mend (doc/ci/yaml, retry:when); a build that fails is none of them. */
const FAILURES_OF_THE_SYSTEM = [
  'runner_system_failure',
  'scheduler_failure',
  'api_failure',
  'data_integrity_failure',
];

/** A job's keywords for what the config says of its runner. */
export function runnerKeywords({ tags, timeout, retry, allowFailure }: Runner): CiMap {
  return {
    ...(tags && { tags }),
    ...(timeout !== undefined && { timeout }),
    ...(retry !== undefined && {
      retry: { max: new CiPlain(String(retry)), when: FAILURES_OF_THE_SYSTEM },
    }),
    ...(allowFailure !== undefined && { allow_failure: allowFailure }),
  };
}

/** A job's variables for it, with those by which a Kubernetes runner sizes the container (doc/runner, executors/kubernetes). */
export function runnerVariables({ requests, limits, variables }: Runner): CiMap {
  const sizes = {
    KUBERNETES_CPU_REQUEST: requests?.cpu,
    KUBERNETES_CPU_LIMIT: limits?.cpu,
    KUBERNETES_MEMORY_REQUEST: requests?.memory,
    KUBERNETES_MEMORY_LIMIT: limits?.memory,
  };
  const set = Object.entries(sizes).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(set), ...variables };
}
