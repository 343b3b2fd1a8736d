import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { PipelineRun } from '../support/gitlab/pipeline-run.ts';
import { runPipeline } from '../support/gitlab/run.ts';
import { generate, mergeRequest, predefined } from '../support/pipeline.ts';
import type { TestRepository } from '../support/repository.ts';
import { kanikoContainer } from './container.ts';
import { type Registry, startRegistry } from './registry.ts';
import { type GateOptions, openGate } from './registry-gate.ts';
import { seedImage } from './seed-image.ts';
import { isToolImage, toolContainer } from './tool-container.ts';
import type { Tools } from './tools.ts';

/** A GitLab with a container registry, as far as child pipelines see one. */
export interface Platform {
  readonly tools: Tools;
  readonly registry: Registry;
  /** Somebody else's image, with a shell and a few commands, that the registry holds from the start. */
  readonly busybox: string;
  /** What GitLab's variables say of it. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The repository of an image of the project, in the registry. */
export function repositoryOf(image: string): string {
  return `group/project/${image}`;
}

/** Starts one for the running test, which ends it. The project has published nothing yet. */
export async function startPlatform(tools: Tools, gate: GateOptions = {}): Promise<Platform> {
  const registry = await openGate(await startRegistry(tools.registry), gate);
  onTestFinished(registry.stop);
  await seedBusybox(registry, { busybox: tools.busybox, repository: 'outside/busybox' });
  const variables = {
    ...predefined,
    CI_REGISTRY: registry.host,
    CI_REGISTRY_IMAGE: `${registry.host}/${repositoryOf('')}`.replace(/\/$/u, ''),
    CI_REGISTRY_USER: registry.user,
    CI_REGISTRY_PASSWORD: registry.password,
  };
  return { tools, registry, busybox: `${registry.host}/outside/busybox:1`, variables };
}

/** Generates the child pipeline of everything since `base`, of a merge request if nothing else is said, and runs it. */
export async function runChildPipeline(
  platform: Platform,
  repository: TestRepository,
  options: {
    base: string;
    env?: Record<string, string>;
    variables?: Record<string, string>;
    /** What happens in the world before each job. */
    beforeJob?: () => Promise<void>;
  },
): Promise<PipelineRun> {
  const { base, env = mergeRequest } = options;
  // The job that generates has the registry's variables as well: it asks for what is published.
  const yaml = await generate(repository, { base, env: { ...registryOf(platform), ...env } });
  const { CI_COMMIT_BRANCH: branch } = env as Record<string, string | undefined>;
  const variables = { ...(branch && { CI_COMMIT_BRANCH: branch }), ...options.variables };
  return await runFile(platform, repository, { ...options, variables, yaml });
}

/** Runs a pipeline that is written already. */
export async function runFile(
  platform: Platform,
  repository: TestRepository,
  options: { yaml: string; variables?: Record<string, string>; beforeJob?: () => Promise<void> },
): Promise<PipelineRun> {
  const { yaml, variables = {}, beforeJob } = options;
  const container = kanikoContainer(platform.tools);
  // Jobs that publish ask their origin which commits the branch has.
  await repository.git('config', 'remote.origin.url', repository.dir);
  const commit = await repository.git('rev-parse', 'HEAD');
  const run = await runPipeline({
    yaml,
    projectDir: repository.dir,
    predefined: { ...platform.variables, CI_COMMIT_SHA: commit, ...variables },
    container: async (request) => {
      await beforeJob?.();
      return await (isToolImage(request.image?.name) ? toolContainer : container)(request);
    },
  });
  return withoutScans(run);
}

/** Scans have what to look at where there was a build, and are not what these tests are about. */
function withoutScans(run: PipelineRun): PipelineRun {
  const statusOf = new Map(run.jobs.map(({ name, status }) => [name, status]));
  const isScan = (name: string) => name.endsWith(':scan');
  for (const { name, status, log } of run.jobs.filter((job) => isScan(job.name))) {
    const first =
      statusOf.get(name.replace(/scan$/, 'build')) ?? statusOf.get(name.replace(/scan$/, 'reuse'));
    if (status !== (first === 'success' ? 'success' : 'skipped'))
      throw new Error(`${name} is ${status}:\n${log}`);
  }
  return { ...run, jobs: run.jobs.filter(({ name }) => !isScan(name)) };
}

function registryOf({ variables }: Platform): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith('CI_REGISTRY')));
}

/** Pushes an image with a shell and a few commands, as `<repository>:1`. */
export async function seedBusybox(
  registry: Registry,
  { busybox, repository }: { busybox: string; repository: string },
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'seed-'));
  try {
    await mkdir(join(directory, 'bin'));
    await cp(busybox, join(directory, 'bin/busybox'));
    for (const command of ['sh', 'cat', 'cp', 'ls', 'mkdir', 'rm'])
      await symlink('busybox', join(directory, 'bin', command));
    await seedImage(registry, { repository, tag: '1', directory });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
