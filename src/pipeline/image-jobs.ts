import { AffectedError } from '../errors.ts';
import type { Image } from '../images/image.ts';
import {
  type CiFile,
  type CiMap,
  CiReference,
  type CiValue,
  isCiMap,
  mapReferences,
  namesIn,
} from './ci-yaml.ts';
import { type Step, stepJobName } from './job-names.ts';
import {
  isGenerated,
  isPlanned,
  type LocalJobs,
  neededByBuild,
  needName,
  type PlannedSteps,
  startOf,
  writtenNeeds,
} from './own-needs.ts';

/** An image's own jobs, made ready to join the child pipeline: names prefixed, `needs` on its build added. */
export interface ImageJobs {
  /** Merged over the generated jobs of these names. */
  steps: ReadonlyMap<Step, CiMap>;
  /** `ordered`: without `needs` of its own, a job waits for the image's jobs of earlier stages. */
  jobs: readonly { name: string; definition: CiMap; ordered: boolean }[];
  /** Hidden jobs of the file, prefixed so that two images' helpers never meet. */
  hidden: readonly { name: string; definition: CiMap }[];
  /** Of the file's top level, without descriptions and options. */
  variables: CiMap;
  file: string;
}

/** Top-level keywords that would change jobs of other images or pull in what this tool can't see. */
const KEYWORDS = new Set([
  'default',
  'include',
  'stages',
  'workflow',
  'spec',
  'image',
  'services',
  'cache',
  'before_script',
  'after_script',
  'pages',
]);

/**
 * Reads the jobs in an image's `.gitlab-ci.yml`.
 *
 * @param planned what the pipeline has of the image. A job that needs `publish` is left out where nothing is published,
 *   every other where the image was verified before.
 * @throws AffectedError `image-ci` with file, line and column for any other top-level keyword, and for `needs` of a
 *   job the file does not define.
 */
export function imageJobs(image: Image, file: CiFile, planned: PlannedSteps): ImageJobs {
  const { steps } = planned;
  const prefix = (name: string) =>
    name.startsWith('.') ? `.${image.name}:${name.slice(1)}` : `${image.name}:${name}`;
  const jobs = new Map<string, { definition: CiMap; line: number; column: number }>();
  let variables: CiMap = {};
  for (const { key, value, line, column } of file.entries) {
    if (KEYWORDS.has(key) || !isCiMap(value)) {
      throw new AffectedError(
        'image-ci',
        `${file.file}:${line}:${column}: "${key}" can't stand here; an image's CI file holds jobs, hidden jobs and "variables" only`,
      );
    }
    if (key === 'variables') variables = jobVariables(value);
    else jobs.set(key, { definition: value, line, column });
  }
  const start = startOf(steps);
  const rename = (name: string) => {
    if (name === 'build' && start !== undefined) return stepJobName(image.name, start);
    if (isGenerated(name, planned)) return stepJobName(image.name, name);
    return jobs.has(name) ? prefix(name) : name;
  };
  checkNames(jobs, { file: file.file, planned });
  const first = neededByBuild(jobs);
  const isHere = isPlanned(jobs, { first, planned });
  const ready = [...jobs]
    .filter(([name]) => isHere(name))
    .map(([name, job]) => {
      const needs = first.has(name) ? (writtenNeeds(name, jobs) ?? []) : writtenNeeds(name, jobs);
      const at = `${file.file}:${job.line}:${job.column}`;
      return {
        name,
        ordered: needs === undefined,
        definition: adapt({ name, needs, rename, image, at, jobs, first, planned, isHere }),
      };
    });
  return {
    file: file.file,
    variables,
    steps: new Map(
      ready.flatMap(({ name, definition }) =>
        isGenerated(name, planned) ? [[name, definition] as const] : [],
      ),
    ),
    jobs: ready
      .filter(({ name }) => !isGenerated(name, planned) && !name.startsWith('.'))
      .map(({ name, definition, ordered }) => ({ name: prefix(name), definition, ordered })),
    hidden: ready
      .filter(({ name }) => name.startsWith('.'))
      .map(({ name, definition }) => ({ name: prefix(name), definition })),
  };
}

/** What stands under the name of a generated job is put over that, and can't be a job of its own. */
function checkNames(jobs: LocalJobs, { file, planned }: { file: string; planned: PlannedSteps }): void {
  for (const [name, { definition, line, column }] of jobs) {
    if (name === 'build' || !isGenerated(name, planned) || definition['script'] === undefined) continue;
    throw new AffectedError(
      'image-ci',
      `${file}:${line}:${column}: "${name}" is the name of a generated job, whose script stands in ci-templates/; give yours another name`,
    );
  }
}

/** In a job, GitLab takes the value and `expand` of a variable, but no description or options. */
function jobVariables(variables: CiMap): CiMap {
  const entries = Object.entries(variables).map(([name, value]): [string, CiValue] => {
    if (!isCiMap(value) || value['value'] === undefined) return [name, value];
    const { value: text, expand } = value;
    return [name, expand === undefined ? text : { value: text, expand }];
  });
  return Object.fromEntries(entries);
}

function adapt(options: {
  name: string;
  needs: CiValue | undefined;
  rename: (name: string) => string;
  image: Image;
  at: string;
  jobs: LocalJobs;
  first: ReadonlySet<string>;
  planned: PlannedSteps;
  isHere: (name: string) => boolean;
}): CiMap {
  const { name, rename, image, planned } = options;
  const job: Record<string, CiValue> = {
    ...(mapReferences(options.jobs.get(name)?.definition ?? {}, ({ path }) => {
      const [target = '', ...keys] = path;
      return new CiReference([rename(target), ...keys]);
    }) as CiMap),
  };
  const extended = namesIn(job['extends']).map(rename);
  if (extended.length > 0) job['extends'] = extended.length === 1 ? (extended[0] as string) : extended;
  if (name.startsWith('.')) return job;
  const start = startOf(planned.steps);
  const dependencies = namesIn(job['dependencies']).map(rename);
  if (Array.isArray(job['dependencies'])) job['dependencies'] = dependencies;
  const needs = neededJobs(options);
  const named = new Set(needs.map(needName));
  const isFirst = options.first.has(name) || isGenerated(name, planned);
  const waitsFor = start === undefined || isFirst ? [] : [start];
  const missing = [...waitsFor.map((step) => stepJobName(image.name, step)), ...dependencies].filter(
    (need) => !named.has(need),
  );
  const all = [...new Set(missing), ...needs];
  if (all.length > 0 || job['needs'] !== undefined) job['needs'] = all;
  return job;
}

function neededJobs(options: {
  needs: CiValue | undefined;
  rename: (name: string) => string;
  image: Image;
  at: string;
  jobs: LocalJobs;
  planned: PlannedSteps;
  isHere: (name: string) => boolean;
}): CiValue[] {
  const { needs = [], at } = options;
  if (!Array.isArray(needs))
    throw new AffectedError('image-ci', `${at}: "needs" is a list of jobs; write it out here`);
  return needs.flatMap((need: CiValue): CiValue[] => {
    if (need instanceof CiReference) {
      throw new AffectedError(
        'image-ci',
        `${at}: a !reference inside of "needs" can't be followed; write the jobs out`,
      );
    }
    const name = needName(need);
    // needs:pipeline and needs:project name jobs elsewhere.
    if (name === undefined || (isCiMap(need) && ('pipeline' in need || 'project' in need))) return [need];
    if (!isGenerated(name, options.planned) && !options.jobs.has(name)) {
      throw new AffectedError(
        'image-ci',
        `${at}: needs "${name}", which this file does not define; need one of its jobs, "build" or "publish"`,
      );
    }
    if (name !== 'build' && !options.isHere(name)) return [];
    const renamed = options.rename(name);
    return [isCiMap(need) ? { ...need, job: renamed } : renamed];
  });
}
