import { AffectedError } from '../errors.ts';
import { type CiMap, type CiReference, type CiValue, isCiMap, namesIn, referencesIn } from './ci-yaml.ts';
import { needName } from './own-needs.ts';
import { JOB_NAME_LENGTH, type Limits } from './limits.ts';
import { inheritedValue } from './merge.ts';
import type { Templates } from './templates.ts';

/** A job of the finished pipeline; `file` is where a person would mend it. */
export interface FinishedJob {
  name: string;
  definition: CiMap;
  file: string;
}

/**
 * Refuses what GitLab would: one such job and it creates none of the pipeline.
 *
 * @throws AffectedError `invalid-job` naming the file and the job.
 */
export function checkJobs(
  jobs: readonly FinishedJob[],
  { templates, limits }: { templates: Templates; limits: Limits },
): void {
  const names = new Set(jobs.map(({ name }) => name));
  const sound = new Set<string>();
  for (const job of jobs) {
    const found = [
      ...extended(job, { templates, sound }),
      ...content(job, templates),
      ...needs(job, names, limits),
    ];
    if (found[0] !== undefined) throw refusal(job, found[0]);
  }
  checkCycles(jobs);
}

function refusal({ file, name }: FinishedJob, problem: string): AffectedError {
  return new AffectedError(
    'invalid-job',
    `${file}: the job "${name}" ${problem}; GitLab would refuse the whole pipeline`,
  );
}

/**
 * What a job extends and refers to exists, and no template comes back to itself. `sound`: templates in which, and in what
 * they extend, nothing was found.
 */
function* extended(
  { definition }: FinishedJob,
  { templates, sound }: { templates: Templates; sound: Set<string> },
): Generator<string> {
  const queue: { job: CiMap; path: readonly string[] }[] = [{ job: definition, path: [] }];
  for (const { job, path } of queue) {
    for (const name of namesIn(job['extends'])) {
      if (sound.has(name)) continue;
      const template = templates.get(name);
      if (!template) yield `extends "${name}", which is defined neither in its file nor in ci-templates/`;
      else if (path.includes(name)) yield `extends "${name}", which extends itself`;
      else queue.push({ job: template.definition, path: [...path, name] });
    }
    for (const reference of referencesIn(job)) {
      if (!leadsSomewhere(reference, templates))
        yield `uses !reference [${reference.path.join(', ')}], which leads nowhere`;
    }
  }
  for (const name of queue.flatMap(({ path }) => path)) sound.add(name);
}

function leadsSomewhere({ path: [name = '', ...keys] }: CiReference, templates: Templates): boolean {
  const target = keys.reduce<CiValue | undefined>(
    (value, key) => (isCiMap(value) ? value[key] : undefined),
    templates.get(name)?.definition,
  );
  return target !== undefined;
}

function* content({ definition }: FinishedJob, templates: Templates): Generator<string> {
  const value = (key: string) => inheritedValue(definition, key, templates);
  if (!['script', 'trigger', 'run'].some((key) => value(key) !== undefined)) yield 'has no script';
  for (const key of ['before_script', 'script', 'after_script']) {
    if (!isScript(value(key)))
      yield `has a line in "${key}" that YAML reads as a mapping; put the line in quotes`;
  }
  const stage = value('stage');
  if (stage !== undefined && typeof stage !== 'string') yield 'has a stage that is no name; put it in quotes';
  if (value('rules') !== undefined && (value('only') ?? value('except')) !== undefined) {
    yield 'has "only" or "except", which do not go with the "rules" it also has';
  }
}

function isScript(value: CiValue | undefined): boolean {
  if (Array.isArray(value)) return value.every((line: CiValue) => isScript(line));
  return !isCiMap(value);
}

function* needs(
  { name, definition }: FinishedJob,
  names: ReadonlySet<string>,
  limits: Limits,
): Generator<string> {
  const needed = neededNames(definition);
  const absent = needed.find((need) => !names.has(need));
  if (absent !== undefined) yield `needs "${absent}", which this pipeline does not have`;
  const twice = needed.find((need, index) => needed.indexOf(need) !== index);
  if (twice !== undefined) yield `needs "${twice}" twice`;
  if (needed.length > limits.needs) yield `has ${needed.length} needs, of ${limits.needs} allowed`;
  if (name.length > JOB_NAME_LENGTH)
    yield `has a name of ${name.length} characters, of ${JOB_NAME_LENGTH} allowed`;
}

/** The jobs of this pipeline that a job needs; those of other pipelines are left out. */
function neededNames(definition: CiMap): readonly string[] {
  const list = Array.isArray(definition['needs']) ? (definition['needs'] as readonly CiValue[]) : [];
  return list
    .filter((need) => !isCiMap(need) || !('pipeline' in need || 'project' in need))
    .map(needName)
    .filter((need) => need !== undefined);
}

function checkCycles(jobs: readonly FinishedJob[]): void {
  const waiting = new Map(
    jobs.map((job) => [job.name, { job, needs: new Set(neededNames(job.definition)) }]),
  );
  for (let progress = true; progress;) {
    progress = false;
    for (const [name, { needs: left }] of waiting) {
      if ([...left].some((need) => waiting.has(need))) continue;
      waiting.delete(name);
      progress = true;
    }
  }
  const [stuck] = waiting.values();
  if (stuck) throw refusal(stuck.job, 'needs itself through the jobs it needs');
}
