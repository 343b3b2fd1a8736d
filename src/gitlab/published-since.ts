import { imageOfStep } from '../pipeline/job-names.ts';
import type { Answer } from '../http/answer.ts';
import type { GitLab } from './api.ts';
import type { PublishedImage } from './built-commit.ts';
import { childOutcome } from './child-outcome.ts';
import type { Job, Pipeline } from './schemas.ts';

/**
 * The images that pipelines may have published after another one had built all: from a commit that was taken back since,
 * or that a forced push took away. No difference between commits tells of them.
 */
export async function publishedSince(options: {
  api: GitLab;
  projectId: string | number;
  pipelines: readonly Pipeline[];
}): Promise<Answer<readonly PublishedImage[]>> {
  const published: PublishedImage[] = [];
  for (const { id, sha } of options.pipelines) {
    const images = await publishedBy({ ...options, pipeline: id });
    if (!images.ok) return images;
    published.push(...images.value.map((image) => ({ image, pipeline: id, commit: sha })));
  }
  return { ok: true, value: published };
}

async function publishedBy(options: {
  api: GitLab;
  projectId: string | number;
  pipeline: number;
}): Promise<Answer<readonly string[]>> {
  const { api, projectId } = options;
  const triggers = await api.triggerJobs(options);
  if (!triggers.ok) return triggers.status === 404 ? { ok: true, value: [] } : triggers;
  const images: string[] = [];
  for (const { downstream_pipeline: child, tag } of triggers.value) {
    // A tag's pipeline publishes under other tags; a child of ours belongs to the project of its parent.
    if (tag || !child || (child.project_id ?? projectId).toString() !== projectId.toString()) continue;
    const jobs = await api.jobs({ projectId, pipeline: child.id });
    if (!jobs.ok && jobs.status !== 404) return jobs;
    if (!jobs.ok) continue;
    images.push(...begunBuilds(jobs.value));
    if (childOutcome(jobs.value).kind !== 'waves') continue;
    const waves = await publishedBy({ api, projectId, pipeline: child.id });
    if (!waves.ok) return waves;
    images.push(...waves.value);
  }
  return { ok: true, value: images };
}

/** A job that failed may have pushed one tag of several, or pushed and then lost its runner. */
function begunBuilds(jobs: readonly Job[]): readonly string[] {
  if (childOutcome(jobs).kind === 'foreign') return [];
  // What has begun to be built may be published any time.
  const begun = jobs.filter(({ status }) => !NOT_BEGUN.has(status));
  return [...new Set(begun.flatMap(({ name }) => imageOfStep(name) ?? []))];
}

const NOT_BEGUN = new Set(['created', 'skipped', 'manual']);
