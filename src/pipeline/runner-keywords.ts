import type { Runner } from '../config/runner.ts';
import { type CiMap, CiPlain, type CiValue } from './ci-yaml.ts';

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

/**
 * A job's variables for it: those by which a Kubernetes runner sizes the container (doc/runner, executors/kubernetes), and
 * those that the templates read.
 */
export function runnerVariables(runner: Runner): CiMap {
  const { requests, limits, variables } = runner;
  const sizes = given({
    KUBERNETES_CPU_REQUEST: requests?.cpu,
    KUBERNETES_CPU_LIMIT: limits?.cpu,
    KUBERNETES_MEMORY_REQUEST: requests?.memory,
    KUBERNETES_MEMORY_LIMIT: limits?.memory,
  });
  return { ...sizes, ...networkVariables(runner), ...variables };
}

/** How a build gets at other hosts; see ci-templates/shared.yml. */
export function networkVariables({ proxy, certificates, mirrors = {} }: Runner): CiMap {
  const named = Object.entries(mirrors).flatMap(([registry, list]) =>
    list.map((mirror) => `${registry}=${mirror}`),
  );
  return given({
    AFFECTED_HTTP_PROXY: proxy?.http,
    AFFECTED_HTTPS_PROXY: proxy?.https,
    AFFECTED_NO_PROXY: proxy?.no?.join(','),
    // Of a variable, the job is given the name: GitLab would expand one that holds a file in its own way.
    AFFECTED_CERTIFICATES: /[$%]/.test(certificates ?? '')
      ? { value: certificates ?? '', expand: false }
      : certificates,
    ...Object.fromEntries(named.map((mirror, index) => [`AFFECTED_MIRROR_${index + 1}`, mirror])),
  });
}

/** Those that say something. */
function given(values: Readonly<Record<string, CiValue | undefined>>): CiMap {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, CiValue] => (entry[1] ?? '') !== ''),
  );
}
