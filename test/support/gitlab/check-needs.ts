import type { Configuration } from './configuration.ts';
import { findCycle } from './cycle.ts';
import type { Finding } from './finding.ts';
import type { Job, Need } from './job.ts';

/** Checks `needs` and `dependencies` over all jobs. Source: lib/gitlab/ci/yaml_processor.rb, lib/gitlab/ci/pipeline/seed/build.rb. */
export function checkNeeds(configuration: Configuration): Finding[] {
  const jobs = [...configuration.jobs.values()];
  const edges = new Map(jobs.map(({ name, needs = [] }) => [name, needs.map((need) => need.job)]));
  const circle = findCycle(edges);
  const message = `The pipeline has circular dependencies: ${circle?.join(' → ') ?? ''}`;
  return [
    ...jobs.flatMap((job) => checkJobNeeds(job, configuration)),
    ...(circle === undefined ? [] : [{ code: 'need-cycle' as const, message }]),
  ];
}

/** Settable on a server of one's own. Source: doc/administration/cicd/limits.md. */
const maxNeeds = 50;

/** Older servers; 255 on newer ones. Source: app/models/ci/build_need.rb. */
const maxNeedNameLength = 128;

function checkJobNeeds(job: Job, configuration: Configuration): Finding[] {
  const { name, needs = [] } = job;
  const findings = needs.flatMap((need) => checkNeed({ job, need, configuration }));
  const names = needs.map((need) => need.job);
  for (const twice of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
    findings.push({
      code: 'need-duplicate',
      job: name,
      message: `${name} has the following needs duplicated: ${twice}.`,
    });
  }
  if (needs.length > maxNeeds) {
    const message = `${name}: one job can only need ${maxNeeds} others, but you have listed ${needs.length}.`;
    findings.push({ code: 'too-many-needs', job: name, message });
  }
  return [...findings, ...checkDependencies(job, configuration)];
}

interface NeedCheck {
  readonly job: Job;
  readonly need: Need;
  readonly configuration: Configuration;
}

function checkNeed({ job, need, configuration }: NeedCheck): Finding[] {
  const { jobs, hidden, stages } = configuration;
  const finding = (code: Finding['code'], problem: string): Finding => ({
    code,
    job: job.name,
    message: `${job.name} job: need ${need.job} ${problem}`,
  });
  const needed = jobs.get(need.job);
  if (hidden.has(need.job)) return [finding('need-hidden', 'is a hidden job')];
  if (needed === undefined) return need.optional ? [] : [finding('need-unknown', 'is undefined')];
  const findings = checkArtifacts(need, needed).map(({ code, problem }) => finding(code, problem));
  if ([...need.job].length > maxNeedNameLength) {
    findings.push(finding('need-name-too-long', `has a name of more than ${maxNeedNameLength} characters`));
  }
  if (stages.indexOf(needed.stage) > stages.indexOf(job.stage)) {
    findings.push(finding('need-later-stage', 'is not defined in current or prior stages'));
  }
  return findings;
}

/** A need that says `artifacts: true` expects something: files, or variables from a dotenv report. */
function checkArtifacts(need: Need, { artifacts }: Job): { code: Finding['code']; problem: string }[] {
  const { paths, dotenv } = artifacts;
  if (need.artifacts !== true || dotenv.length > 0) return [];
  if (paths.length === 0) return [{ code: 'need-without-artifacts', problem: 'has no artifacts to hand on' }];
  if (!paths.some((path) => path.endsWith('.env'))) return [];
  return [
    {
      code: 'dotenv-not-reported',
      problem: 'hands on a .env file that is no `reports: dotenv`: no variable is set',
    },
  ];
}

function checkDependencies(
  { name: job, needs, dependencies = [], stage }: Job,
  { jobs, stages }: Configuration,
): Finding[] {
  return dependencies.flatMap((dependency): Finding[] => {
    const other = jobs.get(dependency);
    if (other === undefined || stages.indexOf(other.stage) > stages.indexOf(stage)) {
      const message = `${job} job: dependency ${dependency} is not defined in current or prior stages`;
      return [{ code: 'dependency-unknown', job, message }];
    }
    if (needs === undefined || needs.some((need) => need.job === dependency)) return [];
    return [
      { code: 'dependency-not-needed', job, message: `${job}: the ${dependency} should be part of needs` },
    ];
  });
}
