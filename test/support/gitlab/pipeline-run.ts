import type { Execution, StandIn } from './executables.ts';
import type { Variable } from './job.ts';
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
  /** Manual jobs that somebody starts as soon as they can be. */
  readonly played?: readonly string[];
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
