import { type CiFile, type CiMap, CiPlain, type CiValue, isCiMap } from '../pipeline/ci-yaml.ts';
import { imageOfStep, NO_OP_JOB } from '../pipeline/job-names.ts';
import { inheritedValue } from '../pipeline/merge.ts';
import type { Templates } from '../pipeline/templates.ts';

/**
 * Why the success of a child pipeline does not mean that all its images are built and published; `undefined` where it does.
 * Builds, and jobs that move tags, count with what they inherit from the hidden jobs they extend: they must run, and their
 * failure be the pipeline's.
 */
export function whyNoProof(file: CiFile): string | undefined {
  const jobs = file.entries.flatMap(({ key, value }) =>
    isCiMap(value) ? [{ name: key, definition: value }] : [],
  );
  const templates: Templates = new Map(jobs.map((job) => [job.name, { ...job, file: file.file }]));
  const builds = jobs.filter(({ name }) => imageOfStep(name) !== undefined);
  if (builds.length === 0 && !templates.has(NO_OP_JOB)) return 'it has no job that builds an image';
  return builds.map((build) => doubtOf(build, templates)).find((doubt) => doubt !== undefined);
}

function doubtOf(
  { name, definition }: { name: string; definition: CiMap },
  templates: Templates,
): string | undefined {
  const value = (key: string) => inheritedValue(definition, key, templates);
  if (mayFail(value('allow_failure'))) return `${name} may fail (allow_failure)`;
  if (!RUNS.has(text(value('when')))) return `${name} may not run (when)`;
  const limited = ['only', 'except'].find((key) => value(key) !== undefined);
  if (limited !== undefined) return `${name} may be left out (${limited})`;
  const rules = value('rules');
  return rules === undefined || isSure(rules) ? undefined : `${name} may be left out, wait or fail (rules)`;
}

/** The first rule applies always, and lets the job run and its failure count. */
function isSure(rules: CiValue): boolean {
  const [first] = Array.isArray(rules) ? (rules as readonly CiValue[]) : [];
  if (!isCiMap(first) || mayFail(first['allow_failure'])) return false;
  return RUNS.has(text(first['when'])) && CONDITIONS.every((condition) => first[condition] === undefined);
}

const CONDITIONS = ['if', 'changes', 'exists'];
const RUNS = new Set<string | undefined>([undefined, 'on_success', 'always']);

function mayFail(value: CiValue | undefined): boolean {
  return value !== undefined && text(value) !== 'false';
}

/** Anything but a word is no value that is known to be harmless. */
function text(value: CiValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return value instanceof CiPlain ? value.text : 'something else';
}
