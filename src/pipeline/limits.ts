/**
 * What GitLab refuses, with its sources. All are GitLab's defaults; a self-managed instance may allow more.
 */
export const LIMITS = {
  /** `needs` of one job (doc/administration/cicd/limits.md). */
  needsPerJob: 50,
  /** A job's name where other jobs need it: older versions store 128 characters (Ci::BuildNeed::MAX_JOB_NAME_LENGTH). */
  jobName: 128,
  /** One configuration, in bytes (max_yaml_size_bytes); the artifact it comes in may have 5 MiB. */
  configuration: 2 * 1024 * 1024,
} as const;
