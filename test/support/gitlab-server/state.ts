/** What a stand-in for GitLab holds. Everything may be changed between requests. */
export interface GitLabState {
  projects: FakeProject[];
  tokens: FakeToken[];
}

export interface FakeProject {
  id: number;
  public?: boolean;
  /** Parents and children alike; lists show the parents only. */
  pipelines: FakePipeline[];
}

export interface FakePipeline {
  id: number;
  ref: string;
  tag?: boolean;
  sha: string;
  status: string;
  /** Default: `push`; `parent_pipeline` for a child. */
  source?: string;
  /** Lists leave it out, but only after they were cut into pages. */
  unreadable?: boolean;
  jobs?: FakeJob[];
  bridges?: FakeBridge[];
}

export interface FakeJob {
  id: number;
  name: string;
  status: string;
  allowFailure?: boolean;
  /** It was run again: lists leave it out unless they are asked for it. */
  retried?: boolean;
  /** Contents by path. */
  artifacts?: Readonly<Record<string, string>>;
}

export interface FakeBridge extends FakeJob {
  /** The id of the pipeline it started, in its own project unless another is named. */
  downstream?: number;
  project?: number;
}

export interface FakeToken {
  kind: 'private' | 'job';
  value: string;
  /** Of a job: the project it runs in. */
  project?: number;
  scopes?: string[];
  /** Access level by project id: 10 guest, 20 reporter, 30 developer. */
  roles?: Readonly<Record<number, number>>;
}
