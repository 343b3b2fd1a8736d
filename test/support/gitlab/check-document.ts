import { globalKeys } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import type { Finding } from './finding.ts';
import { measure } from './memory.ts';
import { asString, isList, isMapping } from './value.ts';

interface DocumentCheck {
  readonly yaml: string;
  readonly configuration: Configuration | undefined;
  readonly tier: keyof typeof maxJobs | undefined;
}

/** gitlab.com, jobs in one pipeline. Source: doc/user/gitlab_com. */
const maxJobs = { free: 500, premium: 1500, ultimate: 2000 };

/** Sizes: doc/administration/cicd/limits.md. */
const maxMemory = 2 * 1024 * 1024;
const maxDepth = 100;
const maxArtifact = 5 * 1024 * 1024;

/** Checks the file as a whole: its size, its stages, and that a job is left to run. */
export function checkDocument({ yaml, configuration, tier }: DocumentCheck): Finding[] {
  const size = checkSize(yaml);
  if (configuration === undefined) return size;
  const findings = [
    ...size,
    ...checkExtent(configuration),
    ...checkStages(configuration),
    ...checkNames(configuration),
  ];
  const count = configuration.jobs.size;
  if (tier !== undefined && count > maxJobs[tier]) {
    findings.push({
      code: 'too-many-jobs',
      message: `${count} jobs; ${tier} allows ${maxJobs[tier]} in a pipeline.`,
    });
  }
  return [...findings, ...checkEmpty(configuration)];
}

function checkSize(yaml: string): Finding[] {
  const bytes = Buffer.byteLength(yaml);
  if (bytes <= maxArtifact) return [];
  return [
    { code: 'artifact-too-large', message: `The file has ${bytes} bytes; a trigger reads ${maxArtifact}.` },
  ];
}

function checkExtent({ loaded }: Configuration): Finding[] {
  const { bytes, depth } = measure(loaded);
  const findings: Finding[] = [];
  if (bytes > maxMemory) {
    findings.push({
      code: 'yaml-too-large',
      message: `The file takes about ${bytes} bytes of memory; ${maxMemory} are allowed.`,
    });
  }
  if (depth > maxDepth)
    findings.push({ code: 'yaml-too-deep', message: `${depth} levels; ${maxDepth} are allowed.` });
  return findings;
}

function checkStages({ merged }: Configuration): Finding[] {
  const stages = merged.get('stages');
  if (stages === undefined) return [];
  if (!isList(stages) || stages.some((stage) => asString(stage) === undefined)) {
    return [{ code: 'stages-invalid', message: 'stages must be a list of strings.' }];
  }
  return stages.length > 0 ? [] : [{ code: 'stages-empty', message: 'stages is empty.' }];
}

/** Source of the names: doc/ci/jobs (unavailable job names); `pages` publishes a site. */
function checkNames({ merged, jobs }: Configuration): Finding[] {
  const reserved = [...merged]
    .filter(
      ([key, value]) =>
        globalKeys.has(key) && isMapping(value) && (value.has('script') || value.has('trigger')),
    )
    .map(([key]) => key);
  if (jobs.has('pages')) reserved.push('pages');
  return reserved.map((job) => ({
    code: 'job-name-reserved',
    job,
    message: `${job} is a keyword, no name for a job.`,
  }));
}

function checkEmpty({ jobs, hidden }: Configuration): Finding[] {
  if (jobs.size === 0) {
    return hidden.size === 0
      ? [{ code: 'pipeline-empty', message: 'There is no job.' }]
      : [{ code: 'pipeline-hidden-jobs-only', message: 'There are only hidden jobs.' }];
  }
  const isEdge = [...jobs.values()].every(({ stage }) => stage === '.pre' || stage === '.post');
  if (!isEdge) return [];
  return [
    {
      code: 'pipeline-edge-stages-only',
      message: 'There are only jobs in .pre and .post: nothing would run.',
    },
  ];
}
