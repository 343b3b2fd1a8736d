import { AffectedError } from '../errors.ts';
import type { Image } from '../images/image.ts';
import { buildJobName } from './build-job.ts';
import {
  type CiFile,
  type CiMap,
  CiReference,
  type CiValue,
  ciYamlError,
  isCiMap,
  mapReferences,
  namesIn,
} from './ci-yaml.ts';

/** An image's own jobs, made ready to join the child pipeline: names prefixed, `needs` on its build added. */
export interface ImageJobs {
  /** Merged over the generated build job. */
  build: CiMap | undefined;
  jobs: readonly { name: string; definition: CiMap; line: number }[];
  /** Hidden jobs of the file, prefixed so that two images' helpers never meet. */
  hidden: readonly { name: string; definition: CiMap }[];
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
 * Reads the jobs in an image's `.gitlab-ci.yml`. `variables` at the top level become each job's own.
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
    if (key === 'variables') variables = value;
    else jobs.set(key, { definition: value, line, column });
  }
  const rename = (name: string) => (jobs.has(name) ? prefix(name) : name);
  const ready = [...jobs].map(([name, { definition, line, column }]) => ({
    name,
    line,
    definition: adapt({ name, definition, variables, rename, image, file: file.file, line, column, jobs }),
  }));
  return {
    file: file.file,
    build: ready.find(({ name }) => name === 'build')?.definition,
    jobs: ready
      .filter(({ name }) => name !== 'build' && !name.startsWith('.'))
      .map(({ name, definition, line }) => ({ name: prefix(name), definition, line })),
    hidden: ready
      .filter(({ name }) => name.startsWith('.'))
      .map(({ name, definition }) => ({ name: prefix(name), definition })),
  };
}

function adapt(options: {
  name: string;
  definition: CiMap;
  variables: CiMap;
  rename: (name: string) => string;
  image: Image;
  file: string;
  line: number;
  column: number;
  jobs: ReadonlyMap<string, unknown>;
}): CiMap {
  const { name, variables, rename, image } = options;
  const job: Record<string, CiValue> = {
    ...(mapReferences(options.definition, ({ path }) => {
      const [target = '', ...keys] = path;
      return new CiReference([rename(target), ...keys]);
    }) as CiMap),
  };
  const extended = namesIn(job['extends']).map(rename);
  if (extended.length > 0) job['extends'] = extended.length === 1 ? (extended[0] as string) : extended;
  if (name.startsWith('.')) return job;
  const own = job['variables'];
  if (Object.keys(variables).length > 0) job['variables'] = { ...variables, ...(isCiMap(own) ? own : {}) };
  if (Array.isArray(job['dependencies'])) job['dependencies'] = namesIn(job['dependencies']).map(rename);
  const needs = neededJobs(options, job['needs']);
  if (name === 'build') {
    if (needs.length > 0) job['needs'] = needs;
    return job;
  }
  const build = buildJobName(image.name);
  job['needs'] = needs.some((need) => needName(need) === build) ? needs : [build, ...needs];
  return job;
}

function neededJobs(
  options: {
    file: string;
    line: number;
    column: number;
    jobs: ReadonlyMap<string, unknown>;
    rename: (name: string) => string;
    image: Image;
  },
  needs: CiValue | undefined,
): CiValue[] {
  if (!Array.isArray(needs)) return [];
  return needs.map((need: CiValue) => {
    const name = needName(need);
    // needs:pipeline and needs:project name jobs elsewhere.
    if (name === undefined || (isCiMap(need) && ('pipeline' in need || 'project' in need))) return need;
    if (name !== 'build' && !options.jobs.has(name)) {
      throw ciYamlError(
        options.file,
        { line: options.line, col: options.column },
        `needs "${name}", which this file does not define; need one of its jobs, or "build"`,
      );
    }
    const renamed = name === 'build' ? buildJobName(options.image.name) : options.rename(name);
    return isCiMap(need) ? { ...need, job: renamed } : renamed;
  });
}

function needName(need: CiValue): string | undefined {
  if (typeof need === 'string') return need;
  const job = isCiMap(need) ? need['job'] : undefined;
  return typeof job === 'string' ? job : undefined;
}
