import { AffectedError } from '../errors.ts';
import { type Barrier, BARRIER_TEMPLATE } from './barriers.ts';
import { type BuildJob, jobPaths } from './build-job.ts';
import { type CiMap, type CiValue, namesIn } from './ci-yaml.ts';
import { data, numbered } from './data-variables.ts';
import { withOwnRules } from './job-rules.ts';
import type { ImageLabels } from './labels.ts';
import { mergeJobs } from './merge.ts';
import { runnerKeywords, runnerVariables } from './runner-keywords.ts';

/** The build job in GitLab's words: the template does the work, the job brings data only, as variables. */
export function buildDefinition(build: BuildJob): CiMap {
  const { context, dockerfile } = jobPaths(build.image);
  const { target, runner = {} } = build.image;
  return {
    extends: build.template,
    stage: 'build',
    ...runnerKeywords(runner),
    needs: [...build.needs],
    variables: {
      ...runnerVariables(runner),
      AFFECTED_IMAGE: build.image.name,
      AFFECTED_CONTEXT: data(context),
      AFFECTED_DOCKERFILE: data(dockerfile),
      ...(target === undefined ? {} : { AFFECTED_TARGET: data(target) }),
      ...numbered(
        'AFFECTED_BUILD_ARG',
        build.buildArgs.map(({ name, value, expand }) =>
          expand ? `${name}=${value}` : data(`${name}=${value}`),
        ),
      ),
      ...numbered(
        'AFFECTED_BASE',
        build.handovers.map(({ line, column, variable, word }) =>
          data(`${line}:${column}:${variable}:${word}`),
        ),
      ),
      ...Object.fromEntries(
        build.handovers.flatMap(({ variable, published }) => (published ? [[variable, published]] : [])),
      ),
      ...labelVariables(build.labels),
      ...numbered('AFFECTED_DESTINATION', build.destinations),
      AFFECTED_REPOSITORY: build.repository,
      AFFECTED_HANDOVER: build.variable,
      ...(build.fresh ? { AFFECTED_FRESH: 'true' } : {}),
    },
  };
}

function labelVariables({ known, base, isBase, own }: ImageLabels): CiMap {
  return {
    ...numbered(
      'AFFECTED_LABEL',
      Object.entries(known).map(([name, value]) => `${name}=${value}`),
    ),
    ...(base === undefined ? {} : { AFFECTED_BASE_HANDOVER: base }),
    ...(isBase ? { AFFECTED_IS_BASE: 'true' } : {}),
    ...(own.length === 0 ? {} : { AFFECTED_OWN_LABELS: own.join(' ') }),
  };
}

/** A barrier in GitLab's words: what it hands on are names we made, which no shell can take for something else. */
export function barrierDefinition({ needs, variables, stage }: Barrier): CiMap {
  return {
    extends: BARRIER_TEMPLATE,
    stage,
    needs: [...needs],
    variables: { AFFECTED_HANDOVERS: variables.join(' ') },
  };
}

/**
 * The user's `build` job over the generated one; the needs on base images stay whatever it says.
 *
 * @param options.builds all builds of the pipeline: none of those that need this one may be left without it.
 */
export function mergeBuild(options: {
  build: BuildJob;
  own: CiMap;
  file: string;
  builds: readonly BuildJob[];
}): CiMap {
  const { build, own, file, builds } = options;
  const generated = buildDefinition(build);
  if (own['stage'] !== undefined && own['stage'] !== 'build') {
    throw new AffectedError(
      'image-ci',
      `${file}: the job "build" must stay in the stage "build", which other images' builds wait for`,
    );
  }
  const dependent =
    own['rules'] === undefined ? undefined : builds.find((other) => waitsFor(other, build.name));
  if (dependent) {
    throw new AffectedError(
      'image-ci',
      `${file}: the job "build" has "rules" that may leave it out, but "${dependent.image.name}" is built from it; remove the rules`,
    );
  }
  const needs = [generated['needs'], own['needs']].flatMap((list) =>
    Array.isArray(list) ? (list as CiValue[]) : [],
  );
  const templates = [...namesIn(generated['extends']), ...namesIn(own['extends'])];
  const merged = mergeJobs(generated, {
    ...own,
    extends: templates.length === 1 ? (templates[0] as string) : templates,
  });
  // The template's rules would count more than a bare `when`.
  return own['when'] !== undefined && own['rules'] === undefined
    ? withOwnRules({ ...merged, needs })
    : { ...merged, needs };
}

function waitsFor({ needs, barriers }: BuildJob, job: string): boolean {
  return needs.includes(job) || barriers.some((barrier) => barrier.needs.includes(job));
}
