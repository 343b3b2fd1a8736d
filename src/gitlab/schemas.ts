import * as z from 'zod/mini';

// Only what is used, as GitLab documents it (doc/api/pipelines.md, doc/api/jobs.md); statuses may become more.
const id = z.int().check(z.positive());

const pipeline = z.object({
  id,
  sha: z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)),
  status: z.string(),
  /** What started it, such as `push`; older versions do not tell. */
  source: z.optional(z.nullable(z.string())),
});

const triggerJob = z.object({
  name: z.string(),
  status: z.string(),
  /** It belongs to a pipeline of a tag, which may have the name of the branch. */
  tag: z.optional(z.nullable(z.boolean())),
  /** None as long as the job has started no pipeline. */
  downstream_pipeline: z.optional(
    z.nullable(z.object({ id, project_id: z.optional(id), status: z.string() })),
  ),
});

const job = z.object({ id, name: z.string(), status: z.string() });

export const pipelineList = z.array(pipeline);
export const triggerJobList = z.array(triggerJob);
export const jobList = z.array(job);

export type Pipeline = z.infer<typeof pipeline>;
export type TriggerJob = z.infer<typeof triggerJob>;
export type Job = z.infer<typeof job>;
