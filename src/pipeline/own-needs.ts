import { type CiMap, CiReference, type CiValue, isCiMap } from './ci-yaml.ts';
import { isStep, type Step } from './job-names.ts';
import { inheritedValue } from './merge.ts';

/** The jobs of an image's own file, by the names they have there. */
export type LocalJobs = ReadonlyMap<string, { definition: CiMap; line: number; column: number }>;

/** The jobs that are generated for an image in this pipeline. */
export interface PlannedSteps {
  steps: ReadonlySet<Step>;
  /** Those that some pipeline has: their names are no own job's. */
  reserved: ReadonlySet<Step>;
  /** Whether the image was verified before, so that its own jobs need not run again. */
  isVerified: boolean;
}

/** Whether a name in the image's file means a generated job. */
export function isGenerated(name: string, { reserved }: PlannedSteps): name is Step {
  return isStep(name) && reserved.has(name);
}

/** What all else waits for: the build, or what stands in its place. */
export function startOf(steps: ReadonlySet<Step>): Step | undefined {
  return (['build', 'reuse', 'publish'] as const).find((step) => steps.has(step));
}

/** Which of the file's jobs this pipeline has. */
export function isPlanned(
  jobs: LocalJobs,
  { first, planned }: { first: ReadonlySet<string>; planned: PlannedSteps },
): (name: string) => boolean {
  const { steps, isVerified } = planned;
  const reaches = (name: string, wanted: string, seen = new Set<string>()): boolean => {
    if (name === wanted) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    const needs = writtenNeeds(name, jobs);
    return (Array.isArray(needs) ? (needs as readonly CiValue[]) : []).some((need) => {
      const needed = needName(need);
      return needed !== undefined && reaches(needed, wanted, seen);
    });
  };
  return (name) => {
    if (name.startsWith('.')) return true;
    if (isGenerated(name, planned)) return steps.has(name);
    if (first.has(name)) return steps.has('build');
    return reaches(name, 'publish') ? steps.has('publish') : !isVerified;
  };
}

/** The `needs` a job has in its file: its own, those of a hidden job it extends, or what a `!reference` names. */
export function writtenNeeds(name: string, jobs: LocalJobs): CiValue | undefined {
  const templates = new Map(
    [...jobs].map(([job, { definition }]) => [job, { name: job, file: '', definition }] as const),
  );
  const needs = inheritedValue(jobs.get(name)?.definition ?? {}, 'needs', templates);
  if (!(needs instanceof CiReference)) return needs;
  const [target = '', ...keys] = needs.path;
  return keys.reduce<CiValue | undefined>(
    (value, key) => (isCiMap(value) ? value[key] : undefined),
    jobs.get(target)?.definition,
  );
}

/** The build, and the jobs it needs: none of them can wait for it. */
export function neededByBuild(jobs: LocalJobs): ReadonlySet<string> {
  const first = new Set(['build']);
  for (const name of first) {
    const needs = writtenNeeds(name, jobs);
    for (const need of Array.isArray(needs) ? (needs as readonly CiValue[]) : []) {
      const needed = needName(need);
      if (needed !== undefined && jobs.has(needed)) first.add(needed);
    }
  }
  return first;
}

/** The job a need names; undefined where it names none. */
export function needName(need: CiValue): string | undefined {
  if (typeof need === 'string') return need;
  const job = isCiMap(need) ? need['job'] : undefined;
  return typeof job === 'string' ? job : undefined;
}
