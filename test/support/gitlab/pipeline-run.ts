import type { Execution, StandIn } from './executables.ts';
import type { Variable } from './job.ts';
import type { JobImage } from './job-image.ts';
import type { JobStatus } from './schedule.ts';

export interface PipelineOptions {
  readonly yaml: string;
  /** What a job finds checked out. */
  readonly projectDir: string;
  /** Variables of the pipeline, the project or the parent: they win over what the file says. Default: none. */
  readonly variables?: Readonly<Record<string, string | Variable>>;
  /** Variables GitLab itself sets (`CI_…`): the file wins over them. Default: none. */
  readonly predefined?: Readonly<Record<string, string>>;
  /** Programs that jobs call, by command name or by an absolute path below one of `pathMap`. */
  readonly executables?: Readonly<Record<string, StandIn>>;
  /**
   * Absolute paths that jobs write to, such as `/kaniko`, so that no root is needed. In the scripts and the variables
   * of each job they are replaced, as text, by a folder of its own: a copy of the given folder, or empty for null.
   * Records and logs show the original paths.
   */
  readonly pathMap?: Readonly<Record<string, string | null>>;
  /** Default `['sh']`. */
  readonly shell?: readonly string[];
  /** Gives each run of a job a machine of its own. Default: jobs run on this one, with `executables` and `pathMap`. */
  readonly container?: (request: ContainerRequest) => Promise<Container>;
  /** Manual jobs that somebody starts as soon as they can be. */
  readonly played?: readonly string[];
}

export interface ContainerRequest {
  /** What the job asks for. */
  readonly image: JobImage | undefined;
  /** A folder for this run of the job alone, removed with the pipeline. */
  readonly directory: string;
  /** The job's copy of the project on this machine: what the container shows at its `projectDir`. */
  readonly project: string;
}

export interface Container {
  /** A command that starts the job's shell in the container. `after_script` calls it a second time, as GitLab does. */
  readonly shell: readonly string[];
  /** `CI_PROJECT_DIR`. */
  readonly projectDir: string;
}

export interface JobRun {
  readonly name: string;
  readonly status: JobStatus;
  readonly exitCode: number | undefined;
  /** What the job's scripts printed. */
  readonly log: string;
  readonly executions: readonly Execution[];
  /** What the shell was given; empty for a job that didn't run. */
  readonly variables: Readonly<Record<string, string>>;
  /** Texts of the artifacts the job left, by path. */
  readonly artifacts: Readonly<Record<string, string>>;
  /** Variables of its dotenv report. */
  readonly dotenv: Readonly<Record<string, string>>;
  /** Runs of the job: more than one after retries. */
  readonly attempts: number;
  /** Position among the jobs that ran, from 0; undefined for the others. */
  readonly order: number | undefined;
}

export interface PipelineRun {
  readonly status: 'success' | 'failed' | 'skipped' | 'manual';
  /** In order of execution, then those that didn't run, in the file's order. */
  readonly jobs: readonly JobRun[];
}
