import { checkDocument } from './check-document.ts';
import { checkJob } from './check-job.ts';
import { checkNeeds } from './check-needs.ts';
import { checkJobRules, checkWorkflow } from './check-rules.ts';
import { checkVariables } from './check-variables.ts';
import { readConfiguration } from './configuration.ts';
import type { Finding } from './finding.ts';

export interface CheckOptions {
  /** Where the pipeline runs: what its rules can be true for, and which defaults apply. Default: `root`. */
  readonly context?: PipelineContext;
  /** Of gitlab.com, for the number of jobs in a pipeline. Default: no limit, as on a server of one's own. */
  readonly tier?: 'free' | 'premium' | 'ultimate';
}

export type PipelineContext = 'child-of-merge-request' | 'child' | 'root';

/**
 * Finds what GitLab would refuse, or silently not do, beyond what its JSON Schema catches. An empty list means that
 * GitLab creates the pipeline with every job the file has, as far as that can be told without running it.
 */
export function checkPipeline(yaml: string, options: CheckOptions = {}): Finding[] {
  const { context = 'root', tier } = options;
  const { configuration, findings } = readConfiguration(yaml);
  const document = checkDocument({ yaml, configuration, tier });
  if (configuration === undefined) return [...findings, ...document];
  const jobs = [...configuration.jobs.values()];
  return [
    ...findings,
    ...document,
    ...checkWorkflow(configuration, context),
    ...checkVariables(configuration),
    ...jobs.flatMap((job) => checkJob(job, configuration)),
    ...jobs.flatMap((job) => checkJobRules({ job, configuration, context })),
    ...checkNeeds(configuration),
  ];
}
