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
import { buildJobName } from './job-names.ts';
import { inheritedValue } from './merge.ts';

/** An image's own jobs, made ready to join the child pipeline: names prefixed, `needs` on its build added. */
export interface ImageJobs {
  /** Merged over the generated build job. */
  build: CiMap | undefined;
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
 * @throws AffectedError `image-ci` with file, line and column for any other top-level keyword, and for `needs` of a
 *   job the file does not define.
 */
export function imageJobs(image: Image, file: CiFile): ImageJobs {
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
  const rename = (name: string) => (jobs.has(name) ? prefix(name) : name);
  const first = neededByBuild(jobs);
  const ready = [...jobs].map(([name, job]) => {
    const needs = first.has(name) ? (writtenNeeds(name, jobs) ?? []) : writtenNeeds(name, jobs);
    const at = `${file.file}:${job.line}:${job.column}`;
    return {
      name,
      ordered: needs === undefined,
      definition: adapt({ name, needs, rename, image, at, jobs, first }),
    };
  });
  return {
    file: file.file,
    variables,
    build: ready.find(({ name }) => name === 'build')?.definition,
    jobs: ready
      .filter(({ name }) => name !== 'build' && !name.startsWith('.'))
      .map(({ name, definition, ordered }) => ({ name: prefix(name), definition, ordered })),
    hidden: ready
      .filter(({ name }) => name.startsWith('.'))
      .map(({ name, definition }) => ({ name: prefix(name), definition })),
  };
}

type LocalJobs = ReadonlyMap<string, { definition: CiMap; line: number; column: number }>;

/** In a job, GitLab takes the value and `expand` of a variable, but no description or options. */
function jobVariables(variables: CiMap): CiMap {
  const entries = Object.entries(variables).map(([name, value]): [string, CiValue] => {
    if (!isCiMap(value) || value['value'] === undefined) return [name, value];
    const { value: text, expand } = value;
    return [name, expand === undefined ? text : { value: text, expand }];
  });
  return Object.fromEntries(entries);
}

/** The `needs` a job has in its file: its own, those of a hidden job it extends, or what a `!reference` names. */
function writtenNeeds(name: string, jobs: LocalJobs): CiValue | undefined {
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
function neededByBuild(jobs: LocalJobs): ReadonlySet<string> {
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

function adapt(options: {
  name: string;
  needs: CiValue | undefined;
  rename: (name: string) => string;
  image: Image;
  at: string;
  jobs: LocalJobs;
  first: ReadonlySet<string>;
}): CiMap {
  const { name, rename, image } = options;
  const job: Record<string, CiValue> = {
    ...(mapReferences(options.jobs.get(name)?.definition ?? {}, ({ path }) => {
      const [target = '', ...keys] = path;
      return new CiReference([rename(target), ...keys]);
    }) as CiMap),
  };
  const extended = namesIn(job['extends']).map(rename);
  if (extended.length > 0) job['extends'] = extended.length === 1 ? (extended[0] as string) : extended;
  if (name.startsWith('.')) return job;
  const dependencies = namesIn(job['dependencies']).map(rename);
  if (Array.isArray(job['dependencies'])) job['dependencies'] = dependencies;
  const needs = neededJobs(options);
  const named = new Set(needs.map(needName));
  const build = buildJobName(image.name);
  const missing = [...(options.first.has(name) ? [] : [build]), ...dependencies].filter(
    (need) => !named.has(need),
  );
  const all = [...new Set(missing), ...needs];
  if (all.length > 0) job['needs'] = all;
  return job;
}

function neededJobs(options: {
  needs: CiValue | undefined;
  rename: (name: string) => string;
  image: Image;
  at: string;
  jobs: LocalJobs;
}): CiValue[] {
  const { needs = [], at } = options;
  if (!Array.isArray(needs))
    throw new AffectedError('image-ci', `${at}: "needs" is a list of jobs; write it out here`);
  return needs.map((need: CiValue) => {
    if (need instanceof CiReference) {
      throw new AffectedError(
        'image-ci',
        `${at}: a !reference inside of "needs" can't be followed; write the jobs out`,
      );
    }
    const name = needName(need);
    // needs:pipeline and needs:project name jobs elsewhere.
    if (name === undefined || (isCiMap(need) && ('pipeline' in need || 'project' in need))) return need;
    if (name !== 'build' && !options.jobs.has(name)) {
      throw new AffectedError(
        'image-ci',
        `${at}: needs "${name}", which this file does not define; need one of its jobs, or "build"`,
      );
    }
    const renamed = name === 'build' ? buildJobName(options.image.name) : options.rename(name);
    return isCiMap(need) ? { ...need, job: renamed } : renamed;
  });
}

/** The job a need names; undefined where it names none. */
export function needName(need: CiValue): string | undefined {
  if (typeof need === 'string') return need;
  const job = isCiMap(need) ? need['job'] : undefined;
  return typeof job === 'string' ? job : undefined;
}
