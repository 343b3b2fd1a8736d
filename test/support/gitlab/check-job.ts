import type { Configuration } from './configuration.ts';
import type { Finding } from './finding.ts';
import type { Job } from './job.ts';

/** Checks what a job is made of: its name, what it runs, its stage and its tags. */
export function checkJob(job: Job, configuration: Configuration): Finding[] {
  return [...checkName(job), ...checkAction(job), ...checkStage(job, configuration), ...checkTags(job)];
}

/** Source: lib/gitlab/ci/config/entry/processable.rb. */
const maxNameLength = 255;

/** Tags must stay below it. Source: doc/ci/yaml, `tags`. */
const maxTags = 50;

/** Source: lib/gitlab/ci/config/entry/bridge.rb and processable.rb. */
const triggerKeys: ReadonlySet<string> = new Set([
  'allow_failure',
  'environment',
  'except',
  'extends',
  'inherit',
  'interruptible',
  'needs',
  'only',
  'parallel',
  'resource_group',
  'rules',
  'stage',
  'trigger',
  'variables',
  'when',
]);

function checkName({ name: job }: Job): Finding[] {
  const length = [...job].length;
  if (length > 0 && length <= maxNameLength) return [];
  return [
    {
      code: 'job-name-too-long',
      job,
      message: `A name has 1 to ${maxNameLength} characters; this one ${length}.`,
    },
  ];
}

function checkAction({ name: job, body, script, trigger }: Job): Finding[] {
  if (trigger !== undefined) {
    const others = [...body.keys()].filter((key) => !triggerKeys.has(key));
    if (others.length === 0) return [];
    return [
      { code: 'trigger-with-job-keys', job, message: `${job}: a trigger takes no ${others.join(', ')}.` },
    ];
  }
  if (script.length > 0 || body.has('run')) return [];
  return [
    {
      code: 'job-without-script',
      job,
      message: `${job} config should implement the script:, run:, or trigger: keyword`,
    },
  ];
}

function checkStage({ name: job, stage }: Job, { stages }: Configuration): Finding[] {
  const hasNone = stages.length === 2;
  if (hasNone || stages.includes(stage)) return [];
  const message = `${job} job: chosen stage ${stage} does not exist; available stages are ${stages.join(', ')}`;
  return [{ code: 'stage-unknown', job, message }];
}

function checkTags({ name: job, tags }: Job): Finding[] {
  if (tags.length < maxTags) return [];
  return [
    {
      code: 'too-many-tags',
      job,
      message: `${job}: ${tags.length} tags; there must be less than ${maxTags}.`,
    },
  ];
}
