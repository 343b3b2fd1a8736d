import type { FakeBridge, FakeJob, FakePipeline, FakeProject, GitLabState } from './state.ts';

/** GitLab's `PipelineBasic` (lib/api/entities/ci/pipeline_basic.rb). */
export function showPipeline(project: FakeProject, pipeline: FakePipeline): unknown {
  const { id, sha, ref, status, source = 'push' } = pipeline;
  return { id, iid: id, project_id: project.id, sha, ref, status, source, name: null };
}

/** GitLab's `Job` (lib/api/entities/ci/job_basic.rb, job.rb), what matters of it. */
export function showJob(pipeline: FakePipeline, job: FakeJob): Record<string, unknown> {
  const { id, name, status, allowFailure = false } = job;
  const { ref, tag = false } = pipeline;
  return { id, name, status, stage: 'build', ref, tag, allow_failure: allowFailure, coverage: null };
}

/** GitLab's `Bridge` (lib/api/entities/ci/bridge.rb). */
export function showBridge(
  state: GitLabState,
  project: FakeProject,
  pipeline: FakePipeline,
  bridge: FakeBridge,
): unknown {
  const target = state.projects.find(({ id }) => id === (bridge.project ?? project.id));
  const downstream = target?.pipelines.find(({ id }) => id === bridge.downstream);
  const shown = target && downstream ? showPipeline(target, downstream) : null;
  return { ...showJob(pipeline, bridge), downstream_pipeline: shown };
}
