/**
 * What GitLab refuses. Those that an administrator or a subscription may change; each is a key of `limits` in the config.
 *
 * Sources: doc/administration/cicd/limits.md for what a server has by default, doc/user/gitlab_com/_index.md for what
 * gitlab.com has by subscription.
 */
export interface Limits {
  /** Jobs of one pipeline, those that start others among them (`ci_pipeline_size`); `Infinity` where there is no limit. */
  jobs: number;
  /** `needs` of one job (`ci_needs_size_limit`). */
  needs: number;
  /** Variables of one dotenv report (`dotenv_variables`). */
  dotenvVariables: number;
  /** A dotenv report has fewer bytes than this (`dotenv_size`; app/services/ci/parse_dotenv_artifact_service.rb). */
  dotenvBytes: number;
  /** What one configuration takes in Ruby's memory, not as text (`max_yaml_size_bytes`; 1 MiB before 17.3). */
  yamlBytes: number;
  /**
   * The whole archive that an included file comes in, and the file itself (`max_artifacts_content_include_size`;
   * lib/gitlab/ci/artifact_file_reader.rb).
   */
  artifactBytes: number;
}

export type Tier = 'self-managed' | 'free' | 'premium' | 'ultimate';

/** As the config has it: single values count more than those of the tier. */
export type LimitSettings = { tier: Tier } & { [Name in keyof Limits]?: Limits[Name] };

/** Pipelines that one starts, itself and through others (`pipeline_hierarchy_size`). */
export const DOWNSTREAM_PIPELINES = 1000;

/** A job's name where other jobs need it: older versions store 128 characters (Ci::BuildNeed::MAX_JOB_NAME_LENGTH). */
export const JOB_NAME_LENGTH = 128;

export function limitsOf({ tier, ...single }: LimitSettings): Limits {
  return { ...SELF_MANAGED, ...GITLAB_COM[tier], ...single };
}

const SELF_MANAGED: Limits = {
  jobs: Infinity,
  needs: 50,
  dotenvVariables: 20,
  dotenvBytes: 5 * 1024,
  yamlBytes: 2 * 1024 * 1024,
  artifactBytes: 5 * 1024 * 1024,
};

const GITLAB_COM: Record<Tier, Partial<Limits>> = {
  'self-managed': {},
  // Of 500 in all pipelines that are active at once (`ci_active_jobs`): those above this one have jobs too.
  free: { jobs: 450, dotenvVariables: 50 },
  premium: { jobs: 1500, dotenvVariables: 100 },
  ultimate: { jobs: 2000, dotenvVariables: 150 },
};
